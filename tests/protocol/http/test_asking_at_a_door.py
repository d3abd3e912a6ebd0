"""Who asks at another's HTTP door reads no more than it said it would."""

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from gateway.adapters.http.client import exchange


async def large(_request: web.Request) -> web.Response:
    return web.Response(body=b"x" * 1_000)


async def test_an_answer_is_read_to_the_bound_and_a_longer_one_is_none() -> None:
    app = web.Application()
    app.router.add_post("/", large)
    async with TestServer(app) as server:
        url = str(server.make_url("/"))
        answer = await exchange(url, b"", "text/xml", "", 30.0, max_bytes=1_000)
        assert len(answer.body) == 1_000
        with pytest.raises(OSError, match="more than 999 bytes"):
            await exchange(url, b"", "text/xml", "", 30.0, max_bytes=999)
