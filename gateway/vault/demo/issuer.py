"""The pages and answers of the demo's own Pro Santé Connect, on an address of its own.

Whoever comes chooses which invented professional to be: there is nothing to guess and nothing to
steal. No route of the gateway leads here but « Se connecter avec Pro Santé Connect ».
"""

import base64
from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import unquote, urlsplit

from aiohttp import hdrs, web

from gateway.access.professions import profession_name
from gateway.flows.signing_in.oidc.issuer import Issuer, NoWayBackError, OauthError
from gateway.records.patients.account import Professional
from gateway.records.readers.callers import Caller, open_to
from gateway.vault.headers import secure
from gateway.vault.open.static_pages import static_file
from gateway.vault.rendering import html, static_address

Door = Callable[[web.Request, Issuer], Awaitable[web.Response]]
MAX_FORM_BYTES = 16_384
NOT_ASKED_WELL = (
    "Cette demande de connexion est incomplète ou ne vient pas de cette démonstration."
    " Recommencez depuis l'espace des professionnels."
)
LEFT = "Vous êtes déconnecté de Pro Santé Connect (démonstration)."
CHOOSE = "Choisissez un professionnel"
AGAIN = frozenset({"ps"})


def build_issuer(issuer: Issuer) -> web.Application:
    app = web.Application(client_max_size=MAX_FORM_BYTES)
    for method, path, handler in (
        ("GET", "/.well-known/openid-configuration", describe),
        ("GET", "/certs", keys),
        ("GET", "/auth", ask),
        ("POST", "/auth", grant),
        ("POST", "/token", exchange),
        ("GET", "/userinfo", person),
        ("GET", "/logout", leave),
    ):
        app.router.add_route(method, path, _door(issuer, handler))
    app.router.add_get("/static/{name}", open_to(static_file, Caller.ANYONE))
    return app


def _door(issuer: Issuer, handler: Door) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def enter(request: web.Request) -> web.Response:
        try:
            response = await handler(request, issuer)
        except NoWayBackError:
            response = _page("demo/sorry.html", 400, words=NOT_ASKED_WELL)
        except OauthError as error:
            response = _refused(error)
        secure(response.headers, https=False, content_type=response.content_type)
        return response

    return open_to(enter, Caller.ANYONE)


async def describe(_request: web.Request, issuer: Issuer) -> web.Response:
    return web.json_response(issuer.description())


async def keys(_request: web.Request, issuer: Issuer) -> web.Response:
    return web.json_response(issuer.keys())


async def ask(request: web.Request, issuer: Issuer) -> web.Response:
    return _choice(issuer, _once(request.query))


async def grant(request: web.Request, issuer: Issuer) -> web.Response:
    told = _once(await request.post())
    chosen = told.get("ps", "")
    if not chosen:
        return _choice(issuer, told, errors={"ps": CHOOSE})
    return _see_other(issuer.granted(issuer.asked(told), chosen))


async def exchange(request: web.Request, issuer: Issuer) -> web.Response:
    told = _once(await request.post())
    name, secret = _client(request, told)
    return web.json_response(issuer.exchanged(told, name, secret))


async def person(request: web.Request, issuer: Issuer) -> web.Response:
    scheme, _, token = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
    told = issuer.person(token) if scheme.casefold() == "bearer" else None
    if told is None:
        headers = {hdrs.WWW_AUTHENTICATE: 'Bearer error="invalid_token"'}
        return web.json_response({"error": "invalid_token"}, status=401, headers=headers)
    return web.json_response(told)


async def leave(request: web.Request, issuer: Issuer) -> web.Response:
    back = issuer.left(request.query.get("post_logout_redirect_uri", ""))
    return _see_other(back) if back else _page("demo/sorry.html", 200, words=LEFT)


def _choice(
    issuer: Issuer, told: Mapping[str, str], *, errors: dict[str, str] | None = None
) -> web.Response:
    """The form may lead back to whoever asked, and nowhere else."""
    request = issuer.asked(told)
    response = _page(
        "demo/issuer.html",
        422 if errors else 200,
        errors=errors or {},
        asked={name: value for name, value in told.items() if name not in AGAIN},
        people=[(one.id, _words_of(one)) for one in issuer.people],
    )
    back = urlsplit(request.redirect_uri)
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'; "
        "base-uri 'none'; "
        f"form-action 'self' {back.scheme}://{back.netloc}"
    )
    return response


def _words_of(who: Professional) -> str:
    """« Dr Hélène Roux, Médecin (SM26), Cabinet des Tilleuls »."""
    specialty = f" ({who.specialty})" if who.specialty else ""
    where = f", {who.organization_name}" if who.organization_name else ""
    return f"{who.name}, {profession_name(who.profession)}{specialty}{where}"


def _page(name: str, status: int, **context: object) -> web.Response:
    return html(name, status=status, more=context, css=static_address("app.css"))


def _refused(error: OauthError) -> web.Response:
    if error.back:
        return _see_other(error.back)
    status = 401 if error.code == "invalid_client" else 400
    response = web.json_response({"error": error.code}, status=status)
    if status == 401:
        response.headers[hdrs.WWW_AUTHENTICATE] = 'Basic realm="demo"'
    return response


def _see_other(place: str) -> web.Response:
    return web.Response(status=303, headers={"Location": place})


def _once(fields: Mapping[str, object]) -> dict[str, str]:
    """What comes twice counts as none (RFC 6749, 3.1)."""
    getall = getattr(fields, "getall")  # noqa: B009 — MultiDict has it, Mapping does not say so
    return {
        name: value
        for name, value in fields.items()
        if isinstance(value, str) and len(getall(name)) == 1
    }


def _client(request: web.Request, told: Mapping[str, str]) -> tuple[str, str | None]:
    """Who asks for tokens: by Basic (RFC 6749, 2.3.1), or by its name alone."""
    scheme, _, pair = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
    if scheme.casefold() != "basic":
        return told.get("client_id", ""), None
    try:
        name, _, secret = base64.b64decode(pair, validate=True).decode().partition(":")
    except ValueError:
        return "", ""
    return unquote(name), unquote(secret)
