"""The TLS of a door: what it offers, and whom it asks for a certificate."""

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from gateway.daemon.doors import OpenDoors, context_of
from gateway.settings.sections.doors import Tls


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """A certificate for localhost that signs itself, and its key, made for this test."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    start = datetime(2026, 1, 1, tzinfo=UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=3650))
        .sign(key, hashes.SHA256())
    )
    certificate, secret = tmp_path / "server.pem", tmp_path / "server.key"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return certificate, secret


def of_a_door(tls: Tls) -> ssl.SSLContext:
    context = context_of(tls, "mllp", OpenDoors())
    assert context is not None
    return context


def test_a_door_speaks_tls_1_2_or_later(files: tuple[Path, Path]) -> None:
    context = of_a_door(Tls(certificate=files[0], key=files[1]))
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2
    assert context.verify_mode is ssl.CERT_NONE


@pytest.mark.parametrize(
    ("required", "mode"), [(True, ssl.CERT_REQUIRED), (False, ssl.CERT_OPTIONAL)]
)
def test_with_authorities_a_door_asks_for_certificates(
    files: tuple[Path, Path], *, required: bool, mode: ssl.VerifyMode
) -> None:
    tls = Tls(certificate=files[0], key=files[1], client_ca=files[0], client_required=required)
    assert of_a_door(tls).verify_mode is mode


def test_a_certificate_without_its_key_is_an_error(files: tuple[Path, Path]) -> None:
    with pytest.raises(ssl.SSLError):
        of_a_door(Tls(certificate=files[0], key=files[0]))
