"""Is this ID token for us, from our provider, now, and for this very request?

The algorithm, the key and the issuer are ours to choose, never the token's: a header that brings
a key or an address is refused unread (OpenID Connect Core 1.0, 3.1.3.7; RFC 8725).
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from gateway.errors import RefusedError
from gateway.mapping.fhir.json import Json, load_json
from gateway.mapping.oidc.refusal import NotProvedError, Why
from gateway.records.oidc import Client

ALGORITHMS: Mapping[str, type[RSAKey] | type[ECKey]] = {
    "RS256": RSAKey,
    "PS256": RSAKey,
    "ES256": ECKey,
}
HEADERS = frozenset({"alg", "kid", "typ", "x5t", "x5t#S256"})
"""What a header may hold. jwk, jku, x5u, x5c, crit, zip, b64, p2c and all the rest: refused."""
COMPACT = re.compile(r"[A-Za-z0-9_-]{1,2048}\.[A-Za-z0-9_-]{1,14336}\.[A-Za-z0-9_-]{1,1400}")
KID = re.compile(r"[A-Za-z0-9._~=+@:-]{1,200}")
MAX_JSON_BYTES = 16_384
MIN_RSA_BITS = 2048
LEEWAY = timedelta(seconds=60)
LEVELS = ("eidas1", "eidas2", "eidas3")
LEAST_OF = {"aud": Why.AUDIENCE, "iss": Why.ISSUER, "nonce": Why.NONCE, "acr": Why.ACR}
MAX_CLAIM = 2_000


def key_name(token: str) -> str | None:
    """The kid that the header names. Raises NotProvedError for a header that we do not take."""
    kid = _header(token).get("kid")
    if kid is not None and (not isinstance(kid, str) or not KID.fullmatch(kid)):
        raise NotProvedError(Why.KEY)
    return kid


def read_id_token(
    token: str, keys: Sequence[Json], *, client: Client, nonce: str, now: datetime
) -> Json:
    """The claims of a token that proves who signed in; raises NotProvedError otherwise.

    `keys` are the JWK of the issuer (RFC 7517), `nonce` the one of the request.
    """
    header = _header(token)
    claims = _verified(token, header["alg"], _key(keys, header["alg"], key_name(token)))
    _for_us(claims, client, nonce)
    _in_time(claims, now)
    if text_claim(claims, "sub") == "":
        raise NotProvedError(Why.CLAIM)
    return claims


def goes_with(claims: Json, access_token: str) -> None:
    """at_hash, where the token has one (Core 3.1.3.8). Raises NotProvedError."""
    told = claims.get("at_hash")
    half = hashlib.sha256(access_token.encode()).digest()[:16]
    own = base64.urlsafe_b64encode(half).rstrip(b"=").decode()
    if told is not None and (not isinstance(told, str) or not _same(told, own)):
        raise NotProvedError(Why.CLAIM)


def text_claim(claims: Json, name: str) -> str:
    """A claim that is text; "" where absent. Raises NotProvedError for any other type."""
    value = claims.get(name, "")
    if not isinstance(value, str) or len(value) > MAX_CLAIM:
        raise NotProvedError(LEAST_OF.get(name, Why.CLAIM))
    return value


def _header(token: str) -> Json:
    if not COMPACT.fullmatch(token):
        raise NotProvedError(Why.TOKEN)
    header = _object(token.partition(".")[0])
    if not HEADERS.issuperset(header):
        raise NotProvedError(Why.HEADER)
    if not isinstance(header.get("alg"), str) or header["alg"] not in ALGORITHMS:
        raise NotProvedError(Why.ALGORITHM)
    return header


def _object(part: str) -> Json:
    try:
        raw = base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
        return load_json(raw, max_bytes=MAX_JSON_BYTES)
    except (ValueError, RefusedError):
        raise NotProvedError(Why.TOKEN) from None


def _key(keys: Sequence[Json], algorithm: str, kid: str | None) -> RSAKey | ECKey:
    """The one key of the issuer that may have signed this."""
    kind = ALGORITHMS[algorithm]
    found = [one for one in keys if _may_sign(one, kind.key_type, algorithm, kid)]
    if len(found) != 1:
        raise NotProvedError(Why.KEY)
    try:
        key = kind.import_key({k: v for k, v in found[0].items() if k in PUBLIC})
    except (JoseError, ValueError, TypeError, KeyError):
        raise NotProvedError(Why.KEY) from None
    if isinstance(key, RSAKey) and key.public_key.key_size < MIN_RSA_BITS:
        raise NotProvedError(Why.KEY)
    return key


PUBLIC = ("kty", "n", "e", "crv", "x", "y", "kid", "use", "alg")


def _may_sign(key: Json, key_type: str, algorithm: str, kid: str | None) -> bool:
    return (
        key.get("kty") == key_type
        and (kid is None or key.get("kid") == kid)
        and key.get("use", "sig") == "sig"
        and key.get("alg", algorithm) == algorithm
    )


def _verified(token: str, algorithm: str, key: RSAKey | ECKey) -> Json:
    registry = jws.JWSRegistry(algorithms=[algorithm], strict_check_header=True)
    registry.max_header_length = 2_048
    try:
        jws.deserialize_compact(token, key, registry=registry)
    except (JoseError, ValueError, TypeError, KeyError):
        raise NotProvedError(Why.SIGNATURE) from None
    return _object(token.split(".")[1])


def _for_us(claims: Json, client: Client, nonce: str) -> None:
    if text_claim(claims, "iss") != client.issuer:
        raise NotProvedError(Why.ISSUER)
    if claims.get("aud") not in (client.client_id, [client.client_id]):
        raise NotProvedError(Why.AUDIENCE)
    if claims.get("azp", client.client_id) != client.client_id:
        raise NotProvedError(Why.AUDIENCE)
    if not nonce or not _same(text_claim(claims, "nonce"), nonce):
        raise NotProvedError(Why.NONCE)
    if client.acr and text_claim(claims, "acr") not in _levels(client.acr):
        raise NotProvedError(Why.ACR)


def _levels(least: str) -> tuple[str, ...]:
    return LEVELS[LEVELS.index(least) :] if least in LEVELS else (least,)


def _in_time(claims: Json, now: datetime) -> None:
    at, leeway = now.timestamp(), LEEWAY.total_seconds()
    expires, issued = _instant(claims.get("exp")), _instant(claims.get("iat"))
    begins = _instant(claims.get("nbf", issued))
    if at >= expires + leeway or at < begins - leeway or at < issued - leeway:
        raise NotProvedError(Why.TIME)


def _instant(value: Any) -> int:
    """Seconds since 1970 as a whole number; a text or a boolean is none (RFC 7519, 2)."""
    if type(value) is not int:
        raise NotProvedError(Why.TIME)
    return value


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
