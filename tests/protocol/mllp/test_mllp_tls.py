"""TLS of the MLLP door: a client certificate is required, verified and named by its digest."""

import asyncio
import ssl
from pathlib import Path

import pytest
from answers import ANSWER_SECONDS
from authority import Authority, fingerprint
from structlog.testing import capture_logs

from gateway.adapters.hl7v2.mllp import MllpDoor, MllpPeer, MllpSettings, tls_context
from gateway.adapters.hl7v2.mllp_protocol import framed
from gateway.adapters.turned_away import MAX_LINES, TurnedAway, watched
from gateway.clock import SystemClock, SystemIds


async def exchange(port: int, context: ssl.SSLContext) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context)
    try:
        writer.write(framed(b"one"))
        return await asyncio.wait_for(reader.readuntil(b"\x1c\r"), ANSWER_SECONDS)
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


async def test_a_handshake_that_fails_is_told_once_and_never_floods(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    server = authority.issue("server")

    async def receive(_peer: MllpPeer, frame: bytes) -> bytes:
        return frame

    context = tls_context(server, server.with_suffix(".key"), client_ca=authority.path)
    watched(context, listener="labo", away=TurnedAway(SystemClock()))
    settings = MllpSettings(port=0, tls=context)
    door = MllpDoor(receive=receive, settings=settings, clock=SystemClock(), ids=SystemIds())
    _, port = await door.start()
    try:
        with capture_logs() as logs:
            for _ in range(MAX_LINES + 3):
                with pytest.raises((ssl.SSLError, ConnectionError, asyncio.IncompleteReadError)):
                    await exchange(port, authority.client(None))
    finally:
        await door.close()
    assert logs[0] == {
        "event": "tls.refused",
        "log_level": "warning",
        "listener": "labo",
        "reason": "PEER_DID_NOT_RETURN_A_CERTIFICATE",
    }
    assert len(logs) == MAX_LINES


def test_a_door_that_floods_silences_no_other() -> None:
    away = TurnedAway(SystemClock())
    with capture_logs() as logs:
        for listener in ["one"] * (MAX_LINES + 1) + ["two"]:
            away.note("tls.refused", listener=listener)
    assert [one["listener"] for one in logs] == ["one"] * MAX_LINES + ["two"]
