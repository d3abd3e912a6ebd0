"""A connection of an HTTP door: who is let in, when it is cut, what is said to no HTTP at all.

The server beneath counts no connections, waits without end for a peer that reads no answer, unpacks
what it throws away, writes down each request that it cannot read, in a line and to its sender, and
answers in any version of HTTP that a request claims.
"""

import asyncio
from collections import Counter
from collections.abc import MutableMapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from aiohttp import hdrs, web
from aiohttp.http import HttpProcessingError, HttpVersion10, HttpVersion11

from gateway.adapters.turned_away import TurnedAway
from gateway.records.readers.callers import UNKNOWN_PEER

MAX_CONNECTIONS = 1_000
UNREAD_SECONDS = 60.0
"""An answer of which no byte is taken for so long is not read any more."""
NO_REQUEST = "This is no HTTP that can be read."
SERVER = "passerelle"
"""The versions of what we are built of are nobody's."""
SERVED: dict[str, Any] = {"access_log": None, "auto_decompress": False}
"""No line of the log for each request: an address may hold an identifier."""
SPOKEN = (HttpVersion10, HttpVersion11)
OTHER_VERSION = "This server speaks HTTP/1.0 and HTTP/1.1."
OF_A_VERSION = ("Invalid HTTP version", "Pause on PRI")
"""In what the parser says of a version that it does not know."""
UNSPOKEN = web.RequestKey("unspoken", bool)


class Secure(Protocol):
    def __call__(
        self, headers: MutableMapping[str, str], *, https: bool, content_type: str
    ) -> None:
        """Adds what no answer leaves without."""


@dataclass(slots=True)
class Lines:
    """The connections of one listener; one address has at most three in four, unless it is that of
    a proxy of ours, which stands for everybody."""

    listener: str
    away: TurnedAway
    max_connections: int = MAX_CONNECTIONS
    idle_seconds: float = 75.0
    unread_seconds: float = UNREAD_SECONDS
    behind_proxy: bool = False
    https: bool = False
    _hosts: Counter[str] = field(default_factory=Counter)
    _open: int = 0

    def admit(self, host: str) -> bool:
        """Counts a new connection, or turns it away."""
        whole = self.max_connections
        share = whole if self.behind_proxy else max(whole * 3 // 4, 1)
        if self._open >= self.max_connections or self._hosts[host] >= share:
            self.away.note("http.full", listener=self.listener, peer=host)
            return False
        self._open += 1
        self._hosts[host] += 1
        return True

    def leave(self, host: str) -> None:
        self._open -= 1
        self._hosts[host] -= 1
        if not self._hosts[host]:
            del self._hosts[host]


class Line(web.RequestHandler):
    """One connection. Bodies come as they were sent: who reads one unpacks it within its limit."""

    __slots__ = ("_host", "_lines", "_secure", "_unread", "_waiting")

    def __init__(self, server: web.Server, lines: Lines, secure: Secure) -> None:
        super().__init__(
            server,
            loop=asyncio.get_running_loop(),
            keepalive_timeout=lines.idle_seconds,
            **SERVED,
        )
        self._lines = lines
        self._secure = secure
        self._host: str | None = None
        self._waiting = 0
        self._unread: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        host = str((transport.get_extra_info("peername") or (UNKNOWN_PEER,))[0])
        if not self._lines.admit(host):
            transport.close()
            return
        self._host = host
        super().connection_made(transport)

    def connection_lost(self, exc: BaseException | None) -> None:
        if self._host is None:
            return
        self._read_again()
        self._lines.leave(self._host)
        self._host = None
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._host is not None:
            super().data_received(data)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._watch()

    def resume_writing(self) -> None:
        self._read_again()
        super().resume_writing()

    def _watch(self) -> None:
        if self.transport is not None:
            self._waiting = self.transport.get_write_buffer_size()
            loop = asyncio.get_running_loop()
            self._unread = loop.call_later(self._lines.unread_seconds, self._look)

    def _look(self) -> None:
        """Slow is well; nothing at all is not."""
        if self.transport is None:
            return
        if self.transport.get_write_buffer_size() < self._waiting:
            self._watch()
        else:
            self._lines.away.note("http.unread", listener=self._lines.listener, peer=self._host)
            self.transport.abort()

    def _read_again(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """What could not be read as HTTP is told to the operators, never a flood, and in words of
        ours to its sender."""
        if not isinstance(exc, HttpProcessingError | UnicodeError):
            return super().handle_error(request, status, exc, message)
        told = {"peer": self._host, "reason": type(exc).__name__}
        self._lines.away.note("http.unreadable", listener=self._lines.listener, **told)
        if any(words in str(exc) for words in OF_A_VERSION):
            return _of_another_version()
        answer = web.Response(status=400, text=NO_REQUEST)
        answer.force_close()
        return answer

    async def finish_response(
        self, request: web.BaseRequest, resp: web.StreamResponse, start_time: float | None
    ) -> tuple[web.StreamResponse, bool]:
        """Also of answers that no door of ours made: of the server beneath, and its errors."""
        if isinstance(resp, web.StreamResponse) and not resp.prepared:
            content_type, https = resp.content_type, self._lines.https
            self._secure(resp.headers, https=https, content_type=content_type)
            nameless(resp.headers)
        return await super().finish_response(request, resp, start_time)


def speaking(server: web.Server) -> web.Server:
    """The same server, which answers 505 (RFC 9110, 15.6.6), in HTTP/1.1, to any other version."""
    make, handle = server.request_factory, server.request_handler

    def made(message: Any, *rest: Any) -> web.BaseRequest:  # one of two classes, both untyped
        if message.version in SPOKEN:
            return make(message, *rest)
        request = make(message._replace(version=HttpVersion11, should_close=True), *rest)
        request[UNSPOKEN] = True
        return request

    async def answered(request: web.BaseRequest) -> web.StreamResponse:
        if UNSPOKEN in request:
            return _of_another_version()
        answer: web.StreamResponse = await handle(request)
        return answer

    server.request_factory, server.request_handler = made, answered
    return server


def _of_another_version() -> web.Response:
    answer = web.Response(status=505, text=OTHER_VERSION)
    answer.force_close()
    return answer


def nameless(headers: MutableMapping[str, str]) -> None:
    """Takes the name and version of the server beneath off an answer."""
    headers[hdrs.SERVER] = SERVER
