"""Signing in at `/desk`, and from there to the first page of the role."""

from aiohttp import web

from gateway.errors import DeniedError
from gateway.flows.signing_in.tries import WrongError
from gateway.vault import words
from gateway.vault.desk.places import places_of
from gateway.vault.porch import see_other, set_cookie
from gateway.vault.rendering import html
from gateway.vault.rooms import ROOMS, DeskRooms
from gateway.vault.signing_in.signin import address_of, credentials
from gateway.vault.visit import SESSION_COOKIE, VISIT

NOTICES = {"session": words.SESSION_OVER, "sortie": words.SIGNED_OUT}


def desk_of(request: web.Request) -> DeskRooms:
    """DeniedError in a house without a desk."""
    desk = request[ROOMS].desk
    if desk is None:
        raise DeniedError("this house has no desk")
    return desk


async def desk_page(request: web.Request) -> web.Response:
    """`/desk` opens the first page of the reader's role (PAGES section 7)."""
    operator = request[VISIT].operator
    if operator is not None:
        return see_other(places_of(operator.roles)[0].path)
    desk_of(request)
    return _sign_in(request, notice=NOTICES.get(request.query.get("fin", ""), ""))


async def desk_sign_in(request: web.Request) -> web.Response:
    rooms, desk = request[ROOMS], desk_of(request)
    login, password, missing = await credentials(request)
    if missing:
        return _sign_in(request, errors=missing, login=login)
    try:
        ticket = await desk.sign_in.begin(login, password, address=address_of(request))
    except WrongError:
        return _sign_in(request, errors={"identifiant": words.SIGNIN_WRONG}, login=login)
    response = see_other("/desk")
    set_cookie(response, rooms, SESSION_COOKIE, ticket.secret)
    return response


def _sign_in(
    request: web.Request,
    *,
    errors: dict[str, str] | None = None,
    login: str = "",
    notice: str = "",
) -> web.Response:
    return html(
        "desk/signin.html",
        status=422 if errors else 200,
        face=request[VISIT].face,
        title="Bureau des opérateurs",
        current="",
        data_page="desk",
        errors=errors or {},
        identifiant=login,
        notice=notice,
    )
