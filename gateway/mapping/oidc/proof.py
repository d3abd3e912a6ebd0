"""A DPoP proof: who shows the token holds its key, for this request and once (RFC 9449, 4.3)."""

import re
from collections.abc import Container
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit, urlunsplit

from gateway.mapping.oidc.base64url import digest
from gateway.mapping.oidc.claims import LEEWAY, instant, same, text_claim
from gateway.mapping.oidc.jose import public_key, thumbprint, unverified
from gateway.mapping.oidc.refusal import NotProvedError, Why

HEADERS = frozenset({"alg", "typ", "jwk"})
TYPE = "dpop+jwt"
JTI = re.compile(r"[\x21-\x7e]{1,200}")
PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """`key` is the thumbprint of the key that signed it (RFC 7638), `jti` its name among those of
    this key, to be remembered until `until`."""

    key: str
    jti: str
    until: datetime


def read_proof(
    proof: str,
    *,
    algorithms: Container[str],
    method: str,
    address: str,
    token: str,
    now: datetime,
) -> Proof:
    """`address` is ours, without a query. Raises NotProvedError."""
    read = unverified(proof, algorithms=algorithms, headers=HEADERS)
    jwk = read.header.get("jwk")
    if read.typ != TYPE or not isinstance(jwk, dict) or not PRIVATE.isdisjoint(jwk):
        raise NotProvedError(Why.BINDING)
    key = public_key(jwk, read.algorithm)
    claims = read.claims(key)
    if text_claim(claims, "htm") != method or _plain(text_claim(claims, "htu")) != _plain(address):
        raise NotProvedError(Why.BINDING)
    if not same(text_claim(claims, "ath"), digest(token.encode())):
        raise NotProvedError(Why.BINDING)
    issued = datetime.fromtimestamp(instant(claims.get("iat")), UTC)
    jti = text_claim(claims, "jti")
    if abs(now - issued) > LEEWAY:
        raise NotProvedError(Why.TIME)
    if not JTI.fullmatch(jti):
        raise NotProvedError(Why.CLAIM)
    return Proof(key=thumbprint(key), jti=jti, until=issued + 2 * LEEWAY)


def _plain(address: str) -> str:
    """Without query and fragment, the host in small letters, no default port (4.3, check 9)."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise NotProvedError(Why.BINDING) from None
    if port not in (None, PORTS.get(parts.scheme)):
        host = f"{host}:{port}"
    return urlunsplit((parts.scheme, host, parts.path or "/", "", ""))
