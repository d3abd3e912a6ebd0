"""Which service's software asks: by its key, by its secret, or by nothing where it is public.

By its key: `private_key_jwt` (RFC 7523, 3; SMART App Launch 2). By its secret:
`client_secret_basic` (RFC 6749, 2.3.1). Never both at once, and a service that has either is never
let in without it.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from urllib.parse import unquote_plus, urlsplit

from aiohttp import hdrs, web

from gateway.errors import DeniedError
from gateway.flows.catalogue.proving import proved_by_key
from gateway.mapping.oidc.client_assertion import ASSERTION_TYPE, read_client_assertion
from gateway.mapping.oidc.refusal import NotProvedError
from gateway.records.catalogue.files import Listing, ServiceFile
from gateway.vault.fhir.porch import origin_of
from gateway.vault.forms import Fields
from gateway.vault.rooms import ROOMS
from gateway.vault.visit import peer_of

TOKEN = "/oauth/token"  # noqa: S105 — an address
BASIC = "basic"
FLOOD_SECONDS = "60"
LOOPBACK = ("127.0.0.1", "::1", "localhost")


class OauthError(Exception):
    """RFC 6749, 5.2."""

    def __init__(self, code: str, status: int = 400, headers: Mapping[str, str] | None = None):
        super().__init__(code)
        self.code, self.status, self.headers = code, status, headers or {}


async def client(request: web.Request, said: Fields) -> ServiceFile:
    """Raises OauthError: 400 for two ways at once or half of one, 401 for who is not proved, 403
    for a service that is not listed now."""
    shown = request.headers.getall(hdrs.AUTHORIZATION, [])
    has_assertion = "client_assertion" in said or "client_assertion_type" in said
    if shown and has_assertion:
        raise OauthError("invalid_request")
    name = await (_by_key(request, said) if has_assertion else _by_secret(request, said, shown))
    try:
        return await _listed(request, name)
    except DeniedError:
        raise OauthError("unauthorized_client", 403) from None


async def _listed(request: web.Request, name: str) -> ServiceFile:
    return (await request[ROOMS].launching.service(name)).file


async def _found(request: web.Request, name: str) -> Listing | None:
    return await request[ROOMS].launching.catalogue.listing(name)


async def _by_key(request: web.Request, said: Fields) -> str:
    if text(said, "client_assertion_type") != ASSERTION_TYPE:
        raise OauthError("invalid_request")
    launching = request[ROOMS].launching
    try:
        assertion = read_client_assertion(text(said, "client_assertion"))
        found = await _found(request, assertion.client)
        if found is None or not found.file.keys or not knows_its_address(request):
            raise await _stranger(request)
        if text(said, "client_id") not in ("", assertion.client):
            raise await _stranger(request)
        await proved_by_key(
            launching.spent,
            launching.asking.clock,
            assertion,
            found.file,
            audience=origin_of(request) + TOKEN,
        )
    except NotProvedError as error:
        raise await _stranger(request, f"client-{error.why}") from None
    return found.file.id


def knows_its_address(request: web.Request) -> bool:
    """Whether who asks cannot choose what an assertion has to be for. Where no address is set it is
    read from Host, and what was signed for another server could be shown here under its name; on
    the machine itself there is no other."""
    host = urlsplit(origin_of(request)).hostname
    return bool(request[ROOMS].base_url) or host in LOOPBACK


async def _by_secret(request: web.Request, said: Fields, shown: list[str]) -> str:
    name, secret = _credentials(shown) if shown else (text(said, "client_id"), "")
    found = await _found(request, name)
    if found is None or found.file.keys or not _is_its_secret(found.file, secret):
        raise await _stranger(request)
    return found.file.id


def _is_its_secret(file: ServiceFile, secret: str) -> bool:
    digest = hashlib.sha256(secret.encode()).hexdigest()
    wanted = file.secret_sha256
    return hmac.compare_digest(digest, wanted) if wanted else not secret


def _credentials(shown: list[str]) -> tuple[str, str]:
    """The client, and its secret; a secret in the form is not looked at. Raises OauthError."""
    scheme, _, packed = shown[0].partition(" ")
    try:
        name, bar, secret = base64.b64decode(packed, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        name, bar, secret = "", "", ""
    if len(shown) > 1 or scheme.casefold() != BASIC or not bar:
        raise OauthError("invalid_request")
    return unquote_plus(name), unquote_plus(secret)


async def _stranger(request: web.Request, why: str = "client") -> OauthError:
    rooms = request[ROOMS]
    if not await rooms.refusals.note(why, peer=peer_of(request, rooms), door="oauth"):
        return OauthError("invalid_client", 429, {"Retry-After": FLOOD_SECONDS})
    return OauthError("invalid_client", 401, {hdrs.WWW_AUTHENTICATE: 'Basic realm="oauth"'})


def text(said: Fields, name: str) -> str:
    """ "" for a field that is absent, or a file."""
    value = said.get(name, "")
    return value if isinstance(value, str) else ""
