"""Packed bodies and headers that are no text: taken or refused, never unpacked without end."""

import asyncio
import zlib
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from multidict import CIMultiDict
from test_documents_door import BEARER, LIMIT, MESSAGE, Client, FixedClock, OneAnswer, OneSender

from gateway.adapters.http.documents import DocumentsDoor, spoken
from gateway.adapters.http.senders import SenderGate
from gateway.clock import SystemIds
from gateway.flows.reading.decided.quiet import Quiet
from gateway.flows.receive import Here, Receive
from gateway.records.intake.finding import Verdict
from gateway.records.intake.reading import DEFAULT_READING

GZIP, ZLIB = 31, 15


@pytest.fixture
def journal() -> OneAnswer:
    return OneAnswer()


@pytest.fixture
async def client(journal: OneAnswer) -> AsyncIterator[Client]:
    """A server that hands bodies over as they came, as the daemon's does."""
    receive = Receive(journal, FixedClock(), SystemIds(), Here())
    gate, quiet = SenderGate(OneSender()), Quiet(FixedClock())
    door = DocumentsDoor(receive, journal, gate, quiet, DEFAULT_READING, LIMIT)
    app = web.Application()
    app.router.add_post("/documents", spoken(door.post))
    server = TestServer(app)
    await server.start_server(auto_decompress=False)
    async with TestClient(server) as client:
        yield client


def packed(body: bytes, wbits: int = GZIP) -> bytes:
    return zlib.compress(body, 9, wbits=wbits)


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", packed(MESSAGE)),
        ("X-GZIP", packed(MESSAGE)),
        ("deflate", packed(MESSAGE, ZLIB)),
        ("identity", MESSAGE),
    ],
)
async def test_a_packed_body_is_filed_as_what_it_holds(
    client: Client, journal: OneAnswer, encoding: str, body: bytes
) -> None:
    headers = BEARER | {"Content-Encoding": encoding}
    assert (await client.post("/documents", data=body, headers=headers)).status == 201
    assert [one.raw for one in journal.intakes] == [MESSAGE]


@pytest.mark.parametrize(
    ("encoding", "body", "status", "code"),
    [
        ("gzip", packed(bytes(LIMIT + 1)), 413, "too-large"),
        ("gzip", packed(MESSAGE)[:-9], 400, "body-unreadable"),
        ("gzip", packed(MESSAGE) + packed(MESSAGE), 400, "body-unreadable"),
        ("gzip", b"", 400, "body-unreadable"),
        ("deflate", packed(MESSAGE), 400, "body-unreadable"),
        ("br", MESSAGE, 415, "unsupported-encoding"),
        ("gzip, gzip", packed(packed(MESSAGE)), 415, "unsupported-encoding"),
    ],
)
async def test_a_body_packed_wrongly_or_too_well_is_refused(
    client: Client, journal: OneAnswer, encoding: str, body: bytes, status: int, code: str
) -> None:
    headers = BEARER | {"Content-Encoding": encoding}
    response = await client.post("/documents", data=body, headers=headers)
    answer = await response.json()
    assert (response.status, answer["findings"][0]["code"]) == (status, code)
    assert journal.intakes == []


@pytest.mark.parametrize("declared", [True, False])
async def test_a_body_of_just_the_limit_is_read(
    client: Client, journal: OneAnswer, *, declared: bool
) -> None:
    async def in_pieces() -> AsyncIterator[bytes]:
        yield b"x" * LIMIT

    data = b"x" * LIMIT if declared else in_pieces()
    response = await client.post("/documents", data=data, headers=BEARER)

    assert response.status != 413
    assert [len(one.raw) for one in journal.intakes] == [LIMIT]


async def test_a_body_that_is_declared_too_large_is_refused_before_it_comes(
    client: Client, journal: OneAnswer
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", client.port)
    head = f"POST /documents HTTP/1.1\r\nHost: x\r\n{_told()}Content-Length: {LIMIT + 1}\r\n\r\n"
    writer.write(head.encode())
    assert (await reader.readline()).startswith(b"HTTP/1.1 413 ")
    writer.close()
    await writer.wait_closed()
    assert journal.intakes == []


async def test_an_idempotency_key_that_is_no_text_is_none(
    client: Client, journal: OneAnswer
) -> None:
    """The refusal is kept, and its sender is not told to send it again for ever."""
    reader, writer = await asyncio.open_connection("127.0.0.1", client.port)
    head = f"POST /documents HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{_told()}".encode()
    head += b"Idempotency-Key: \xff\xfe\r\nContent-Length: %d\r\n\r\n" % len(MESSAGE)
    writer.write(head + MESSAGE)
    assert await reader.read()
    writer.close()
    await writer.wait_closed()
    (kept,) = journal.intakes
    found = [one.code for one in kept.understanding.findings]
    assert (kept.raw, kept.understanding.verdict) == (MESSAGE, Verdict.REFUSE)
    assert "idempotency-key" in found


async def test_two_keys_name_no_request_and_one_said_twice_does(
    client: Client, journal: OneAnswer
) -> None:
    for other in ("k2", "k1"):
        headers = [*BEARER.items(), ("Idempotency-Key", "k1"), ("Idempotency-Key", other)]
        await client.post("/documents", data=MESSAGE, headers=CIMultiDict(headers))
    two, same = journal.intakes
    assert two.understanding.findings[0].code == "idempotency-key"
    assert "idem:k1" not in (two.key or "")
    assert same.key == "idem:k1"


def _told() -> str:
    return "".join(f"{name}: {value}\r\n" for name, value in BEARER.items())
