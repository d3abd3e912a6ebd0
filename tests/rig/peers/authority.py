"""An invented certificate authority, for every test of a door that speaks TLS."""

import ipaddress
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

START = datetime(2020, 1, 1, tzinfo=UTC)
DAYS = 36_500


class Authority:
    """An invented issuer that writes certificates for loopback into a folder, with all that RFC
    5280 asks for: from version 3.13 on Python takes no others."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Autorité fictive")])
        made = self._certificate("Autorité fictive", self._key, ca=True)
        self.path = self._write("ca", made, self._key)

    def issue(self, name: str, *, days: int = DAYS) -> Path:
        """The PEM of a new certificate, good for `days`; its key lies beside it as `.key`."""
        key = ec.generate_private_key(ec.SECP256R1())
        return self._write(name, self._certificate(name, key, ca=False, days=days), key)

    def client(self, identity: Path | None) -> ssl.SSLContext:
        """How a peer connects that trusts this issuer; `identity` is its own certificate."""
        context = ssl.create_default_context(cafile=str(self.path))
        if identity is not None:
            context.load_cert_chain(identity, identity.with_suffix(".key"))
        return context

    def _certificate(
        self, name: str, key: ec.EllipticCurvePrivateKey, *, ca: bool, days: int = DAYS
    ) -> x509.Certificate:
        usage = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
        here = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
        own, above = key.public_key(), self._key.public_key()
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(above)
        return (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
            .issuer_name(self._name)
            .public_key(own)
            .serial_number(x509.random_serial_number())
            .not_valid_before(START)
            .not_valid_after(START + timedelta(days=days))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .add_extension(_usage(ca=ca), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(own), critical=False)
            .add_extension(issuer, critical=False)
            .add_extension(x509.SubjectAlternativeName([here]), critical=False)
            .add_extension(x509.ExtendedKeyUsage(usage), critical=False)
            .sign(self._key, hashes.SHA256())
        )

    def _write(
        self, name: str, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey
    ) -> Path:
        path = self._folder / f"{name}.pem"
        path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        secret = path.with_suffix(".key")
        secret.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        secret.chmod(0o600)
        return path


def _usage(*, ca: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=ca,
        crl_sign=ca,
        encipher_only=False,
        decipher_only=False,
    )


def fingerprint(certificate: Path) -> str:
    """As `gateway sender add --fingerprint` takes it."""
    read = x509.load_pem_x509_certificate(certificate.read_bytes())
    return read.fingerprint(hashes.SHA256()).hex()
