"""TLS of the MLLP door: a client certificate is required, verified and named by its digest."""

import asyncio
import ssl
from pathlib import Path

import pytest
from authority import Authority, fingerprint

from gateway.adapters.mllp import MllpDoor, MllpPeer, MllpSettings, tls_context
from gateway.adapters.mllp_protocol import framed
from gateway.clock import SystemClock, SystemIds


async def exchange(port: int, context: ssl.SSLContext) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context)
    try:
        writer.write(framed(b"one"))
        return await asyncio.wait_for(reader.readuntil(b"\x1c\r"), 5)
    finally:
        writer.close()


async def test_the_peer_is_known_by_the_digest_of_its_certificate(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    server, client = authority.issue("server"), authority.issue("labo")
    peers: list[MllpPeer] = []

    async def receive(peer: MllpPeer, frame: bytes) -> bytes:
        peers.append(peer)
        return frame

    settings = MllpSettings(
        port=0, tls=tls_context(server, server.with_suffix(".key"), client_ca=authority.path)
    )
    door = MllpDoor(receive=receive, settings=settings, clock=SystemClock(), ids=SystemIds())
    _, port = await door.start()
    try:
        assert await exchange(port, authority.client(client)) == framed(b"one")
        with pytest.raises((ssl.SSLError, ConnectionError, asyncio.IncompleteReadError)):
            await exchange(port, authority.client(None))
    finally:
        await door.close()
    assert [peer.certificate for peer in peers] == [fingerprint(client)]
