"""Claims of a verified token, typed strictly (RFC 7519; OpenID Connect Core 1.0, 2)."""

import hmac
from datetime import datetime, timedelta
from typing import Any

from gateway.mapping.fhir.json import Json
from gateway.mapping.oidc.refusal import NotProvedError, Why
from gateway.records.readers.oidc import Client

LEEWAY = timedelta(seconds=60)
LEVELS = ("eidas1", "eidas2", "eidas3")
LEAST_OF = {"aud": Why.AUDIENCE, "iss": Why.ISSUER, "nonce": Why.NONCE, "acr": Why.ACR}
MAX_CLAIM = 2_000
MAX_SECOND = 253_402_300_799
"""The last one of the year 9999."""


def text_claim(claims: Json, name: str) -> str:
    """A claim that is text; "" where absent. Raises NotProvedError for any other type."""
    value = claims.get(name, "")
    if not isinstance(value, str) or len(value) > MAX_CLAIM:
        raise NotProvedError(LEAST_OF.get(name, Why.CLAIM))
    return value


def issued_for(claims: Json, client: Client, audience: str) -> None:
    """Of our issuer, for this one audience, at the level asked. Raises NotProvedError."""
    if text_claim(claims, "iss") != client.issuer:
        raise NotProvedError(Why.ISSUER)
    if not audience or claims.get("aud") not in (audience, [audience]):
        raise NotProvedError(Why.AUDIENCE)
    if client.acr and text_claim(claims, "acr") not in _levels(client.acr):
        raise NotProvedError(Why.ACR)


def in_time(claims: Json, now: datetime) -> None:
    """exp, nbf and iat, with a minute for clocks that differ. Raises NotProvedError."""
    at, leeway = now.timestamp(), LEEWAY.total_seconds()
    expires, issued = instant(claims.get("exp")), instant(claims.get("iat"))
    begins = instant(claims.get("nbf", issued))
    if at >= expires + leeway or at < begins - leeway or at < issued - leeway:
        raise NotProvedError(Why.TIME)


def instant(value: Any) -> int:
    """Seconds since 1970 as a whole number; a text or a boolean is none (RFC 7519, 2)."""
    if type(value) is not int or not 0 <= value <= MAX_SECOND:
        raise NotProvedError(Why.TIME)
    return value


def same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


def _levels(least: str) -> tuple[str, ...]:
    return LEVELS[LEVELS.index(least) :] if least in LEVELS else (least,)
