"""MLLP framing without sockets: bytes in, events out (HL7V2 section 2).

What comes out depends on the stream alone, never on how TCP cut it: limits are checked on the
frame, and no byte is searched twice.
"""

from dataclasses import dataclass
from enum import Enum, auto

CR = 0x0D
START, END, END_CR = b"\x0b", b"\x1c", b"\x1c\r"
BETWEEN = b"\0\n\r "
"""Bytes that some senders put between frames."""
HEAD_BYTES = 4096
MAX_RESTARTS = 100


@dataclass(frozen=True, slots=True)
class Frame:
    """One whole message, without its block characters; never empty."""

    payload: bytes


@dataclass(frozen=True, slots=True)
class Partial:
    """An open frame that its sender gave up: it goes to quarantine, never to a patient."""

    payload: bytes


@dataclass(frozen=True, slots=True)
class Oversize:
    """A frame above the limit, ended; `head` are its first bytes. The connection ends."""

    head: bytes


@dataclass(frozen=True, slots=True)
class Violation:
    """The connection cannot be used any more, and there is no one to answer."""

    reason: str


Event = Frame | Partial | Oversize | Violation


class _State(Enum):
    OUTSIDE = auto()
    INSIDE = auto()
    ENDED = auto()
    """After 0x1C: the next byte tells how the frame ends, but it does end."""
    BROKEN = auto()


def framed(message: bytes) -> bytes:
    """A message in its block characters."""
    return b"%b%b%b" % (START, message, END_CR)


def size_of(event: Event) -> int:
    """Bytes of a message that the event carries."""
    return len(event.payload) if isinstance(event, Frame | Partial) else 0


class MllpReceiver:
    """The receiving side of one connection.

    A frame of more than `max_frame_bytes` is not kept: it is read on to its end and answered
    (`Oversize`), unless it grows to twice the limit (`Violation`).
    """

    def __init__(self, *, max_frame_bytes: int) -> None:
        self._limit = max_frame_bytes
        self._state = _State.OUTSIDE
        self._buffer = bytearray()
        self._head = b""
        self._length = 0
        self._restarts = 0
        self.skipped_bytes = 0
        self.saw_junk = False
        """True once bytes other than NUL, LF, CR and blank came outside a frame."""

    @property
    def open(self) -> bool:
        """Is a frame begun and not ended?"""
        return self._state in (_State.INSIDE, _State.ENDED)

    @property
    def held_bytes(self) -> int:
        """Of the open frame; 0 of one that is too large, which is not kept."""
        return len(self._buffer)

    def feed(self, data: bytes) -> list[Event]:
        """Takes the next bytes of the stream; the events they complete, in order."""
        events: list[Event] = []
        marks = _Marks(data)
        at, size = 0, len(data)
        while at < size:
            if self._state is _State.INSIDE:
                at = self._collect(data, at, marks, events)
            elif self._state is _State.ENDED:
                at = self._end(data, at, events)
            elif self._state is _State.OUTSIDE:
                at = self._skip(data, at, marks)
            else:
                break
        return events

    def close(self) -> Partial | None:
        """The connection is closed: what was open, if anything. Nothing comes after it."""
        left = bytes(self._buffer) if self.open and self._length <= self._limit else b""
        self._state = _State.BROKEN
        self._buffer = bytearray()
        return Partial(left) if left else None

    def _skip(self, data: bytes, at: int, marks: "_Marks") -> int:
        start = marks.start(at)
        stop = len(data) if start < 0 else start
        if stop > at:
            self.skipped_bytes += stop - at
            self.saw_junk = self.saw_junk or bool(data[at:stop].strip(BETWEEN))
        if start >= 0:
            self._begin()
        return stop + 1

    def _begin(self) -> None:
        self._state = _State.INSIDE
        self._length = 0
        self._head = b""

    def _collect(self, data: bytes, at: int, marks: "_Marks", events: list[Event]) -> int:
        """Takes bytes up to the end of the frame, a new start, or the end of the chunk."""
        start, end = marks.start(at), marks.end(at)
        stop = min((mark for mark in (start, end) if mark >= 0), default=len(data))
        self._take(data, at, stop)
        if self._length > 2 * self._limit:
            self._fail(events, Violation("a frame has no end"))
        elif stop == end:
            self._state = _State.ENDED
        elif stop == start:
            self._restart(events)
        return stop + 1

    def _take(self, data: bytes, at: int, stop: int) -> None:
        self._length += stop - at
        missing = HEAD_BYTES - len(self._head)
        if missing > 0:
            self._head += data[at : min(stop, at + missing)]
        if self._length <= self._limit:
            self._buffer += data[at:stop]
            return
        self._buffer = bytearray()

    def _restart(self, events: list[Event]) -> None:
        """0x0B in an open frame: its sender began again (HL7V2 section 2)."""
        self._restarts += 1
        if self._length > self._limit:
            self._fail(events, Oversize(self._head))
        elif self._restarts > MAX_RESTARTS:
            self._fail(events, Violation("too many start bytes"))
        else:
            if self._buffer:
                events.append(Partial(bytes(self._buffer)))
                self._buffer = bytearray()
            self._begin()

    def _end(self, data: bytes, at: int, events: list[Event]) -> int:
        self._state = _State.OUTSIDE
        self._restarts = 0
        if self._length > self._limit:
            self._fail(events, Oversize(self._head))
        elif self._buffer:
            events.append(Frame(bytes(self._buffer)))
            self._buffer = bytearray()
        return at + 1 if data[at] == CR else at

    def _fail(self, events: list[Event], event: Event) -> None:
        self._state = _State.BROKEN
        self._buffer = bytearray()
        events.append(event)


class _Marks:
    """Where the next block characters of a chunk are; each byte is searched once for each."""

    __slots__ = ("_data", "_end", "_start")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._start = self._end = -2

    def start(self, at: int) -> int:
        """The next 0x0B at or after `at`, -1 for none."""
        if self._start != -1 and self._start < at:
            self._start = self._data.find(START, at)
        return self._start

    def end(self, at: int) -> int:
        """The next 0x1C at or after `at`, -1 for none."""
        if self._end != -1 and self._end < at:
            self._end = self._data.find(END, at)
        return self._end
