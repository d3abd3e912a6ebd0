"""What a service's software asks: tokens, their end, and how all of it is called (RFC 6749, 7009,
8414; SMART App Launch 2).

A form only, and no cookie is looked at. A client is bound by PKCE, whatever else it shows.
"""

from collections.abc import Awaitable, Callable

import structlog
from aiohttp import hdrs, web

from gateway.access.scopes import SERVED
from gateway.errors import DeferredError
from gateway.flows.catalogue.asked import LAUNCH, OFFLINE
from gateway.flows.catalogue.launching import Given, GrantError, ScopeError
from gateway.mapping.oidc.client_assertion import ALGORITHMS
from gateway.records.readers.callers import Caller, open_to
from gateway.vault.catalogue.authorise import issuer_of
from gateway.vault.catalogue.clients import (
    TOKEN,
    OauthError,
    client,
    knows_its_address,
    text,
)
from gateway.vault.catalogue.waiting import AUTHORIZE
from gateway.vault.forms import FORM_TYPE, MAX_FORM_BYTES, Fields, fields_of, form_of
from gateway.vault.headers import secure
from gateway.vault.porch import Handler
from gateway.vault.rooms import ROOMS, VaultRooms

log = structlog.get_logger()
REVOKE = "/oauth/revoke"
CONFIGURATION = "/.well-known/smart-configuration"
MAX_VERIFIER, MIN_VERIFIER = 128, 43
"""RFC 7636, 4.1."""
SCOPES = [f"patient/{kind}.{letters}" for kind, letters in SERVED.items()]
"""What a service can use, at most."""
Json = dict[str, object]


def routes(rooms: VaultRooms) -> list[web.RouteDef]:
    return [
        web.post(TOKEN, _door(rooms, token)),
        web.post(REVOKE, _door(rooms, revoke)),
        web.get(CONFIGURATION, _door(rooms, configuration)),
        web.get(f"/fhir{CONFIGURATION}", _door(rooms, configuration)),
    ]


def _door(rooms: VaultRooms, handler: Callable[[web.Request], Awaitable[Json]]) -> Handler:
    async def enter(request: web.Request) -> web.Response:
        request[ROOMS] = rooms
        response = await _answer(request, handler)
        response.headers[hdrs.CACHE_CONTROL], response.headers[hdrs.PRAGMA] = "no-store", "no-cache"
        secure(response.headers, https=rooms.secure_cookies, content_type=response.content_type)
        return response

    return open_to(enter, Caller.ANYONE)


async def _answer(
    request: web.Request, handler: Callable[[web.Request], Awaitable[Json]]
) -> web.Response:
    try:
        return web.json_response(await handler(request))
    except OauthError as error:
        return web.json_response({"error": error.code}, status=error.status, headers=error.headers)
    except GrantError:
        return web.json_response({"error": "invalid_grant"}, status=400)
    except ScopeError:
        return web.json_response({"error": "invalid_scope"}, status=400)
    except DeferredError:
        said = {"error": "temporarily_unavailable"}
        return web.json_response(said, status=503, headers={"Retry-After": "30"})
    except web.HTTPException as error:
        return web.json_response({"error": "invalid_request"}, status=error.status)
    except Exception:
        log.exception("oauth.failed")
        return web.json_response({"error": "server_error"}, status=500)


async def token(request: web.Request) -> Json:
    said = await _form(request)
    launching = request[ROOMS].launching
    file = await client(request, said)
    match text(said, "grant_type"):
        case "authorization_code":
            verifier = text(said, "code_verifier")
            if not MIN_VERIFIER <= len(verifier) <= MAX_VERIFIER:
                raise OauthError("invalid_request")
            given = await launching.exchange(
                file, text(said, "code"), redirect=text(said, "redirect_uri"), verifier=verifier
            )
        case "refresh_token":
            shown, scope = text(said, "refresh_token"), text(said, "scope")
            given = await launching.refresh(file, shown, scope)
        case "":
            raise OauthError("invalid_request")
        case _:
            raise OauthError("unsupported_grant_type")
    return _told(given)


def _told(given: Given) -> Json:
    told: Json = {
        "access_token": given.access,
        "token_type": "Bearer",
        "expires_in": given.seconds,
        "scope": given.scope,
        "patient": given.patient.hex(),
    }
    return {**told, "refresh_token": given.refresh} if given.refresh else told


async def revoke(request: web.Request) -> Json:
    said = await _form(request)
    file = await client(request, said)
    await request[ROOMS].launching.revoke(file, text(said, "token"))
    return {}


async def configuration(request: web.Request) -> Json:
    """Where everything is, and what of the standard is here; nothing that is not."""
    issuer = issuer_of(request)
    by_key = knows_its_address(request)
    return {
        "issuer": issuer,
        "authorization_endpoint": issuer + AUTHORIZE,
        "token_endpoint": issuer + TOKEN,
        "revocation_endpoint": issuer + REVOKE,
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "response_types_supported": ["code"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": [
            "client_secret_basic",
            *(["private_key_jwt"] if by_key else []),
            "none",
        ],
        **({"token_endpoint_auth_signing_alg_values_supported": ALGORITHMS} if by_key else {}),
        "authorization_response_iss_parameter_supported": True,
        "scopes_supported": [LAUNCH, OFFLINE, *SCOPES],
        "capabilities": [
            "launch-standalone",
            "client-public",
            "client-confidential-symmetric",
            *(["client-confidential-asymmetric"] if by_key else []),
            "context-standalone-patient",
            "permission-patient",
            "permission-v2",
            "permission-offline",
        ],
    }


async def _form(request: web.Request) -> Fields:
    """Raises OauthError for what is no form, or says something twice."""
    if request.content_type != FORM_TYPE or (request.content_length or 0) > MAX_FORM_BYTES:
        raise OauthError("invalid_request")
    await form_of(request)
    said = fields_of(request)
    if len(set(said)) < len(said):
        raise OauthError("invalid_request")
    return said
