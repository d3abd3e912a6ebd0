"""base64url without padding (RFC 7515, section 2), and the digests that are written in it."""

import base64
import hashlib


def base64url(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def digest(octets: bytes) -> str:
    """SHA-256: thumbprints (RFC 9449, 6.1), `ath`, and the S256 challenge of PKCE (RFC 7636, 4.6)
    of a verifier in ASCII."""
    return base64url(hashlib.sha256(octets).digest())


def at_hash(token: str) -> str:
    """The left half of SHA-256 (OpenID Connect Core 1.0, 3.1.3.6)."""
    return base64url(hashlib.sha256(token.encode()).digest()[:16])
