"""One connection: frames to `receive`, acknowledgements back in the order of arrival.

No task and no stream per message: the transport calls, futures answer. Reading stops while too
many messages are in work, the door's room is full, or the peer does not read its acknowledgements.
"""

import asyncio
from collections import deque
from typing import Protocol, cast

from gateway.adapters.hl7v2.mllp.room import Room
from gateway.adapters.hl7v2.mllp.settings import (
    MllpPeer,
    MllpSettings,
    Observe,
    Quarantine,
    Receive,
    Watch,
)
from gateway.adapters.hl7v2.mllp.tls import fingerprint_of
from gateway.adapters.hl7v2.mllp_protocol import (
    HEAD_BYTES,
    Event,
    Frame,
    MllpReceiver,
    Oversize,
    Partial,
    Violation,
    framed,
    size_of,
)
from gateway.adapters.turned_away import TurnedAway

Answered = asyncio.Future[bytes | None]


class House(Protocol):
    """What a connection needs of its door."""

    settings: MllpSettings
    receive: Receive
    quarantine: Quarantine | None
    observe: Observe
    away: TurnedAway
    room: Room

    def admit(self, connection: "MllpConnection") -> bool: ...

    def leave(self, connection: "MllpConnection") -> None: ...

    def refusal(self, head: bytes, problem: BaseException | None) -> bytes | None: ...


class MllpConnection(asyncio.Protocol):
    """The transport's callbacks; `loop` is the running loop."""

    def __init__(self, house: House, loop: asyncio.AbstractEventLoop) -> None:
        self._house = house
        self._loop = loop
        self._settings = house.settings
        self._receiver = MllpReceiver(max_frame_bytes=house.settings.max_frame_bytes)
        self._waiting: deque[Event] = deque()
        self._pending: deque[tuple[Answered, bytes, int]] = deque()
        self._in_work = 0
        self._transport: asyncio.Transport | None = None
        self._frame_timer: asyncio.TimerHandle | None = None
        self._write_timer: asyncio.TimerHandle | None = None
        self._heard_at = 0.0
        self._paused = self._unread = self._ending = self._draining = False
        self._told_junk = False
        self.gone: asyncio.Future[None] = loop.create_future()
        self.host = ""
        self.peer = MllpPeer(address="", listener=house.settings.name)

    # What the transport calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is no subclass
        name = transport.get_extra_info("peername") or ("", 0)
        self.host = str(name[0])
        self.peer = MllpPeer(
            address=f"{name[0]}:{name[1]}",
            listener=self._settings.name,
            certificate=fingerprint_of(transport),
        )
        if not self._house.admit(self):
            self._house.observe(Watch.TURNED_AWAY, self.peer, 0)
            self._ending = True
            self._transport.abort()
            return
        self._transport.set_write_buffer_limits(high=self._settings.max_unsent_bytes)
        self._house.observe(Watch.OPENED, self.peer, 0)

    def data_received(self, data: bytes) -> None:
        if self._ending:
            return
        self._heard_at = self._loop.time()
        events = self._receiver.feed(data)
        self._waiting.extend(events)
        self._in_work += sum(size_of(one) for one in events)
        self._count()
        if events or not self._receiver.open:
            self._house.room.pass_on(self)
        if self._receiver.saw_junk and not self._told_junk:
            self._told_junk = True
            self._tell("mllp.junk")
            self._house.observe(Watch.JUNK, self.peer, self._receiver.skipped_bytes)
        self._pump()
        if self._draining:
            self.drain()
        if self._receiver.open and self._frame_timer is None:
            self._watch_frame(self._settings.frame_timeout_seconds)

    def eof_received(self) -> bool:
        """A peer may close its side and still wait for its answers; TLS knows no such half."""
        self._give_up_frame()
        self._ending = True
        self._finish()
        return self._transport is not None and not self._transport.get_extra_info("sslcontext")

    def pause_writing(self) -> None:
        self._unread = True
        self._write_timer = self._loop.call_later(
            self._settings.write_timeout_seconds, self._write_timed_out
        )
        self.look_again()

    def resume_writing(self) -> None:
        self._unread = False
        _cancel(self._write_timer)
        self._pump()

    def connection_lost(self, _problem: Exception | None) -> None:
        """Messages in work go on to the store; their answers have nowhere to go."""
        self._in_work -= sum(size_of(one) for one in self._waiting)
        self._waiting.clear()
        self._give_up_frame()
        self._ending = True
        self._transport = None
        _cancel(self._frame_timer)
        _cancel(self._write_timer)
        self._house.leave(self)
        self._house.observe(Watch.CLOSED, self.peer, self._receiver.skipped_bytes)
        if not self.gone.done():
            self.gone.set_result(None)

    # What the door calls

    def drain(self) -> None:
        """Takes no new message: finishes the open frame and what is in work, then closes."""
        self._draining = True
        if not self._receiver.open:
            self._ending = True
        self._finish()

    def abort(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    # Frames in

    def _pump(self) -> None:
        """Starts what may start, in order; then says whether to read on."""
        while self._waiting and self._may_start():
            self._take(self._waiting.popleft())
        self.look_again()

    def _may_start(self) -> bool:
        return len(self._pending) < self._settings.max_in_flight and not self._unread

    def _take(self, event: Event) -> None:
        match event:
            case Frame(payload):
                self._start(payload)
            case Partial(payload):
                self._put_aside(payload)
                self._count(done=len(payload))
            case Oversize(head):
                self._tell("mllp.oversize")
                self._house.observe(Watch.OVERSIZE, self.peer, self._settings.max_frame_bytes)
                self._answer_at_once(self._house.refusal(head, None))
                self._ending = True
            case Violation(reason):
                self._tell("mllp.violation", reason=reason)
                self._house.observe(Watch.VIOLATION, self.peer, 0)
                self._ending = True
                self.abort()

    def _start(self, payload: bytes) -> None:
        self._house.observe(Watch.FRAME, self.peer, len(payload))
        answered = asyncio.ensure_future(self._house.receive(self.peer, payload))
        self._pending.append((answered, payload[:HEAD_BYTES], len(payload)))
        answered.add_done_callback(self._flush)

    def _answer_at_once(self, answer: bytes | None) -> None:
        answered: Answered = self._loop.create_future()
        answered.set_result(answer)
        self._pending.append((answered, b"", 0))
        answered.add_done_callback(self._flush)

    @property
    def is_in_a_frame(self) -> bool:
        return self._receiver.open

    def look_again(self) -> None:
        """Pauses or resumes reading, as there is room or not (HL7V2 section 2)."""
        if self._transport is None or self._transport.is_closing():
            return
        full = bool(self._waiting) or not self._may_start()
        full = full or not self._house.room.may_read(self, self._loop.time())
        if full == self._paused:
            return
        self._paused = full
        if full:
            self._transport.pause_reading()
        else:
            self._heard_at = self._loop.time()
            self._transport.resume_reading()

    # Answers out

    def _flush(self, _answered: Answered) -> None:
        """Writes every answer whose turn it is."""
        while self._pending and self._pending[0][0].done():
            answered, head, size = self._pending.popleft()
            answer = self._answer(answered, head)
            self._count(done=size)
            if answer is not None and self._transport is not None:
                self._transport.write(framed(answer))
                self._house.observe(Watch.ANSWER, self.peer, len(answer))
        self._pump()
        self._finish()

    def _count(self, *, done: int = 0) -> None:
        self._in_work -= done
        self._house.room.hold(self, self._in_work + self._receiver.held_bytes)

    def _answer(self, answered: Answered, head: bytes) -> bytes | None:
        if answered.cancelled():
            return self._house.refusal(head, None)
        problem = answered.exception()
        if problem is None:
            return answered.result()
        self._house.observe(Watch.FAILURE, self.peer, 0)
        return self._house.refusal(head, problem)

    def _finish(self) -> None:
        if self._ending and not self._pending and not self._waiting and self._transport:
            self._transport.close()

    # Time

    def _watch_frame(self, seconds: float) -> None:
        self._frame_timer = self._loop.call_later(seconds, self._frame_timed_out)

    def _frame_timed_out(self) -> None:
        """Cuts a frame without a byte for too long; time in which we did not read is not theirs."""
        self._frame_timer = None
        if not self._receiver.open or self._transport is None:
            return
        limit, now = self._settings.frame_timeout_seconds, self._loop.time()
        silent = 0.0 if self._paused else now - self._heard_at
        overdue = now - self._settings.turn_seconds
        if silent < limit and not self._house.room.is_kept_from_others(self, since=overdue):
            self._watch_frame(limit - silent)
            return
        self._tell("mllp.frame_timeout")
        self._house.observe(Watch.FRAME_TIMEOUT, self.peer, 0)
        self._give_up_frame()
        self._ending = True
        self._finish()

    def _write_timed_out(self) -> None:
        self._tell("mllp.write_timeout")
        self._house.observe(Watch.WRITE_TIMEOUT, self.peer, 0)
        self.abort()

    def _tell(self, event: str, **more: str) -> None:
        """The operators, and never in a flood: a peer needs no message to do any of this."""
        told = {"peer": self.peer.address, **more}
        self._house.away.note(event, listener=self._settings.name, **told)

    # What never became a message

    def _give_up_frame(self) -> None:
        partial = self._receiver.close()
        self._count()
        self._house.room.leave(self)
        if partial is not None:
            self._put_aside(partial.payload)

    def _put_aside(self, payload: bytes) -> None:
        self._house.observe(Watch.PARTIAL, self.peer, len(payload))
        if self._house.quarantine is not None:
            self._house.quarantine(self.peer, payload)


def _cancel(timer: asyncio.TimerHandle | None) -> None:
    if timer is not None:
        timer.cancel()
