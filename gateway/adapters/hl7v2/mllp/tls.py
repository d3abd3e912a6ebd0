"""TLS of the MLLP door: mutual where senders are known by their certificate (IHE ITI-19)."""

import hashlib
import ssl
from asyncio import BaseTransport
from pathlib import Path


def tls_context(certificate: Path, key: Path, *, client_ca: Path | None = None) -> ssl.SSLContext:
    """TLS 1.2 or later; with `client_ca`, a client certificate of that issuer is required.

    Raises OSError (ssl.SSLError) when a file cannot be read or does not fit.
    """
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificate, key)
    if client_ca is not None:
        context.load_verify_locations(client_ca)
        context.verify_mode = ssl.CERT_REQUIRED
    return context


def fingerprint_of(transport: BaseTransport) -> str | None:
    """SHA-256 of the verified client certificate in hex; None without TLS or certificate."""
    connection = transport.get_extra_info("ssl_object")
    der = connection.getpeercert(binary_form=True) if connection is not None else None
    return hashlib.sha256(der).hexdigest() if der else None
