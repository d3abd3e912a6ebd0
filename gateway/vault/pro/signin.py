"""Signing in at `/pro`: in the demo by a token (elsewhere Pro Santé Connect)."""

from aiohttp import web

from gateway.flows.signin import WrongError
from gateway.vault import words
from gateway.vault.porch import see_other, set_cookie
from gateway.vault.pro.find import find_form
from gateway.vault.rendering import html
from gateway.vault.rooms import ROOMS
from gateway.vault.signin import address_of, field
from gateway.vault.visit import SESSION_COOKIE, VISIT


async def pro_page(request: web.Request) -> web.Response:
    if request[VISIT].is_professional:
        return find_form(request)
    return _token(request)


async def pro_sign_in(request: web.Request) -> web.Response:
    rooms = request[ROOMS]
    token = (await field(request, "jeton_demonstration")).strip()
    if not token:
        return _token(request, errors={"jeton_demonstration": words.TOKEN_EMPTY})
    try:
        ticket = await rooms.sign_in.professional(token, address=address_of(request))
    except WrongError:
        return _token(request, errors={"jeton_demonstration": words.TOKEN_WRONG})
    response = see_other("/pro")
    set_cookie(response, rooms, SESSION_COOKIE, ticket.secret)
    return response


def _token(request: web.Request, *, errors: dict[str, str] | None = None) -> web.Response:
    visit = request[VISIT]
    return html(
        "pro_signin.html",
        status=422 if errors else 200,
        face=visit.face,
        title="Espace des professionnels",
        current="",
        data_page="pro",
        wide=False,
        errors=errors or {},
        notice=words.SESSION_OVER if request.query.get("fin") == "session" else "",
    )
