"""A certificate of a stranger, read to the end at once: what is lazy in it would fail later."""

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm

from gateway.mapping.vihf.refusal import NotVihfError, Why

UNREADABLE = (
    ValueError,
    TypeError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)
"""All that reading a certificate may raise, by what is broken in it."""


def certificate_in(der: bytes) -> x509.Certificate:
    """Its names, dates, extensions and key can be read. Raises NotVihfError(CERTIFICATE)."""
    try:
        certificate = x509.load_der_x509_certificate(der)
        _ = certificate.subject, certificate.issuer, certificate.extensions
        _ = certificate.not_valid_before_utc, certificate.not_valid_after_utc
        certificate.public_key()
    except UNREADABLE:
        raise NotVihfError(Why.CERTIFICATE) from None
    return certificate
