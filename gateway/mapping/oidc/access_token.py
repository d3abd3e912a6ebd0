"""Is this access token for our FHIR door, from our provider, now, and shown by its owner?

RFC 9068 where it applies; cnf of RFC 8705 (mutual TLS) and RFC 9449 (DPoP).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from gateway.mapping.fhir.json import Json
from gateway.mapping.oidc.claims import in_time, issued_for, text_claim
from gateway.mapping.oidc.jose import one_of, unverified
from gateway.mapping.oidc.refusal import NotProvedError, Why
from gateway.records.readers.oidc import Client

TYPES = frozenset({"", "jwt", "at+jwt"})
USES = frozenset({"", "Bearer", "DPoP"})
"""The claim typ, by which some providers tell an access token from an ID or refresh token."""
OF_AN_ID_TOKEN = frozenset({"at_hash", "c_hash", "s_hash"})
CONFIRMATIONS = frozenset({"jkt", "x5t#S256"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """To what a token is bound, as base64url: the thumbprint of a key, the SHA-256 of a
    certificate; "" where it is not."""

    key: str = ""
    certificate: str = ""


def read_access_token(token: str, keys: Sequence[Json], *, client: Client, now: datetime) -> Json:
    """The claims of a token that opens our FHIR door; raises NotProvedError otherwise."""
    read = unverified(token, algorithms=client.algorithms)
    if read.typ not in TYPES:
        raise NotProvedError(Why.TOKEN)
    claims = read.claims(one_of(keys, read))
    issued_for(claims, client, client.audience)
    if text_claim(claims, "typ") not in USES or not OF_AN_ID_TOKEN.isdisjoint(claims):
        raise NotProvedError(Why.AUDIENCE)
    in_time(claims, now)
    if text_claim(claims, "sub") == "":
        raise NotProvedError(Why.CLAIM)
    return claims


def binding_of(claims: Json) -> Bound:
    """The claim cnf; a way to confirm that we do not know is refused (RFC 7800, 3.1)."""
    cnf = claims.get("cnf")
    if cnf is None:
        return Bound()
    if not isinstance(cnf, dict) or not cnf or not CONFIRMATIONS.issuperset(cnf):
        raise NotProvedError(Why.BINDING)
    return Bound(key=text_claim(cnf, "jkt"), certificate=text_claim(cnf, "x5t#S256"))
