"""One MLLP connection of a sender (HL7 Transport Specification: MLLP, Release 1)."""

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from conformance.clock import pause, seconds
from conformance.wire.address import Address

START, END = b"\x0b", b"\x1c\r"
APART_SECONDS = 0.02
CHUNK_BYTES, MAX_ANSWER_BYTES = 65_536, 4_000_000


class NoAnswerError(Exception):
    """The peer closed or stayed silent; the text says which."""


class SilentError(NoAnswerError):
    """The peer is still there, and said nothing in time. `counted`: once for all its lines."""

    counted = False


def frame(message: bytes) -> bytes:
    return START + message + END


class Line:
    """Bytes as they are sent; `answer` gives one frame without its marks."""

    def __init__(self, plain: socket.socket, timeout: float) -> None:
        self._socket = plain
        self._timeout = timeout
        self._read = b""
        self.stray = b""
        self.heard: Callable[[], None] = lambda: None
        """Called for each answer."""

    def send(self, data: bytes) -> None:
        """Raises NoAnswerError when the peer has gone."""
        self._socket.settimeout(self._timeout)
        try:
            self._socket.sendall(data)
        except OSError as error:
            raise NoAnswerError(f"the connection broke while sending: {error}") from error

    def apart(self, data: bytes) -> None:
        """Sent, and read by the peer before what comes next."""
        self.send(data)
        pause(APART_SECONDS)

    def message(self, raw: bytes) -> None:
        self.send(frame(raw))

    def end_sending(self) -> None:
        self._socket.shutdown(socket.SHUT_WR)

    def answer(self) -> bytes:
        """The next frame; what came outside frames is kept in `stray`. Raises NoAnswerError."""
        until = seconds() + self._timeout
        while END not in self._read:
            self._read += self._more(until)
            if len(self._read) > MAX_ANSWER_BYTES:
                raise NoAnswerError("the answer has no end")
        found, _, self._read = self._read.partition(END)
        before, start, body = found.partition(START)
        self.stray += before
        if not start:
            raise NoAnswerError("the answer does not begin with 0x0B")
        self.heard()
        return body

    def _more(self, until: float) -> bytes:
        left = until - seconds()
        if left <= 0:
            raise SilentError(f"no answer within {self._timeout:g} s")
        self._socket.settimeout(left)
        try:
            data = self._socket.recv(CHUNK_BYTES)
        except TimeoutError:
            raise SilentError(f"no answer within {self._timeout:g} s") from None
        except OSError as error:
            raise NoAnswerError(f"the connection broke: {error}") from error
        if not data:
            raise NoAnswerError("the connection was closed without an answer")
        return data


@contextmanager
def connected(
    where: Address, timeout: float, tls: ssl.SSLContext | None
) -> Iterator[socket.socket]:
    """A TCP connection, with TLS where the address asks it. Raises OSError."""
    plain = socket.create_connection((where.host, where.port), timeout)
    try:
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if where.tls and tls is not None:
            plain = tls.wrap_socket(plain, server_hostname=where.host)
        yield plain
    finally:
        plain.close()


@contextmanager
def line_to(where: Address, timeout: float, tls: ssl.SSLContext | None = None) -> Iterator[Line]:
    """Raises OSError when nobody listens."""
    with connected(where, timeout, tls) as plain:
        yield Line(plain, timeout)
