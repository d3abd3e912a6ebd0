"""Is this ID token for us, from our provider, now, and for this very request?

OpenID Connect Core 1.0, 3.1.3.7.
"""

from collections.abc import Sequence
from datetime import datetime

from gateway.mapping.fhir.json import Json
from gateway.mapping.oidc.base64url import at_hash
from gateway.mapping.oidc.claims import in_time, issued_for, same, text_claim
from gateway.mapping.oidc.jose import one_of, unverified
from gateway.mapping.oidc.refusal import NotProvedError, Why
from gateway.records.readers.oidc import Client


def read_id_token(
    token: str, keys: Sequence[Json], *, client: Client, nonce: str, now: datetime
) -> Json:
    """The claims of a token that proves who signed in; raises NotProvedError otherwise.

    `keys` are the JWK of the issuer (RFC 7517), `nonce` the one of the request.
    """
    read = unverified(token, algorithms=client.algorithms)
    claims = read.claims(one_of(keys, read))
    issued_for(claims, client, client.client_id)
    if claims.get("azp", client.client_id) != client.client_id:
        raise NotProvedError(Why.AUDIENCE)
    if not nonce or not same(text_claim(claims, "nonce"), nonce):
        raise NotProvedError(Why.NONCE)
    in_time(claims, now)
    if text_claim(claims, "sub") == "":
        raise NotProvedError(Why.CLAIM)
    return claims


def goes_with(claims: Json, access_token: str) -> None:
    """at_hash, where the token has one (Core 3.1.3.8). Raises NotProvedError."""
    told = claims.get("at_hash")
    if told is not None and (not isinstance(told, str) or not same(told, at_hash(access_token))):
        raise NotProvedError(Why.CLAIM)
