"""The provider's description of itself (OpenID Connect Discovery 1.0), and its keys."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from gateway.errors import RefusedError
from gateway.mapping.fhir.json import Json, load_json
from gateway.mapping.oidc.refusal import NotProvedError, Why
from gateway.records.readers.oidc import Client, Endpoints, Tokens

WELL_KNOWN = "/.well-known/openid-configuration"
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
MAX_ANSWER_BYTES = 262_144
MAX_KEYS = 50


def read_answer(raw: bytes) -> Json:
    """A JSON answer of the provider. Raises NotProvedError(SILENT) for anything else."""
    try:
        return load_json(raw, max_bytes=MAX_ANSWER_BYTES)
    except RefusedError:
        raise NotProvedError(Why.SILENT) from None


def read_endpoints(found: Json, client: Client) -> Endpoints:
    """The addresses of a description whose issuer is ours, to the letter.

    What we call ourselves must stand on the host of the configured issuer: no other address is
    ever fetched (SECURITY, law 5). Raises NotProvedError.
    """
    if found.get("issuer") != client.issuer:
        raise NotProvedError(Why.ISSUER)
    end = found.get("end_session_endpoint")
    return Endpoints(
        authorization=_safe(found.get("authorization_endpoint")),
        token=_own(found.get("token_endpoint"), client),
        keys=_own(found.get("jwks_uri"), client),
        userinfo=_own(found.get("userinfo_endpoint"), client),
        end_session=None if end is None else _safe(end),
        names_itself=found.get("authorization_response_iss_parameter_supported") is True,
    )


def read_keys(found: Json) -> Sequence[Json]:
    """The keys of a JWK Set (RFC 7517, section 5). Raises NotProvedError(SILENT)."""
    keys = found.get("keys")
    if not isinstance(keys, list) or len(keys) > MAX_KEYS:
        raise NotProvedError(Why.SILENT)
    return [one for one in keys if isinstance(one, dict)]


def read_tokens(found: Json) -> Tokens:
    """A successful token response (RFC 6749, 5.1). Raises NotProvedError(TOKEN)."""
    values = found.get("id_token"), found.get("access_token")
    kind = found.get("token_type")
    if not all(isinstance(one, str) and one for one in values) or not isinstance(kind, str):
        raise NotProvedError(Why.TOKEN)
    if kind.lower() != "bearer":
        raise NotProvedError(Why.TOKEN)
    return Tokens(id_token=str(values[0]), access_token=str(values[1]))


def is_safe(address: str) -> bool:
    """https, or http on this machine; no user, no fragment."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    if not parts.hostname or parts.username is not None or parts.fragment:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)


def _safe(address: object) -> str:
    if not isinstance(address, str) or not is_safe(address):
        raise NotProvedError(Why.SILENT)
    return address


def _own(address: object, client: Client) -> str:
    known = _safe(address)
    if urlsplit(known)[:2] != urlsplit(client.issuer)[:2]:
        raise NotProvedError(Why.SILENT)
    return known
