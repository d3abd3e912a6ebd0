"""One connection: frames to `receive`, acknowledgements back in the order of arrival.

No task and no stream per message: the transport calls, futures answer. Reading stops while too
many messages are in work or the peer does not read its acknowledgements.
"""

import asyncio
from collections import deque
from typing import Protocol, cast

from gateway.adapters.mllp.settings import (
    MllpPeer,
    MllpSettings,
    Observe,
    Quarantine,
    Receive,
    Watch,
)
from gateway.adapters.mllp.tls import fingerprint_of
from gateway.adapters.mllp_protocol import (
    HEAD_BYTES,
    Event,
    Frame,
    MllpReceiver,
    Oversize,
    Partial,
    Violation,
    framed,
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
        self._pending: deque[tuple[Answered, bytes]] = deque()
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
        self._waiting.extend(self._receiver.feed(data))
        if self._receiver.saw_junk and not self._told_junk:
            self._told_junk = True
            self._tell("mllp.junk")
            self._house.observe(Watch.JUNK, self.peer, self._receiver.skipped_bytes)
        if self._waiting:
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
        self._regulate()

    def resume_writing(self) -> None:
        self._unread = False
        _cancel(self._write_timer)
        self._pump()

    def connection_lost(self, _problem: Exception | None) -> None:
        """Messages in work go on to the store; their answers have nowhere to go."""
        self._give_up_frame()
        self._ending = True
        self._transport = None
        _cancel(self._frame_timer)
        _cancel(self._write_timer)
        self._waiting.clear()
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
        self._regulate()

    def _may_start(self) -> bool:
        return len(self._pending) < self._settings.max_in_flight and not self._unread

    def _take(self, event: Event) -> None:
        match event:
            case Frame(payload):
                self._start(payload)
            case Partial(payload):
                self._put_aside(payload)
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
        self._pending.append((answered, payload[:HEAD_BYTES]))
        answered.add_done_callback(self._flush)

    def _answer_at_once(self, answer: bytes | None) -> None:
        answered: Answered = self._loop.create_future()
        answered.set_result(answer)
        self._pending.append((answered, b""))
        answered.add_done_callback(self._flush)

    def _regulate(self) -> None:
        """Pauses or resumes reading, as there is room or not (HL7V2 section 2)."""
        full = bool(self._waiting) or not self._may_start()
        if self._transport is None or full == self._paused or self._transport.is_closing():
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
            answered, head = self._pending.popleft()
            answer = self._answer(answered, head)
            if answer is not None and self._transport is not None:
                self._transport.write(framed(answer))
                self._house.observe(Watch.ANSWER, self.peer, len(answer))
        self._pump()
        self._finish()

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
        limit = self._settings.frame_timeout_seconds
        silent = 0.0 if self._paused else self._loop.time() - self._heard_at
        if silent < limit:
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
        if partial is not None:
            self._put_aside(partial.payload)

    def _put_aside(self, payload: bytes) -> None:
        self._house.observe(Watch.PARTIAL, self.peer, len(payload))
        if self._house.quarantine is not None:
            self._house.quarantine(self.peer, payload)


def _cancel(timer: asyncio.TimerHandle | None) -> None:
    if timer is not None:
        timer.cancel()
