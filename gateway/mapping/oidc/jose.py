"""A signed token of JOSE, read the narrow way: algorithm, key and issuer are ours to choose.

A header that brings a key, an address or a compression of its own is refused unread (RFC 8725).
"""

import base64
import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from gateway.errors import RefusedError
from gateway.mapping.fhir.json import Json, load_json
from gateway.mapping.oidc.refusal import NotProvedError, Why

Key = RSAKey | ECKey
ALGORITHMS: Mapping[str, type[RSAKey] | type[ECKey]] = {
    "RS256": RSAKey,
    "PS256": RSAKey,
    "ES256": ECKey,
    "RS384": RSAKey,
    "ES384": ECKey,
}
HEADERS = frozenset({"alg", "kid", "typ", "x5t", "x5t#S256"})
"""What a header may hold. jwk, jku, x5u, x5c, crit, zip, b64, p2c and all the rest: refused."""
COMPACT = re.compile(r"[A-Za-z0-9_-]{1,2048}\.[A-Za-z0-9_-]{1,14336}\.[A-Za-z0-9_-]{1,1400}")
KID = re.compile(r"[A-Za-z0-9._~=+@:-]{1,200}")
MAX_JSON_BYTES = 16_384
MIN_RSA_BITS = 2048
PUBLIC = ("kty", "n", "e", "crv", "x", "y", "kid", "use", "alg")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unverified:
    """A token whose form is one that we take; nothing in it is believed yet."""

    token: str
    header: Json

    @property
    def algorithm(self) -> str:
        return str(self.header["alg"])

    @property
    def typ(self) -> str:
        """ "" where it says none; a media type without `application/` (RFC 7515, 4.1.9)."""
        typ = self.header.get("typ", "")
        if not isinstance(typ, str):
            raise NotProvedError(Why.HEADER)
        return typ.lower().removeprefix("application/")

    @property
    def kid(self) -> str | None:
        """The name of the key that signed it. Raises NotProvedError for what is no name."""
        kid = self.header.get("kid")
        if kid is not None and (not isinstance(kid, str) or not KID.fullmatch(kid)):
            raise NotProvedError(Why.KEY)
        return kid

    @property
    def said(self) -> Json:
        """What it says, believed by nobody yet: enough to find whose key it needs."""
        return _object(self.token.split(".")[1])

    def claims(self, key: Key) -> Json:
        """What it says, once this key is found to have signed it. Raises NotProvedError."""
        registry = jws.JWSRegistry(algorithms=[self.algorithm], strict_check_header=True)
        registry.max_header_length = 2_048
        try:
            jws.deserialize_compact(self.token, key, registry=registry)
        except (JoseError, ValueError, TypeError, KeyError):
            raise NotProvedError(Why.SIGNATURE) from None
        return self.said


def unverified(
    token: str, *, algorithms: Container[str], headers: frozenset[str] = HEADERS
) -> Unverified:
    """`headers` are the only members that its header may have. Raises NotProvedError."""
    if not COMPACT.fullmatch(token):
        raise NotProvedError(Why.TOKEN)
    header = _object(token.partition(".")[0])
    if not headers.issuperset(header):
        raise NotProvedError(Why.HEADER)
    algorithm = header.get("alg")
    if not isinstance(algorithm, str) or algorithm not in ALGORITHMS or algorithm not in algorithms:
        raise NotProvedError(Why.ALGORITHM)
    return Unverified(token=token, header=header)


def one_of(keys: Sequence[Json], read: Unverified) -> Key:
    """The one key of the issuer that may have signed this. Raises NotProvedError."""
    kind = ALGORITHMS[read.algorithm]
    found = [one for one in keys if _may_sign(one, kind.key_type, read.algorithm, read.kid)]
    if len(found) != 1:
        raise NotProvedError(Why.KEY)
    return public_key(found[0], read.algorithm)


def public_key(jwk: Json, algorithm: str) -> Key:
    """A key for this algorithm; an RSA key has 2048 bits or more. Raises NotProvedError."""
    kind = ALGORITHMS[algorithm]
    try:
        key = kind.import_key({k: v for k, v in jwk.items() if k in PUBLIC})
    except (JoseError, ValueError, TypeError, KeyError):
        raise NotProvedError(Why.KEY) from None
    if isinstance(key, RSAKey) and key.public_key.key_size < MIN_RSA_BITS:
        raise NotProvedError(Why.KEY)
    return key


def thumbprint(key: Key) -> str:
    """The name of a key that anybody can compute (RFC 7638, SHA-256). Raises NotProvedError."""
    try:
        return key.thumbprint()
    except (JoseError, ValueError, TypeError, KeyError):
        raise NotProvedError(Why.KEY) from None


def _may_sign(key: Json, key_type: str, algorithm: str, kid: str | None) -> bool:
    return (
        key.get("kty") == key_type
        and (kid is None or key.get("kid") == kid)
        and key.get("use", "sig") == "sig"
        and key.get("alg", algorithm) == algorithm
    )


def _object(part: str) -> Json:
    try:
        raw = base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
        return load_json(raw, max_bytes=MAX_JSON_BYTES)
    except (ValueError, RefusedError):
        raise NotProvedError(Why.TOKEN) from None
