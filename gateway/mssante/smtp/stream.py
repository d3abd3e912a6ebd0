"""The stream under an SMTP session: whole CRLF lines only, and who is at the other end."""

import asyncio
import hashlib
from typing import Any

MAX_BAD_LINES = 20
"""Lines without a command: aiosmtpd answers each of them and would never tire."""
OWN = frozenset({"stream", "writer", "bad_lines", "ended"})


class SpoiltError(Exception):
    """After `last_words` the connection is cut: what follows could be anything."""

    last_words = ""


class BareLineEndError(SpoiltError):
    """A command that does not end with CRLF, or holds a CR or NUL."""

    last_words = "550 5.5.2 End every line with CRLF"


class BadLinesError(SpoiltError):
    """Too many lines that are empty or begin with something that is no command."""

    last_words = "421 4.7.0 Too many lines without a command"


class LongCommandError(SpoiltError):
    """A command longer than a line may be."""

    last_words = "500 5.5.2 Command line too long"


class CommandReader:
    """The stream as aiosmtpd's command loop may see it: whole CRLF lines only, few without a
    command. After the first error nothing more is read, nor once we said goodbye: what was sent
    ahead behind it is not obeyed."""

    def __init__(self, stream: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.stream = stream
        self.writer = writer
        self.bad_lines = 0
        self.ended = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)

    def __setattr__(self, name: str, value: Any) -> None:
        target = self if name in OWN else self.stream
        object.__setattr__(target, name, value)

    async def readuntil(self, separator: bytes = b"\n") -> bytes:
        if self.ended or self.writer.is_closing():
            await asyncio.get_running_loop().create_future()  # until the session is cancelled
        try:
            line = await self.stream.readuntil(separator)
        except asyncio.LimitOverrunError as error:
            self.ended = True
            raise LongCommandError from error
        if not line.endswith(b"\r\n") or b"\r" in line[:-2] or b"\0" in line:
            self.ended = True
            raise BareLineEndError
        self.bad_lines += line == b"\r\n" or not line.partition(b" ")[0].isascii()
        if self.bad_lines > MAX_BAD_LINES:
            self.ended = True
            raise BadLinesError
        return line


def fingerprint(transport: asyncio.BaseTransport | None) -> str | None:
    tls = transport.get_extra_info("ssl_object") if transport is not None else None
    certificate = tls.getpeercert(binary_form=True) if tls is not None else None
    return hashlib.sha256(certificate).hexdigest() if certificate else None


def turn_away(transport: asyncio.BaseTransport) -> None:
    if isinstance(transport, asyncio.WriteTransport):
        transport.write(b"421 4.7.0 Too many connections, try again later\r\n")
    transport.close()
