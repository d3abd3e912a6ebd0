"""No answer of the daemon as it is built leaves without the headers of SECURITY section 2."""

import asyncio

import pytest
from aiohttp.test_utils import TestClient, TestServer
from quiet_house import ABSENT, BLANK
from test_every_door_has_a_caller import built, table

GUARDS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Server": "passerelle",
}
PUBLIC = ("/static/", "/favicon")


async def test_every_route_of_the_daemon_answers_under_guard() -> None:
    app = built()
    async with TestClient(TestServer(app)) as client:
        for method, path in table(app):
            address = BLANK.sub("1", path.replace("{id}", ABSENT).replace("$", "%24"))
            method = "GET" if method == "*" else method
            answer = await client.request(method, address, allow_redirects=False, data=b"")
            missing = {name for name, said in GUARDS.items() if answer.headers.get(name) != said}
            assert missing == set(), (method, path)
            policy = answer.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy, (method, path)
            if not path.startswith(PUBLIC):
                assert answer.headers["Cache-Control"] == "no-store", (method, path)


@pytest.mark.parametrize(
    "request_line",
    [
        b"OPTIONS * HTTP/1.1",
        b"GET /a%0d%0ab HTTP/1.1",
        b"GET /%00 HTTP/1.1",
        b"TRACE / HTTP/1.1",
        b"POST /connexion HTTP/1.1\r\nExpect: 200-maybe",
        b"GET http://elsewhere.example/ HTTP/1.1",
    ],
)
async def test_what_no_route_expects_is_answered_under_guard_too(request_line: bytes) -> None:
    async with TestServer(built()) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(request_line + b"\r\nHost: x\r\nConnection: close\r\n\r\n")
        head = (await reader.read()).partition(b"\r\n\r\n")[0]
        writer.close()
        await writer.wait_closed()
    assert b"Content-Security-Policy: default-src 'none'" in head
    assert b"no-store" in head
    assert b"ython" not in head


async def test_a_host_that_is_none_is_not_written_into_addresses() -> None:
    async with TestServer(built()) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(b"GET /fhir/metadata HTTP/1.1\r\nHost: \xff<x>\r\nConnection: close\r\n\r\n")
        answer = await reader.read()
        writer.close()
        await writer.wait_closed()
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b"http://localhost/fhir" in answer
