"""What a peer sends, under one deadline: who drips bytes is as silent as who says nothing.

A timeout of a socket begins again at every byte, so it bounds nothing.
"""

import io
import socket

from conformance.clock import seconds


class Coming(io.RawIOBase):
    """Bytes of a socket until the deadline, then TimeoutError; `again` sets a new one."""

    def __init__(self, plain: socket.socket, timeout: float) -> None:
        self._socket = plain
        self._raw = plain.makefile("rb", buffering=0)
        self._timeout = timeout
        self.again()

    def again(self) -> None:
        self._until = seconds() + self._timeout

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # typeshed: any buffer
        left = self._until - seconds()
        if left <= 0:
            raise TimeoutError("the deadline has passed")
        self._socket.settimeout(left)
        return self._raw.readinto(buffer) or 0

    def close(self) -> None:
        """The socket lives as long as this: http.client lets go of it before it has read all."""
        self._raw.close()
        super().close()


class Answering:
    """A socket as http.client reads an answer from it: all of it before the deadline."""

    def __init__(self, plain: socket.socket, timeout: float) -> None:
        self._coming = Coming(plain, timeout)

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(self._coming)
