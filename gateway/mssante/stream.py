"""The stream under an SMTP session: whole CRLF lines only, and who is at the other end."""

import asyncio
import hashlib
from typing import Any


class BareLineEndError(Exception):
    """A command that does not end with CRLF, or holds a CR or NUL."""


class CommandReader:
    """The stream as aiosmtpd's command loop may see it: whole CRLF lines only."""

    def __init__(self, stream: asyncio.StreamReader) -> None:
        self.stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)

    def __setattr__(self, name: str, value: Any) -> None:
        target = self if name == "stream" else self.stream
        object.__setattr__(target, name, value)

    async def readuntil(self, separator: bytes = b"\n") -> bytes:
        line = await self.stream.readuntil(separator)
        if not line.endswith(b"\r\n") or b"\r" in line[:-2] or b"\0" in line:
            raise BareLineEndError
        return line


def fingerprint(transport: asyncio.BaseTransport | None) -> str | None:
    tls = transport.get_extra_info("ssl_object") if transport is not None else None
    certificate = tls.getpeercert(binary_form=True) if tls is not None else None
    return hashlib.sha256(certificate).hexdigest() if certificate else None


def turn_away(transport: asyncio.BaseTransport) -> None:
    if isinstance(transport, asyncio.WriteTransport):
        transport.write(b"421 4.7.0 Too many connections, try again later\r\n")
    transport.close()
