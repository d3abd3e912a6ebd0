"""The keys of a service's software, and what it signs with them."""

from functools import cache
from typing import Any
from uuid import uuid4

import orjson
from joserfc import jws
from joserfc.jwk import ECKey, RSAKey

from gateway.mapping.oidc.client_assertion import ASSERTION_TYPE

Key = RSAKey | ECKey
SIGNING = ECKey.generate_key("P-384", {"kid": "cle-1", "use": "sig"})


@cache
def rsa_key(kid: str = "cle-2", bits: int = 2048) -> RSAKey:
    return RSAKey.generate_key(bits, {"kid": kid, "use": "sig"})


def jwk_of(key: Key, **changes: str | None) -> dict[str, str]:
    """Its public part; a change to None takes a member away."""
    said = {**key.as_dict(private=False), **changes}
    return {name: str(one) for name, one in said.items() if one is not None}


def assertion(
    audience: str,
    now: int,
    *,
    key: Key = SIGNING,
    header: dict[str, Any] | None = None,
    **changes: Any,
) -> str:
    """What `glycosuivi` signs at `now`; `header` and `changes` replace, None takes away."""
    claims = {
        "iss": "glycosuivi",
        "sub": "glycosuivi",
        "aud": audience,
        "exp": now + 240,
        "jti": uuid4().hex,
    } | changes
    top = {
        "alg": "ES384" if isinstance(key, ECKey) else "RS384",
        "typ": "JWT",
        "kid": key.kid,
    } | (header or {})
    top = {name: one for name, one in top.items() if one is not None}
    payload = orjson.dumps({name: one for name, one in claims.items() if one is not None})
    registry = jws.JWSRegistry(algorithms=[top["alg"]], strict_check_header=False)
    return jws.serialize_compact(top, payload, key, registry=registry)


def by_key(signed: str, **changes: str) -> dict[str, str]:
    """The fields of a form that a client proves itself with."""
    return {"client_assertion_type": ASSERTION_TYPE, "client_assertion": signed} | changes
