"""One SMTP session, command by command, so that a check may break its rules."""

import io
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from conformance.wire.address import Address
from conformance.wire.deadline import Coming
from conformance.wire.mllp import NoAnswerError, SilentError, connected

NAME = "kit.exemple.test"
MAX_REPLY_LINES, MAX_LINE_BYTES = 100, 4_096


@dataclass(frozen=True, slots=True)
class Said:
    """A reply: its code and its lines."""

    code: int
    lines: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.code} {' / '.join(self.lines)}"[:200]


class Session:
    """`extensions` are those of the last EHLO, in capitals."""

    def __init__(
        self, plain: socket.socket, host: str, tls: ssl.SSLContext | None, timeout: float
    ) -> None:
        self._host = host
        self._tls = tls
        self._timeout = timeout
        self._read_from(plain)
        self.extensions: dict[str, str] = {}

    def _read_from(self, plain: socket.socket) -> None:
        self._socket = plain
        self._coming = Coming(plain, self._timeout)
        self._file = io.BufferedReader(self._coming)

    def close(self) -> None:
        self._file.close()
        self._socket.close()

    def reply(self) -> Said:
        """Raises NoAnswerError."""
        self._coming.again()
        lines: list[str] = []
        for _ in range(MAX_REPLY_LINES):
            line = self._line()
            lines.append(line[4:])
            if line[3:4] != "-":
                if not line[:3].isdigit():
                    raise NoAnswerError(f"not a reply of SMTP: {line[:40]!r}")
                return Said(int(line[:3]), tuple(lines))
        raise NoAnswerError("a reply without an end")

    def _line(self) -> str:
        try:
            raw = self._file.readline(MAX_LINE_BYTES)
        except TimeoutError:
            raise SilentError("no reply in time") from None
        except OSError as error:
            raise NoAnswerError(f"the connection broke: {error}") from error
        if not raw:
            raise NoAnswerError("the connection was closed")
        return raw.decode("utf-8", "replace").rstrip("\r\n")

    def send(self, data: bytes) -> None:
        """Raises NoAnswerError when the peer has gone."""
        self._socket.settimeout(self._timeout)
        try:
            self._socket.sendall(data)
        except OSError as error:
            raise NoAnswerError(f"the connection broke while sending: {error}") from error

    def ask(self, command: str) -> Said:
        self.send(command.encode() + b"\r\n")
        return self.reply()

    def hello(self) -> Said:
        """EHLO, STARTTLS where it is wanted and offered, and EHLO again."""
        said = self._ehlo()
        if self._tls is None or "STARTTLS" not in self.extensions:
            return said
        answer = self.ask("STARTTLS")
        if answer.code != 220:
            return answer
        self._socket.settimeout(self._timeout)
        self._file.close()
        self._read_from(self._tls.wrap_socket(self._socket, server_hostname=self._host))
        return self._ehlo()

    def _ehlo(self) -> Said:
        said = self.ask(f"EHLO {NAME}")
        words = [line.split(" ", 1) for line in said.lines[1:]]
        self.extensions = {one[0].upper(): one[1] if len(one) > 1 else "" for one in words}
        return said

    def content(self, raw: bytes) -> Said:
        """DATA and the message, dots doubled; its final reply."""
        said = self.ask("DATA")
        if said.code != 354:
            return said
        return self.raw_content(stuffed(raw) + b".\r\n")

    def raw_content(self, data: bytes) -> Said:
        self.send(data)
        return self.reply()


def stuffed(raw: bytes) -> bytes:
    """RFC 5321, 4.5.2; the message ends with CRLF."""
    lines = raw.split(b"\r\n")
    lines = lines[:-1] if lines[-1] == b"" else lines
    return b"".join((b"." if line.startswith(b".") else b"") + line + b"\r\n" for line in lines)


@contextmanager
def session_with(where: Address, timeout: float, tls: ssl.SSLContext | None) -> Iterator[Session]:
    """After the greeting. Raises OSError and NoAnswerError."""
    with connected(Address(where.host, where.port), timeout, None) as plain:
        session = Session(plain, where.host, tls if where.tls else None, timeout)
        try:
            session.reply()
            yield session
        finally:
            session.close()
