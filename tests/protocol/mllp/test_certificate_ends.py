"""Until when a peer's certificate is good is seen at its handshake, whatever the door."""

import asyncio
import ssl
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import cast

import pytest
from authority import Authority, fingerprint
from cryptography import x509

from gateway.adapters.certificates import MAX_SEEN, CertificateEnds
from gateway.adapters.hl7v2.mllp import tls_context
from gateway.adapters.turned_away import TurnedAway, watched
from gateway.clock import SystemClock


def end_of(path: Path) -> datetime:
    return x509.load_pem_x509_certificate(path.read_bytes()).not_valid_after_utc


async def shake_hands(server: ssl.SSLContext, client: ssl.SSLContext) -> None:
    async def bye(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"x")
        await writer.drain()
        writer.close()

    listener = await asyncio.start_server(bye, "127.0.0.1", 0, ssl=server)
    try:
        port = listener.sockets[0].getsockname()[1]
        reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=client)
        assert await reader.read() == b"x"
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
    finally:
        listener.close()
        await listener.wait_closed()


async def test_the_end_of_a_certificate_is_known_once_its_peer_came(tmp_path: Path) -> None:
    authority, ends = Authority(tmp_path), CertificateEnds()
    server, client = authority.issue("server"), authority.issue("labo")
    context = tls_context(server, server.with_suffix(".key"), client_ca=authority.path)
    watched(context, listener="labo", away=TurnedAway(SystemClock()), met=ends.met)
    name = fingerprint(client)
    assert ends(name) is None
    await shake_hands(context, authority.client(client))
    assert ends(name) == end_of(client)


async def test_a_peer_without_a_certificate_or_that_is_not_asked_for_one_is_nothing_new(
    tmp_path: Path,
) -> None:
    authority, ends = Authority(tmp_path), CertificateEnds()
    server, client = authority.issue("server"), authority.issue("labo")
    context = tls_context(server, server.with_suffix(".key"))
    watched(context, listener="labo", away=TurnedAway(SystemClock()), met=ends.met)
    await shake_hands(context, authority.client(client))
    context = tls_context(server, server.with_suffix(".key"), client_ca=authority.path)
    context.verify_mode = ssl.CERT_OPTIONAL
    watched(context, listener="labo", away=TurnedAway(SystemClock()), met=ends.met)
    await shake_hands(context, authority.client(None))
    assert ends == CertificateEnds()


@dataclass
class Told:
    """As much of a connection as is asked, with a peer as a test says."""

    number: int = 0
    until: str = "Mar  3 12:00:00 2027 GMT"

    def getpeercert(self, *, binary_form: bool = False) -> bytes | dict[str, str]:
        return b"%d" % self.number if binary_form else {"notAfter": self.until}


def met(ends: CertificateEnds, told: Told) -> None:
    ends.met(cast(ssl.SSLObject, told))


@pytest.mark.parametrize("until", ["", "tomorrow", "Mar  3 12:00:00 99999 GMT"])
def test_a_date_that_cannot_be_read_stops_no_handshake(until: str) -> None:
    ends = CertificateEnds()
    met(ends, Told(until=until))
    assert ends == CertificateEnds()


def test_no_more_certificates_are_remembered_than_there_is_room_for() -> None:
    ends = CertificateEnds()
    for number in range(MAX_SEEN + 5):
        met(ends, Told(number=number))
    assert len(ends._ends) == MAX_SEEN
