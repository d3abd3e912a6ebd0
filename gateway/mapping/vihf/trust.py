"""Is this certificate one of ours to sign with: its authority, its dates, its revocation, its use.

An authority is trusted because the operator listed it. Each listed one is asked for itself: what
issued it is not looked for.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

from gateway.mapping.vihf.der import UNREADABLE, certificate_in
from gateway.mapping.vihf.names import COMMON_NAME, values_of
from gateway.mapping.vihf.refusal import NotVihfError, Why

Revocations = x509.CertificateRevocationList
Extension = TypeVar("Extension", bound=x509.ExtensionType)
TO_COME_BY = frozenset({ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.SERVER_AUTH})
STRONG = (hashes.SHA256, hashes.SHA384, hashes.SHA512)


DEMO_AUTHORITY = "Passerelle : autorité de démonstration"
"""The common name of the one that every demo makes, whose keys lie open in its folder."""


@dataclass(frozen=True, slots=True)
class Authority:
    """One that the operator lists, and the lists of revoked certificates that it signed."""

    certificate: x509.Certificate
    revocations: tuple[Revocations, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """`authorities` issue certificates to sign with. `listed` says that one without a list of
    revoked certificates proves nothing. `policies` are the OIDs of certificate policies of which
    one must be in a certificate; none asks its key usage alone."""

    authorities: tuple[Authority, ...]
    listed: bool = False
    policies: frozenset[str] = frozenset()


def trust_of(
    authorities: Sequence[bytes],
    revocations: Sequence[bytes] = (),
    *,
    listed: bool = False,
    policies: Iterable[str] = (),
    demo: bool = True,
) -> Trust:
    """From the contents of files: authorities in PEM, lists in PEM or DER. The signatures of the
    lists are verified here, once. Without `demo` a demo's authority is refused. Raises ValueError,
    which says what is wrong with a file."""
    try:
        known = _owning(authorities, revocations, demo=demo)
    except ValueError:
        raise
    except UNREADABLE as error:
        raise ValueError("a certificate or a list that cannot be read") from error
    return Trust(authorities=known, listed=listed, policies=frozenset(policies))


def _owning(
    authorities: Sequence[bytes], revocations: Sequence[bytes], *, demo: bool
) -> tuple[Authority, ...]:
    known = [one for pem in authorities for one in certificates_of(pem)]
    if not demo and any(map(_is_of_a_demo, known)):
        raise ValueError("the authority of a demo: anybody may hold its keys")
    lists = [revocations_of(data) for data in revocations]
    owned = tuple(Authority(one, tuple(ls for ls in lists if _is_by(ls, one))) for one in known)
    if any(all(one not in owner.revocations for owner in owned) for one in lists):
        raise ValueError("a list of revoked certificates that none of the authorities signed")
    return owned


def check_certificate(certificate: x509.Certificate, trust: Trust, now: datetime) -> None:
    """Raises NotVihfError: AUTHORITY, DATES, REVOKED, LIST, PURPOSE, CERTIFICATE."""
    owners = [one for one in trust.authorities if _issued(certificate, one.certificate)]
    if not owners:
        raise NotVihfError(Why.AUTHORITY)
    authority = owners[0]
    for one in (certificate, authority.certificate):
        if not one.not_valid_before_utc <= now <= one.not_valid_after_utc:
            raise NotVihfError(Why.DATES)
    _check_revocation(certificate, authority, listed=trust.listed, now=now)
    _check_purpose(certificate, trust.policies)


def check_connection(der: bytes, trust: Trust, now: datetime) -> None:
    """A client certificate, which TLS verified but for its revocation: held against the lists of
    its authority where that is listed, as one to sign with is. Any other is left to TLS.

    Raises NotVihfError: WITHDRAWN, LIST, CERTIFICATE.
    """
    certificate = certificate_in(der)
    owner = next((one for one in trust.authorities if _issued(certificate, one.certificate)), None)
    if owner is None:
        return
    try:
        _check_revocation(certificate, owner, listed=trust.listed, now=now)
    except NotVihfError as error:
        raise NotVihfError(Why.WITHDRAWN if error.why is Why.REVOKED else error.why) from None


def is_trusted(der: bytes, trust: Trust, now: datetime) -> bool:
    """Whether a certificate is one of ours to sign with; False for bytes that are none."""
    try:
        check_certificate(certificate_in(der), trust, now)
    except NotVihfError:
        return False
    return True


def certificates_of(pem: bytes) -> list[x509.Certificate]:
    """Those of a file of authorities. Raises ValueError: none, or one that is no authority."""
    read = x509.load_pem_x509_certificates(pem)
    if not all(map(_is_authority, read)):
        raise ValueError("a certificate that is no authority's")
    return read


def revocations_of(data: bytes) -> Revocations:
    """A list of revoked certificates, PEM or DER. Raises ValueError."""
    if b"-----BEGIN" in data[:2_000]:
        return x509.load_pem_x509_crl(data)
    return x509.load_der_x509_crl(data)


def _issued(certificate: x509.Certificate, authority: x509.Certificate) -> bool:
    if not _is_authority(authority):
        return False
    try:
        if not isinstance(certificate.signature_hash_algorithm, STRONG):
            return False
        certificate.verify_directly_issued_by(authority)
    except (InvalidSignature, *UNREADABLE):
        return False
    return True


def _is_authority(certificate: x509.Certificate) -> bool:
    basic = _extension(certificate, x509.BasicConstraints)
    usage = _extension(certificate, x509.KeyUsage)
    return basic is not None and basic.ca and (usage is None or usage.key_cert_sign)


def _is_of_a_demo(certificate: x509.Certificate) -> bool:
    return DEMO_AUTHORITY in values_of(certificate.subject, COMMON_NAME)


def _check_revocation(
    certificate: x509.Certificate, authority: Authority, *, listed: bool, now: datetime
) -> None:
    """A list that is out of date tells nothing of who was revoked since, but all of who was."""
    lists, number = authority.revocations, certificate.serial_number
    if any(one.get_revoked_certificate_by_serial_number(number) is not None for one in lists):
        raise NotVihfError(Why.REVOKED)
    if (lists or listed) and not any(_in_force(one, now) for one in lists):
        raise NotVihfError(Why.LIST)


def _is_by(revocations: Revocations, authority: x509.Certificate) -> bool:
    key = authority.public_key()
    if revocations.issuer != authority.subject:
        return False
    if not isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey):
        return False
    if not isinstance(revocations.signature_hash_algorithm, STRONG):
        return False
    return revocations.is_signature_valid(key)


def _in_force(revocations: Revocations, now: datetime) -> bool:
    until = revocations.next_update_utc
    return until is not None and revocations.last_update_utc <= now <= until


def _check_purpose(certificate: x509.Certificate, policies: frozenset[str]) -> None:
    """By policy where policies are known; KeyUsage alone does not tell (XDS.md section 8), but a
    certificate whose use is to come by TLS is never one to sign with."""
    if _is_authority(certificate):
        raise NotVihfError(Why.PURPOSE)
    usage = _extension(certificate, x509.KeyUsage)
    if usage is not None and not (usage.digital_signature or usage.content_commitment):
        raise NotVihfError(Why.PURPOSE)
    extended = _extension(certificate, x509.ExtendedKeyUsage)
    if extended is not None and not TO_COME_BY.isdisjoint(extended):
        raise NotVihfError(Why.PURPOSE)
    if policies and policies.isdisjoint(_policies(certificate)):
        raise NotVihfError(Why.PURPOSE)


def _policies(certificate: x509.Certificate) -> Iterable[str]:
    told = _extension(certificate, x509.CertificatePolicies)
    return (one.policy_identifier.dotted_string for one in told or ())


def _extension(certificate: x509.Certificate, kind: type[Extension]) -> Extension | None:
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None
