"""Our side of another's door: an answer without an end is no answer."""

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from gateway.adapters.http import client
from gateway.adapters.http.client import exchange

LIMIT = 100


@pytest.mark.parametrize(("size", "taken"), [(LIMIT, True), (LIMIT + 1, False)])
async def test_an_answer_is_read_up_to_its_bound(
    monkeypatch: pytest.MonkeyPatch, size: int, taken: bool
) -> None:
    monkeypatch.setattr(client, "MAX_ANSWER_BYTES", LIMIT)

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(body=b"x" * size)

    app = web.Application()
    app.router.add_post("/", answer)
    async with TestServer(app) as server:
        asked = exchange(str(server.make_url("/")), b"", "text/plain", "", 10.0)
        if taken:
            assert (await asked).body == b"x" * size
        else:
            with pytest.raises(OSError, match="more than 100 bytes"):
                await asked
