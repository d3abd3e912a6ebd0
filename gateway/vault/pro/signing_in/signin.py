"""Signing in at `/pro`: by Pro Santé Connect where it is configured, in the demo by a token."""

from aiohttp import web

from gateway.flows.signing_in.signin import WrongError
from gateway.vault import words
from gateway.vault.porch import see_other, set_cookie
from gateway.vault.pro.find import find_form
from gateway.vault.pro.signing_in.psc import leaving
from gateway.vault.rendering import html
from gateway.vault.rooms import ROOMS
from gateway.vault.signing_in.signin import address_of, field
from gateway.vault.visit import SESSION_COOKIE, VISIT

NOTICES = {"session": words.SESSION_OVER, "sortie": words.SIGNED_OUT}


async def pro_page(request: web.Request) -> web.Response:
    if request[VISIT].is_professional:
        return await find_form(request)
    return await _ways_in(request)


async def pro_sign_in(request: web.Request) -> web.Response:
    rooms = request[ROOMS]
    token = (await field(request, "jeton_demonstration")).strip()
    if not token:
        return await _ways_in(request, errors={"jeton_demonstration": words.TOKEN_EMPTY})
    try:
        ticket = await rooms.sign_in.professional(token, address=address_of(request))
    except WrongError:
        return await _ways_in(request, errors={"jeton_demonstration": words.TOKEN_WRONG})
    response = see_other("/pro")
    set_cookie(response, rooms, SESSION_COOKIE, ticket.secret)
    return response


async def _ways_in(request: web.Request, *, errors: dict[str, str] | None = None) -> web.Response:
    rooms, end = request[ROOMS], request.query.get("fin", "")
    return html(
        "pro/signin.html",
        status=422 if errors else 200,
        face=request[VISIT].face,
        title="Espace des professionnels",
        current="",
        data_page="pro",
        errors=errors or {},
        notice=NOTICES.get(end, ""),
        leaving=await leaving(rooms.psc) if end == "sortie" else "",
        psc=rooms.psc is not None,
        demo=rooms.sign_in.demo_tokens,
    )
