"""A certificate to sign with and its key, as software of the DMP holds them: a card of a
professional, or the seal of an establishment."""

from dataclasses import dataclass
from hashlib import sha256

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from gateway.mapping.vihf.names import COMMON_NAME, UNIT, values_of
from gateway.mapping.vihf.prove import CARD


@dataclass(frozen=True, slots=True)
class Card:
    key: rsa.RSAPrivateKey
    certificate: x509.Certificate

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def fingerprint(self) -> str:
        """SHA-256, in hexadecimal."""
        return sha256(self.der).hexdigest()

    @property
    def issuer(self) -> str:
        """What an assertion names as its Issuer: the DN of who signs (RFC 4514)."""
        return self.certificate.subject.rfc4514_string()

    @property
    def person(self) -> str | None:
        """The PS_IdNat, or the number of an agent in a structure (CPE); None of a seal."""
        names = values_of(self.certificate.subject, COMMON_NAME)
        return next(filter(CARD.fullmatch, sorted(names)), None)

    @property
    def structure(self) -> str | None:
        """Its only OU, None where there is none or several."""
        units = values_of(self.certificate.subject, UNIT)
        return next(iter(units)) if len(units) == 1 else None

    def signed(self, data: bytes, method: hashes.HashAlgorithm) -> bytes:
        """RSASSA-PKCS1-v1_5: the same data give the same octets."""
        return self.key.sign(data, padding.PKCS1v15(), method)


def card_of(certificate: bytes, key: bytes) -> Card:
    """Both in PEM, the key in clear; one file may be both. Raises ValueError."""
    try:
        held = x509.load_pem_x509_certificate(certificate)
        secret = serialization.load_pem_private_key(key, None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise ValueError("a certificate and its key without a password, both in PEM") from error
    if isinstance(secret, rsa.RSAPrivateKey) and secret.public_key() == held.public_key():
        return Card(secret, held)
    raise ValueError("the RSA key of this very certificate: a VIHF is signed by no other")
