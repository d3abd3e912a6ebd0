"""TLS towards a receiver: a pinned issuer rather than a name (IHE ITI-19)."""

import ssl
from pathlib import Path


def client_context(
    *, ca: Path | None = None, certificate: Path | None = None, key: Path | None = None
) -> ssl.SSLContext:
    """TLS 1.2 or later. With `ca` only its certificates are trusted, whatever host they name:
    names in ATNA certificates often do not match. Without it, the system's authorities and names.

    Raises OSError (ssl.SSLError) when a file cannot be read or does not fit.
    """
    context = ssl.create_default_context(cafile=str(ca) if ca else None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca is not None:
        context.check_hostname = False
    if certificate is not None:
        context.load_cert_chain(certificate, key)
    return context
