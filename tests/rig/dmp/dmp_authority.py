"""An invented authority of certificates as IGC-Santé makes them: to sign, and to come by TLS."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

START = datetime(2020, 1, 1, tzinfo=UTC)
END = datetime(2120, 1, 1, tzinfo=UTC)
STRUCTURE = "10B0127189"
PERSON = "899700218896"
Public = rsa.RSAPublicKey | ec.EllipticCurvePublicKey
POLICY = "1.2.250.1.999.1.1"


@cache
def key_of(name: str) -> rsa.RSAPrivateKey:
    """One a name for the whole process: to make one takes longer than most tests."""
    del name
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass(frozen=True, slots=True)
class Signer:
    key: rsa.RSAPrivateKey
    certificate: x509.Certificate

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def subject(self) -> str:
        """Its DN as RFC 4514 writes it, which the Issuer of an assertion repeats."""
        return self.certificate.subject.rfc4514_string()

    @property
    def fingerprint(self) -> str:
        return self.certificate.fingerprint(hashes.SHA256()).hex()

    def write(self, path: Path) -> Path:
        """`path` as PEM, its key beside it as `.key`."""
        path.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))
        secret = path.with_suffix(".key")
        form = serialization.PrivateFormat.PKCS8
        plain = serialization.NoEncryption()
        secret.write_bytes(self.key.private_bytes(serialization.Encoding.PEM, form, plain))
        secret.chmod(0o600)
        return path


def signer_at(path: Path) -> Signer:
    """The one of two files, as a demo writes them: PEM, and the key beside it as `.key`."""
    key = serialization.load_pem_private_key(path.with_suffix(".key").read_bytes(), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return Signer(key, x509.load_pem_x509_certificate(path.read_bytes()))


class DmpAuthority:
    """Issues SIGN and AUTH certificates to structures and persons; and lists of revoked ones."""

    def __init__(
        self, name: str = "AC fictive", *, start: datetime = START, end: datetime = END
    ) -> None:
        self.key = key_of(f"authority {name}")
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self.certificate = (
            self._builder(self.name, self.key.public_key(), start, end)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
            .sign(self.key, hashes.SHA256())
        )

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def signer(
        self,
        *,
        structure: str = STRUCTURE,
        person: str = PERSON,
        start: datetime = START,
        end: datetime = END,
    ) -> Signer:
        """To sign: OU is the structure, CN the person's PS_IdNat."""
        key = key_of(f"sign {structure} {person}")
        usage = _usage(digital_signature=True, content_commitment=True)
        builder = self._issued(structure, person, key.public_key(), start, end).add_extension(
            usage, critical=True
        )
        return Signer(key, builder.sign(self.key, hashes.SHA256()))

    def certified(self, key: rsa.RSAPrivateKey) -> Signer:
        """A signer with a key of the test's own."""
        return Signer(key, x509.load_der_x509_certificate(self.certificate_for(key.public_key())))

    def certificate_for(self, key: Public, *extensions: x509.ExtensionType) -> bytes:
        """A certificate in DER of this key, with what it is told to bear beside."""
        builder = self._issued(STRUCTURE, PERSON, key, START, END)
        for one in extensions:
            builder = builder.add_extension(one, critical=False)
        made = builder.sign(self.key, hashes.SHA256())
        return made.public_bytes(serialization.Encoding.DER)

    def client(self, *, structure: str = STRUCTURE, person: str = PERSON) -> Signer:
        """To come by TLS, never to sign (AUTH_CLI)."""
        key = key_of(f"auth {structure} {person}")
        builder = self._issued(structure, person, key.public_key(), START, END)
        builder = builder.add_extension(_usage(digital_signature=True), critical=True)
        client = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH])
        return Signer(
            key, builder.add_extension(client, critical=False).sign(self.key, hashes.SHA256())
        )

    def revoked(self, *signers: Signer, at: datetime, days: int = 7) -> bytes:
        """A list of revoked certificates, PEM, made at `at` and good for `days`."""
        made = x509.CertificateRevocationListBuilder().issuer_name(self.name)
        made = made.last_update(at).next_update(at + timedelta(days=days))
        for one in signers:
            entry = x509.RevokedCertificateBuilder().serial_number(one.certificate.serial_number)
            made = made.add_revoked_certificate(entry.revocation_date(at).build())
        return made.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

    def _issued(
        self, structure: str, person: str, key: Public, start: datetime, end: datetime
    ) -> x509.CertificateBuilder:
        subject = x509.Name(
            [
                x509.NameAttribute(NameOID.COUNTRY_NAME, "FR"),
                x509.NameAttribute(NameOID.STATE_OR_PROVINCE_NAME, "Paris (75)"),
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, "CLINIQUE FICTIVE"),
                x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, structure),
                x509.NameAttribute(NameOID.COMMON_NAME, person),
            ]
        )
        policy = x509.PolicyInformation(x509.ObjectIdentifier(POLICY), None)
        return (
            self._builder(subject, key, start, end)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.CertificatePolicies([policy]), critical=False)
        )

    def _builder(
        self, subject: x509.Name, key: Public, start: datetime, end: datetime
    ) -> x509.CertificateBuilder:
        own = x509.SubjectKeyIdentifier.from_public_key(key)
        above = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(start)
            .not_valid_after(end)
            .add_extension(own, critical=False)
            .add_extension(above, critical=False)
        )


def _usage(
    *,
    digital_signature: bool = False,
    content_commitment: bool = False,
    key_cert_sign: bool = False,
    crl_sign: bool = False,
) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        content_commitment=content_commitment,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=key_cert_sign,
        crl_sign=crl_sign,
        encipher_only=False,
        decipher_only=False,
    )
