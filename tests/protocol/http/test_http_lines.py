"""Connections of an HTTP door: counted, cut where nobody reads, and answered where no HTTP came."""

import asyncio
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from aiohttp import web
from structlog.testing import capture_logs

from gateway.adapters.http.line import NO_REQUEST, OTHER_VERSION, Lines
from gateway.adapters.turned_away import MAX_LINES, TurnedAway
from gateway.clock import SystemClock
from gateway.daemon.doors import OpenDoors, open_http
from gateway.daemon.listening import bind
from gateway.records.readers.callers import Caller, open_to
from gateway.settings import Address

WAIT_SECONDS = 120
LARGE = bytes(40_000_000)
GET = b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n"
Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass(slots=True)
class ToldAway(TurnedAway):
    """Says when somebody was turned away."""

    clock: SystemClock = field(default_factory=SystemClock)
    said: list[str] = field(default_factory=list)
    happened: asyncio.Event = field(default_factory=asyncio.Event)

    def note(self, event: str, *, listener: str, **told: str | None) -> None:
        TurnedAway.note(self, event, listener=listener, **told)
        self.said.append(event)
        self.happened.set()


async def _large(_request: web.Request) -> web.Response:
    return web.Response(body=LARGE)


async def _echo(request: web.Request) -> web.Response:
    return web.Response(body=await request.read())


async def _broken(_request: web.Request) -> web.Response:
    raise RuntimeError("broken")


@asynccontextmanager
async def serving(lines: Lines) -> AsyncIterator[int]:
    """The port of a server of two doors."""
    app = web.Application()
    app.router.add_get("/large", open_to(_large, Caller.ANYONE))
    app.router.add_post("/echo", open_to(_echo, Caller.ANYONE))
    app.router.add_post("/broken", open_to(_broken, Caller.ANYONE))
    opened, listener = OpenDoors(), bind(Address("127.0.0.1", 0))
    await open_http(opened, app, listener, None, lines)
    try:
        yield listener.getsockname()[1]
    finally:
        await opened.close()


async def hang_up(*lines: Line) -> None:
    for _, writer in lines:
        writer.close()
        await asyncio.gather(writer.wait_closed(), return_exceptions=True)


async def asked(port: int, raw: bytes) -> bytes:
    """Everything that comes back until the other side closes."""
    line = await asyncio.open_connection("127.0.0.1", port)
    line[1].write(raw)
    answer = await asyncio.wait_for(line[0].read(), WAIT_SECONDS)
    await hang_up(line)
    return answer


async def test_an_address_that_holds_its_share_of_connections_gets_no_more_until_one_ends() -> None:
    away = ToldAway()
    async with serving(Lines("http", away, max_connections=4)) as port:
        held = [await asyncio.open_connection("127.0.0.1", port) for _ in range(3)]
        assert await asked(port, b"") == b""
        assert away.said == ["http.full"]
        await hang_up(held.pop())
        closing = b"GET /none HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        while not (answer := await asked(port, closing)):
            pass  # the server hears of the end a moment later
        await hang_up(*held)
    assert b" 404 " in answer


async def test_a_peer_that_takes_nothing_of_its_answer_is_cut() -> None:
    away = ToldAway()
    async with serving(Lines("http", away, unread_seconds=0.1)) as port:
        line = await asyncio.open_connection("127.0.0.1", port, limit=1_024)
        line[1].write(GET)
        await asyncio.wait_for(away.happened.wait(), WAIT_SECONDS)
        assert away.said == ["http.unread"]
        with pytest.raises((asyncio.IncompleteReadError, ConnectionError)):
            await asyncio.wait_for(line[0].readexactly(len(LARGE)), WAIT_SECONDS)
        await hang_up(line)


async def test_a_peer_that_reads_gets_the_whole_of_its_answer() -> None:
    away = ToldAway()
    async with serving(Lines("http", away, unread_seconds=WAIT_SECONDS)) as port:
        answer = await asked(port, GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
    assert answer.endswith(LARGE)
    assert away.said == []


async def test_a_body_reaches_its_door_as_it_was_sent() -> None:
    """Else what a door never reads is unpacked all the same: 2 MB stood for seconds of the loop."""
    packed = zlib.compress(bytes(500_000), wbits=31)
    head = b"POST /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Encoding: gzip\r\n"
    async with serving(Lines("http", ToldAway())) as port:
        answer = await asked(port, head + b"Content-Length: %d\r\n\r\n" % len(packed) + packed)
    assert answer.endswith(b"\r\n\r\n" + packed)


@pytest.mark.parametrize(
    "raw",
    [
        b"GET / HTTP/1.1\r\nHost: x\r\nX: <script>\0\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 9_000 + b"\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"GET /large HTTP/1.1\r\nHost: x\r\nExpect: \xff\r\n\r\n",
    ],
)
async def test_what_is_no_http_is_answered_in_words_of_ours(raw: bytes) -> None:
    async with serving(Lines("http", ToldAway())) as port:
        head, _, body = (await asked(port, raw)).partition(b"\r\n\r\n")
    assert b" 400 " in head
    assert body == NO_REQUEST.encode()
    assert b"ython" not in head


SAFE = (
    b"Cache-Control: no-store",
    b"Content-Security-Policy: ",
    b"Cross-Origin-Opener-Policy: ",
    b"Cross-Origin-Resource-Policy: ",
    b"Permissions-Policy: ",
    b"Referrer-Policy: ",
    b"Server: passerelle",
    b"X-Content-Type-Options: nosniff",
)


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"nonsense\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 20_000 + b"\r\n\r\n", b"400"),
        (b"GET /none HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", b"404"),
        (b"GET /none HTTP/1.0\r\n\r\n", b"404"),
        (b"PUT /large HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", b"405"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nExpect: y\r\nConnection: close\r\n\r\n", b"417"),
        (b"POST /broken HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", b"500"),
        (b"POST /echo HTTP/1.0\r\nContent-Length: 3000000\r\n\r\n" + bytes(3_000_000), b"413"),
    ],
)
async def test_no_answer_leaves_without_the_security_headers(raw: bytes, status: bytes) -> None:
    """Of the server beneath too, on a listener whose doors add nothing."""
    async with serving(Lines("http", ToldAway())) as port:
        head, _, _ = (await asked(port, raw)).partition(b"\r\n\r\n")
    assert head.split()[1] == status
    assert [one for one in SAFE if one not in head] == []


@pytest.mark.parametrize(
    "raw",
    [
        b"GET /\r\n\r\n",
        b"GET /large HTTP/0.9\r\n\r\n",
        b"GET /large HTTP/2.0\r\nHost: x\r\nConnection: keep-alive\r\n\r\n",
        b"GET /large HTTP/1.2\r\nHost: x\r\n\r\n",
        b"GET /large HTTP/3.0\r\nHost: x\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
)
async def test_a_version_of_http_that_is_not_spoken_is_told_so(raw: bytes) -> None:
    async with serving(Lines("http", ToldAway())) as port:
        head, _, body = (await asked(port, raw)).partition(b"\r\n\r\n")
    assert head.startswith((b"HTTP/1.1 505 ", b"HTTP/1.0 505 "))
    assert [one for one in SAFE if one not in head] == []
    assert body == OTHER_VERSION.encode()


async def test_a_proxy_of_ours_is_not_counted_as_one_client() -> None:
    away = ToldAway()
    async with serving(Lines("http", away, max_connections=4, behind_proxy=True)) as port:
        held = [await asyncio.open_connection("127.0.0.1", port) for _ in range(3)]
        closing = b"GET /none HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        assert b" 404 " in await asked(port, closing)
        await hang_up(*held)
    assert away.said == []


async def test_a_flood_of_what_is_no_http_fills_no_log() -> None:
    with capture_logs() as written:
        async with serving(Lines("http", TurnedAway(SystemClock()))) as port:
            for _ in range(MAX_LINES + 9):
                await asked(port, b"GET / HTTP/1.1\r\nHost: x\r\nX: \0\r\n\r\n")
    assert [one["event"] for one in written] == ["http.unreadable"] * MAX_LINES
    assert {one["log_level"] for one in written} == {"warning"}
