"""What a client signs to be known by its key: `private_key_jwt` (RFC 7523, 3; SMART App Launch 2,
client-confidential-asymmetric)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from gateway.mapping.oidc.claims import LEEWAY, in_time, instant, text_claim
from gateway.mapping.oidc.jose import (
    PUBLIC,
    Key,
    Unverified,
    one_of,
    public_key,
    thumbprint,
    unverified,
)
from gateway.mapping.oidc.refusal import NotProvedError, Why

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ALGORITHMS = ("RS384", "ES384")
"""The two that SMART App Launch 2 has every client sign with one of."""
KINDS = {"RSA": "RS384", "EC": "ES384"}
CURVE = "P-384"
HEADERS = frozenset({"alg", "kid", "typ"})
LONGEST = timedelta(minutes=5)
JTI = re.compile(r"[\x21-\x7e]{1,200}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientAssertion:
    """Its form is one that we take. Nothing of it is believed: `client` is who it says it is."""

    client: str
    read: Unverified


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """`jti` is its name among those of this client, to be remembered until `until`."""

    jti: str
    until: datetime


def read_client_assertion(assertion: str) -> ClientAssertion:
    """Raises NotProvedError, for a header too that brings a key or an address of one (`jku`)."""
    read = unverified(assertion, algorithms=ALGORITHMS, headers=HEADERS)
    if read.typ != "jwt" or read.kid is None:
        raise NotProvedError(Why.HEADER)
    client = text_claim(read.said, "iss")
    if not client or text_claim(read.said, "sub") != client:
        raise NotProvedError(Why.CLAIM)
    return ClientAssertion(client=client, read=read)


def prove(
    assertion: ClientAssertion,
    keys: Sequence[Mapping[str, str]],
    *,
    audience: str,
    now: datetime,
) -> Shown:
    """Signed by one of these keys, for this address alone, for five minutes at most. Whether it
    comes for the first time is for the caller to see. Raises NotProvedError."""
    read = assertion.read
    claims = read.claims(one_of([dict(key) for key in keys], read))
    if claims.get("aud") not in (audience, [audience]):
        raise NotProvedError(Why.AUDIENCE)
    in_time({"iat": claims.get("iat", 0), **claims}, now)
    ends = datetime.fromtimestamp(instant(claims.get("exp")), UTC)
    if ends > now + LONGEST + LEEWAY:
        raise NotProvedError(Why.TIME)
    jti = text_claim(claims, "jti")
    if not JTI.fullmatch(jti):
        raise NotProvedError(Why.CLAIM)
    return Shown(jti=jti, until=ends + LEEWAY)


def is_client_key(jwk: Mapping[str, str]) -> bool:
    """A public key with a name: RSA of 2048 bits or more, or EC of the curve P-384 (RFC 7517)."""
    algorithm = KINDS.get(jwk.get("kty", ""), "")
    if not set(PUBLIC).issuperset(jwk) or not jwk.get("kid") or not algorithm:
        return False
    if jwk.get("use", "sig") != "sig" or jwk.get("alg", algorithm) != algorithm:
        return False
    try:
        _key(jwk)
    except NotProvedError:
        return False
    return jwk["kty"] == "RSA" or jwk.get("crv") == CURVE


def thumbprint_of(jwk: Mapping[str, str]) -> str:
    """What a publisher can read out to have its key known again (RFC 7638). Raises NotProvedError
    for what is no key."""
    return thumbprint(_key(jwk))


def _key(jwk: Mapping[str, str]) -> Key:
    return public_key(dict(jwk), KINDS.get(jwk.get("kty", ""), ALGORITHMS[0]))
