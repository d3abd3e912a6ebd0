"""A certified OpenID provider (npm: oidc-provider) on a free port, and a browser for its pages."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from aiohttp import ClientSession, CookieJar
from ports import free_port
from psc_peer import CABINET, CLIENT, exercise, person

from gateway.records.readers.oidc import Client

PEER = Path(__file__).resolve().parent / "oidc"
SECRET = "secret of the tests: 100 %"
BACK = "http://127.0.0.1:1/pro/psc/retour"
READY_SECONDS = 120


@asynccontextmanager
async def certified() -> AsyncIterator[Client]:
    """oidc-provider from npm, on a free port of its own."""
    if not shutil.which("node") or not (PEER / "node_modules" / "oidc-provider").is_dir():
        pytest.skip("needs node and `npm ci` in tests/rig/peers/oidc")
    port = free_port()
    issuer = f"http://127.0.0.1:{port}"
    told = {"issuer": issuer, "port": port, "redirect_uri": BACK}
    told["person"] = person(exercise(CABINET))
    pipe = asyncio.subprocess.PIPE
    peer = await asyncio.create_subprocess_exec(
        "node",
        str(PEER / "provider.mjs"),
        stdin=pipe,
        stdout=pipe,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert peer.stdin is not None
    assert peer.stdout is not None
    try:
        peer.stdin.write(json.dumps(told).encode() + b"\n")
        line = await asyncio.wait_for(peer.stdout.readline(), READY_SECONDS)
        assert line == b"ready\n"
        yield replace(CLIENT, issuer=issuer, redirect_uri=BACK)
    finally:
        peer.kill()
        await peer.wait()


async def through(address: str) -> dict[str, str]:
    """Follows the provider's pages as a browser does; what it brings back to us."""
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as browser:
        for _ in range(10):
            answer = await browser.get(address, allow_redirects=False)
            assert answer.status in (302, 303), await answer.text()
            place = answer.headers["Location"]
            address = (
                place if "://" in place else str(answer.url.join(answer.url.build(path=place)))
            )
            if address.startswith(BACK):
                return dict(parse_qsl(urlsplit(address).query))
    raise AssertionError("the provider goes round and round")
