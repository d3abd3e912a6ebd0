"""TLS of the MLLP door: a client certificate is required, verified and named by its digest."""

import asyncio
import hashlib
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from gateway.adapters.mllp import MllpDoor, MllpPeer, MllpSettings, tls_context
from gateway.adapters.mllp_protocol import framed
from gateway.clock import SystemClock, SystemIds

START = datetime(2020, 1, 1, tzinfo=UTC)


class Authority:
    """An invented issuer that writes certificates into a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test CA")])
        self.path = self._write("ca", self._certificate("Test CA", self._key, ca=True), self._key)[
            0
        ]

    def issue(self, name: str) -> tuple[Path, Path]:
        key = ec.generate_private_key(ec.SECP256R1())
        return self._write(name, self._certificate(name, key, ca=False), key)

    def _certificate(
        self, name: str, key: ec.EllipticCurvePrivateKey, *, ca: bool
    ) -> x509.Certificate:
        return (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(START)
            .not_valid_after(START + timedelta(days=36500))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .sign(self._key, hashes.SHA256())
        )

    def _write(
        self, name: str, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey
    ) -> tuple[Path, Path]:
        paths = self._folder / f"{name}.pem", self._folder / f"{name}.key"
        paths[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        paths[1].write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        return paths


def client_context(authority: Authority, identity: tuple[Path, Path] | None) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(authority.path))
    context.check_hostname = False
    if identity is not None:
        context.load_cert_chain(*identity)
    return context


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

    settings = MllpSettings(port=0, tls=tls_context(*server, client_ca=authority.path))
    door = MllpDoor(receive=receive, settings=settings, clock=SystemClock(), ids=SystemIds())
    _, port = await door.start()
    try:
        assert await exchange(port, client_context(authority, client)) == framed(b"one")
        with pytest.raises((ssl.SSLError, ConnectionError, asyncio.IncompleteReadError)):
            await exchange(port, client_context(authority, None))
    finally:
        await door.close()
    der = x509.load_pem_x509_certificate(client[0].read_bytes()).public_bytes(
        serialization.Encoding.DER
    )
    assert [peer.certificate for peer in peers] == [hashlib.sha256(der).hexdigest()]
