"""Addresses as an operator writes them, and the TLS that they ask for."""

import ssl
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit


class BadAddressError(Exception):
    """The text says what an address looks like."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tls:
    """Files of the authority that is trusted and of the kit's own certificate and key."""

    authority: Path | None = None
    certificate: Path | None = None
    key: Path | None = None

    def context(self) -> ssl.SSLContext:
        """Raises OSError and ssl.SSLError."""
        context = ssl.create_default_context(cafile=str(self.authority) if self.authority else None)
        if self.certificate:
            context.load_cert_chain(self.certificate, self.key)
        return context

    def listening(self) -> ssl.SSLContext:
        """For a listener: its certificate is needed; with an authority, the peer's too.

        Raises OSError, ssl.SSLError and BadAddressError.
        """
        if self.certificate is None:
            raise BadAddressError("a listener with TLS needs --cert and --key")
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(self.certificate, self.key)
        if self.authority:
            context.load_verify_locations(str(self.authority))
            context.verify_mode = ssl.CERT_REQUIRED
        return context


@dataclass(frozen=True, slots=True)
class Address:
    host: str
    port: int
    tls: bool = False

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


def read_address(text: str, *schemes: str) -> Address:
    """`host:port` or `scheme://host:port`; a scheme that ends in s means TLS.

    Raises BadAddressError.
    """
    wanted = f"{schemes[0]}://HOST:PORT"
    try:
        parts = urlsplit(text if "://" in text else f"{schemes[0]}://{text}")
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise BadAddressError(f"{text}: {error}; write {wanted}") from error
    if parts.scheme not in schemes or not host or port is None:
        raise BadAddressError(f"{text}: write {wanted}")
    return Address(host, port, parts.scheme.endswith("s"))


def read_base(url: str) -> Address:
    """The door of `http://host[:port][/path]`, or of `https://`. Raises BadAddressError."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise BadAddressError(f"{url}: {error}; write http://HOST:PORT") from error
    if parts.scheme not in ("http", "https") or not host or parts.query or parts.fragment:
        raise BadAddressError(f"{url}: write http://HOST:PORT")
    tls = parts.scheme == "https"
    return Address(host, port or (443 if tls else 80), tls)
