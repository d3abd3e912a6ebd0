"""A configured gateway: its folder, certificates, senders and one person with an open space."""

import asyncio
import ipaddress
import socket
import ssl
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from papers import Person, stranger

from gateway.adapters.metrics import PrometheusMetrics
from gateway.clock import SystemClock, SystemIds
from gateway.daemon.house import judged_store
from gateway.records.account import AccountState
from gateway.records.filing import IdentityChange
from gateway.records.patient import PatientIdentity
from gateway.settings import read_settings

START = datetime(2020, 1, 1, tzinfo=UTC)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def gateway(*words: str) -> subprocess.CompletedProcess[str]:
    """One command of an operator."""
    command = [sys.executable, "-m", "gateway", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


@dataclass
class Operator:
    """What an operator does in one folder before `gateway serve --config`."""

    folder: Path
    person: Person = field(default_factory=stranger)

    @property
    def config(self) -> Path:
        return self.folder / "gateway.toml"

    def prepare(self, toml: str) -> "Operator":
        """`gateway init`, then this configuration, `gateway migrate`, and one open space."""
        assert gateway("init", str(self.folder)).returncode == 0
        self.config.write_text(f'profile = "test"\n{toml}', "utf-8")
        done = gateway("migrate", "--config", str(self.config))
        assert done.returncode == 0, done.stderr
        asyncio.run(self._open_space())
        return self

    def sender(self, name: str, *words: str) -> str:
        """`gateway sender add`; the token that it printed, if any."""
        done = gateway("sender", "add", name, "--config", str(self.config), *words)
        assert done.returncode == 0, done.stderr
        return done.stdout.rpartition(" ")[2].strip()

    async def _open_space(self) -> None:
        settings, _ = read_settings(self.config)
        metrics, who = PrometheusMetrics(), self.person
        store = judged_store(settings, clock=SystemClock(), ids=SystemIds(), metrics=metrics)
        identity = PatientIdentity(
            ins=who.ins,
            ins_oid=who.oid,
            birth_family=who.family,
            birth_given=who.given,
            birth_givens=who.givens,
            birth_date=f"{who.birth[:4]}-{who.birth[4:6]}-{who.birth[6:]}",
            sex=who.sex,
            birth_place=who.place,
            traits_complete=True,
        )
        key = store.keys.patient_key(who.oid, who.ins)
        try:
            await store.people.change_identity(
                IdentityChange(
                    key=key, identity=identity, qualified=True, state=AccountState.ACTIVE
                )
            )
        finally:
            await store.close()


class Authority:
    """An invented issuer that writes certificates for loopback into a folder."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Autorité fictive")])
        made = self._certificate("Autorité fictive", self._key, ca=True)
        self.path = self._write("ca", made, self._key)

    def issue(self, name: str) -> Path:
        """The PEM of a new certificate; its key lies beside it as `.key`."""
        key = ec.generate_private_key(ec.SECP256R1())
        return self._write(name, self._certificate(name, key, ca=False), key)

    def client(self, identity: Path | None) -> ssl.SSLContext:
        """How a peer connects that trusts this issuer; `identity` is its own certificate."""
        context = ssl.create_default_context(cafile=str(self.path))
        if identity is not None:
            context.load_cert_chain(identity, identity.with_suffix(".key"))
        return context

    def _certificate(
        self, name: str, key: ec.EllipticCurvePrivateKey, *, ca: bool
    ) -> x509.Certificate:
        usage = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
        here = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
        return (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(START)
            .not_valid_after(START + timedelta(days=36500))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
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


def fingerprint(certificate: Path) -> str:
    """As `gateway sender add --fingerprint` takes it."""
    read = x509.load_pem_x509_certificate(certificate.read_bytes())
    return read.fingerprint(hashes.SHA256()).hex()
