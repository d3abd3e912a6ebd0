"""The sign-in pages: identifiant and mot de passe, the code, a new code, leaving."""

from typing import NamedTuple

from aiohttp import web

from gateway.flows.signing_in.signin import Contact, WrongError
from gateway.records.patients.account import Session
from gateway.vault import words
from gateway.vault.catalogue.waiting import after_sign_in
from gateway.vault.forms import fields_of, is_shown_to
from gateway.vault.porch import drop_cookie, see_other, set_cookie
from gateway.vault.rendering import html
from gateway.vault.rooms import ROOMS
from gateway.vault.visit import SESSION_COOKIE, VISIT, Visit, cookie_name, peer_of

NOTICES = {
    "session": words.SESSION_OVER,
    "espace": words.SPACE_SHUT,
    "sortie": words.SIGNED_OUT,
    **words.SPACE_LEFT,
}


def address_of(request: web.Request) -> str:
    """Whose tries are counted together."""
    return peer_of(request, request[ROOMS])


async def field(request: web.Request, name: str) -> str:
    """One text field of the form; a file in its place is nothing."""
    value = fields_of(request).get(name, "")
    return value if isinstance(value, str) else ""


class Credentials(NamedTuple):
    """What the form said, and what it leaves to say by field."""

    login: str
    password: str
    missing: dict[str, str]


async def credentials(request: web.Request) -> Credentials:
    login, password = await field(request, "identifiant"), await field(request, "mot_de_passe")
    missing = {}
    if not login.strip():
        missing["identifiant"] = words.SIGNIN_EMPTY_LOGIN
    if not password:
        missing["mot_de_passe"] = words.SIGNIN_EMPTY_PASSWORD
    return Credentials(login, password, missing)


async def sign_in_page(request: web.Request) -> web.Response:
    if request[VISIT].patient is not None:
        return see_other("/")
    return _sign_in(request, notice=NOTICES.get(request.query.get("fin", ""), ""))


async def sign_in(request: web.Request) -> web.Response:
    rooms = request[ROOMS]
    login, password, missing = await credentials(request)
    if missing:
        return _sign_in(request, errors=missing, login=login)
    try:
        ticket = await rooms.sign_in.begin(login, password, address=address_of(request))
    except WrongError:
        return _sign_in(request, errors={"identifiant": words.SIGNIN_WRONG}, login=login)
    response = see_other("/connexion/code")
    set_cookie(response, rooms, SESSION_COOKIE, ticket.secret)
    return response


async def code_page(request: web.Request) -> web.Response:
    visit = request[VISIT]
    if visit.half is None:
        return _not_half(visit)
    notice = words.CODE_SENT if request.query.get("code") == "nouveau" else ""
    return await _code(request, visit.half, notice=notice)


async def enter_code(request: web.Request) -> web.Response:
    rooms, visit = request[ROOMS], request[VISIT]
    session = visit.half
    if session is None:
        return _not_half(visit)
    code = (await field(request, "otp")).strip()
    if not code:
        return await _code(request, session, errors={"otp": words.CODE_EMPTY})
    try:
        ticket = await rooms.sign_in.prove(session, code, address=address_of(request))
    except WrongError:
        return await _code(request, session, errors={"otp": words.CODE_WRONG})
    response = after_sign_in(request)
    set_cookie(response, rooms, SESSION_COOKIE, ticket.secret)
    return response


def _not_half(visit: Visit) -> web.Response:
    """A stranger begins anew; whoever is signed in needs no code."""
    return see_other("/connexion" if visit.session is None else "/")


async def let_on(request: web.Request) -> web.Response | None:
    """A step of signing in that is sent a second time leads where the first one led."""
    visit = request[VISIT]
    place = "/" if visit.own is not None else visit.waiting_at
    return see_other(place) if place else None


async def code_sent_again(request: web.Request) -> web.Response | None:
    """The second of two, whose first ended the session that it was shown in: the browser that
    forgot the answer to the first is told it again."""
    rooms, visit = request[ROOMS], request[VISIT]
    former = request.cookies.get(cookie_name(rooms, SESSION_COOKIE), "")
    if not visit.ended or not is_shown_to(request, former):
        return await let_on(request)
    secret = await rooms.sign_in.sent_again(former, await field(request, "otp"))
    if secret is None:
        return see_other("/connexion?fin=session")
    response = after_sign_in(request)
    set_cookie(response, rooms, SESSION_COOKIE, secret)
    return response


async def new_code(request: web.Request) -> web.Response:
    session = request[VISIT].half
    if session is None:
        return see_other("/connexion")
    await request[ROOMS].sign_in.resend(session)
    return see_other("/connexion/code?code=nouveau")


async def leave(request: web.Request) -> web.Response:
    rooms, visit = request[ROOMS], request[VISIT]
    if visit.session is not None:
        await rooms.sign_in.leave(visit.session)
    place = "/pro" if visit.is_professional else "/desk" if visit.operator else "/connexion"
    response = see_other(f"{place}?fin=sortie")
    drop_cookie(response, rooms, SESSION_COOKIE)
    return response


def _sign_in(
    request: web.Request,
    *,
    errors: dict[str, str] | None = None,
    login: str = "",
    notice: str = "",
) -> web.Response:
    visit = request[VISIT]
    return html(
        "signing_in/signin.html",
        status=422 if errors else 200,
        face=visit.face,
        jeton=visit.face.jeton,
        title="Se connecter",
        current="",
        data_page="connexion",
        errors=errors or {},
        identifiant=login,
        notice=notice,
    )


async def _code(
    request: web.Request,
    session: Session,
    *,
    errors: dict[str, str] | None = None,
    notice: str = "",
) -> web.Response:
    visit = request[VISIT]
    contact = await request[ROOMS].sign_in.contact(session)
    return html(
        "signing_in/code.html",
        status=422 if errors else 200,
        face=visit.face,
        jeton=visit.face.jeton,
        title="Saisir le code",
        current="",
        data_page="connexion/code",
        errors=errors or {},
        hint=_hint(contact),
        notice=notice,
    )


def _hint(contact: Contact | None) -> str:
    if contact is None:
        return words.CODE_HINT_NO_CONTACT
    return words.CODE_HINT[contact.channel].format(shown=contact.shown)
