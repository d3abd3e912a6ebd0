"""MLLP frames out of bytes, however they are cut; what is wrong with the framing is kept."""

from collections.abc import Iterator
from dataclasses import dataclass

START, END, RETURN = 0x0B, 0x1C, 0x0D
STRAY_BYTES = 64


@dataclass(frozen=True, slots=True)
class Framed:
    """One message; `stray` are the first bytes that stood outside frames before it."""

    body: bytes
    stray: bytes = b""
    restarted: bool = False
    bare_end: bool = False


class Deframer:
    """`waiting` is the size of what is kept: the caller bounds it."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._open = False
        self._looked = 0
        self.stray = b""

    @property
    def waiting(self) -> int:
        return len(self._buffer)

    @property
    def open(self) -> bool:
        """Whether a frame has begun that has no end yet."""
        return self._open

    def feed(self, data: bytes) -> Iterator[Framed]:
        self._buffer += data
        while (found := self._next()) is not None:
            yield found

    def _next(self) -> Framed | None:
        if not self._open and not self._begun():
            return None
        end = self._buffer.find(END, self._looked)
        if end < 0 or end + 1 == len(self._buffer):
            self._looked = len(self._buffer) if end < 0 else end
            return None
        bare = self._buffer[end + 1] != RETURN
        body = bytes(self._buffer[:end])
        del self._buffer[: end + (1 if bare else 2)]
        self._open, self._looked = False, 0
        whole = body.rpartition(bytes([START]))[2]
        stray, self.stray = self.stray, b""
        return Framed(whole, stray, restarted=len(whole) < len(body), bare_end=bare)

    def _begun(self) -> bool:
        start = self._buffer.find(START)
        before = bytes(self._buffer if start < 0 else self._buffer[:start])
        self.stray = (self.stray + before)[:STRAY_BYTES]
        del self._buffer[: len(before) + (start >= 0)]
        self._open, self._looked = start >= 0, 0
        return self._open
