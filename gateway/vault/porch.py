"""The porch of every page: who comes in, is the form ours, and which words an error has.

Handlers have no `try`: what a flow raises becomes a page here (STYLE pattern 3).
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from enum import StrEnum
from typing import NamedTuple

import structlog
from aiohttp import web

from gateway.errors import DeferredError, DeniedError, GatewayError, RefusedError, kind_of
from gateway.flows.family.profiles import Act, decide_act, refuse_act
from gateway.flows.signing_in.signin import TooManyTriesError
from gateway.records.readers.callers import Caller, open_to
from gateway.records.readers.operator import OperatorRole
from gateway.vault import words
from gateway.vault.forms import came_from_here, is_shown_to, of_this_profile, page_of
from gateway.vault.headers import secure
from gateway.vault.late import Late, keep_late
from gateway.vault.look.kept import keep_what_is_asked, shown_as
from gateway.vault.rendering import html
from gateway.vault.rooms import ROOMS, VaultRooms
from gateway.vault.visit import (
    VISIT,
    VISIT_COOKIE,
    Visit,
    cookie_name,
    stranger,
    visit_of,
)

log = structlog.get_logger()
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

PAGE_STATUS: dict[type[GatewayError], int] = {
    RefusedError: 422,
    DeferredError: 503,
    DeniedError: 404,
}
"""A refused reader gets the words and the status of a page that is not there (GEN-03)."""

PAGE_WORDS: dict[type[GatewayError], str] = {
    RefusedError: words.NOT_UNDERSTOOD,
    DeferredError: words.NOT_NOW,
    DeniedError: words.NOT_HERE,
}
NOT_HERE, TOO_SLOW, TOO_LARGE, UNREADABLE = 404, 408, 413, 400
MAX_PROOF_BYTES = 900_000
WRITTEN_BYTES = 1_000_000
RETRY_SECONDS = 30


class Guest(StrEnum):
    """Who may come in by a door of the porch."""

    ANYONE = "anyone"
    PERSON = "person"
    """The patient signed in, as himself, whatever profile is looked at."""
    PATIENT = "patient"
    """Whoever stands on the patient's side before the profile looked at."""
    PROFESSIONAL = "professional"
    OPERATOR = "operator"


SIGN_IN = {Guest.PROFESSIONAL: "/pro", Guest.OPERATOR: "/desk"}
"""Where a guest of this kind signs in; anybody else at `/connexion`."""
CLOSED_SPACE = "/connexion/ferme"
"""Where the owner of a closed space is led."""


class Page(NamedTuple):
    """A line of a room's routes: who comes in by which address, and how much a form may bring."""

    method: str
    path: str
    handler: Handler
    guest: Guest = Guest.ANYONE
    upload: int = 0
    """Bytes of the files of its form, 0 for a form without files."""
    too_large: str | Callable[[VaultRooms], str] = words.FILE_TOO_LARGE
    """What is said of a form that brings more."""
    roles: tuple[OperatorRole, ...] = ()
    """Which operators (VAULT DSK-01); none named: every one."""
    idle: bool = False
    """Does nothing for who is signed in no more: leads to the sign-in, whatever its form holds."""
    again: "Callable[[web.Request], Awaitable[web.Response | None]] | None" = None
    """What is said to a form that this browser was shown before it was let on; it does nothing."""
    act: Act | None = None
    """What it does beyond reading: 403 for who may only read (ACCESS P52, P60)."""
    late: Late | None = None
    """Keeps what was typed in a session that ran out meanwhile, and answers nothing."""


def written(path: str, handler: Handler, guest: Guest) -> Page:
    """A form with a text in it, of `UPLOAD_TYPE`: one that is too long is read, so that its writer
    is told and loses nothing."""
    most, said = WRITTEN_BYTES, words.TEXT_TOO_LARGE
    return Page("POST", path, handler, guest, upload=most, too_large=said)


def page(rooms: VaultRooms, door: Page) -> Handler:
    """A door behind the porch."""

    async def enter(request: web.Request) -> web.StreamResponse:
        if door.upload > request.client_max_size:
            request = request.clone(client_max_size=door.upload)
        request[ROOMS] = rooms
        came = rooms.quiet.came()
        response: web.StreamResponse
        try:
            if door.late is not None:
                await keep_late(request, rooms, door.late, upload=door.upload)
            visit = request[VISIT] = shown_as(request, rooms, await visit_of(request, rooms))
        except DeferredError as error:
            visit = request[VISIT] = shown_as(request, rooms, stranger(request, rooms))
            response = _translated(visit, error)
        else:
            response = await _answer(request, visit, door)
        if response.status == NOT_HERE:
            await rooms.quiet.leave(came)
        _keep_visit(response, rooms, visit)
        keep_what_is_asked(request, response, visit)
        secure(response.headers, https=rooms.secure_cookies, content_type=response.content_type)
        return response

    return open_to(enter, Caller(door.guest))


async def _answer(request: web.Request, visit: Visit, door: Page) -> web.StreamResponse:
    if visit.lost and door.guest is Guest.PATIENT:
        return sorry(visit, 404, words.NOT_HERE)
    if not _welcome(visit, door.guest) or (door.idle and visit.session is None):
        return _to_sign_in(visit, door.guest)
    try:
        return await _refusal(request, visit, door) or await door.handler(request)
    except GatewayError as error:
        return _translated(visit, error)
    except TooManyTriesError as error:
        return too_many(request, visit, error)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        return _unread(request, visit, door, error.status)
    except Exception:
        log.exception("page.failed")
        return sorry(visit, 500, words.OUR_FAULT)


def _unread(request: web.Request, visit: Visit, door: Page, status: int) -> web.Response:
    """The page of an HTTP error; the connection ends where the rest of a form is not read."""
    told = door.too_large
    too_large = told if isinstance(told, str) else told(request[ROOMS])
    said = {TOO_SLOW: words.TOO_SLOW, TOO_LARGE: too_large, UNREADABLE: words.NOT_UNDERSTOOD}
    back = (page_of(request) if status in said else "", words.FORM_AGAIN)
    response = sorry(visit, status, said.get(status, words.NOT_HERE), back=back)
    if status in said:
        response.force_close()
    return response


async def _refusal(request: web.Request, visit: Visit, door: Page) -> web.Response | None:
    """What is wrong with the form, or with the act for this reader, before the handler."""
    posted = request.method == "POST" and door.handler is not missing
    back = (page_of(request), words.FORM_AGAIN)
    if posted and not await came_from_here(request, upload=door.upload):
        return sorry(visit, 403, words.STALE_FORM, refusal="formulaire", back=back)
    if posted and not is_shown_to(request, visit.secret):
        again = await door.again(request) if door.again is not None else None
        return again or sorry(visit, 403, words.STALE_FORM, refusal="formulaire", back=back)
    if posted and door.guest is Guest.PATIENT and not of_this_profile(request, visit):
        return sorry(visit, 409, words.OTHER_PROFILE, refusal="profil")
    if door.roles and not set(visit.agent().roles) & set(door.roles):
        return sorry(visit, 403, words.NOT_YOUR_ROLE, refusal="role")
    if door.act is not None and not await _may(request, visit, door.act):
        return sorry(visit, 403, words.ONLY_READS, refusal="proche-aidant")
    return None


async def _may(request: web.Request, visit: Visit, act: Act) -> bool:
    """May who came for another's profile do this there at all? The same for every document, so
    that the answer tells of none. In the own space the flow decides."""
    if visit.profile is None:
        return True
    decision = decide_act(visit.profile.gate, act)
    if not decision.permitted:
        await refuse_act(request[ROOMS].read, visit.profile.gate, act, decision)
    return decision.permitted


def _welcome(visit: Visit, guest: Guest) -> bool:
    match guest:
        case Guest.ANYONE:
            return True
        case Guest.PERSON:
            return visit.own is not None
        case Guest.PATIENT:
            return visit.patient is not None
        case Guest.PROFESSIONAL:
            return visit.is_professional
        case Guest.OPERATOR:
            return visit.operator is not None


def _to_sign_in(visit: Visit, guest: Guest) -> web.Response:
    if visit.closed and guest not in SIGN_IN:
        return see_other(CLOSED_SPACE)
    place = SIGN_IN.get(guest, "/connexion")
    why = "espace" if visit.shut else "session"
    return see_other(place + (f"?fin={why}" if visit.ended else ""))


def _translated(visit: Visit, error: GatewayError) -> web.Response:
    kind = kind_of(error)
    status = PAGE_STATUS[kind]
    response = sorry(visit, status, PAGE_WORDS[kind])
    if status == 503:
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def sorry(
    visit: Visit, status: int, message: str, *, refusal: str = "", back: tuple[str, str] = ("", "")
) -> web.Response:
    """An error page: the same body for « not there » and « not yours »; `back` is a place and its
    words."""
    title = "Page introuvable" if status == 404 else "Erreur"
    face = visit.face
    return html(
        "sorry.html",
        status=status,
        face=replace(face, look=replace(face.look, address=face.home)),
        title=title,
        current="",
        data_page="erreur",
        words=message,
        refusal=refusal,
        back=back,
    )


async def missing(request: web.Request) -> web.Response:
    return sorry(request[VISIT], 404, words.NOT_HERE)


def too_many(request: web.Request, visit: Visit, error: TooManyTriesError) -> web.Response:
    """429: when one may try again, in words and as Retry-After."""
    message = words.TOO_MANY.format(hour=words.hour(error.until))
    back = (visit.waiting_at, words.BACK_TO_CODE)
    response = sorry(visit, 429, message, refusal="trop-d-essais", back=back)
    left = error.until - request[ROOMS].clock.now()
    response.headers["Retry-After"] = str(max(1, int(left.total_seconds()) + 1))
    return response


def see_other(place: str) -> web.Response:
    """303: after a form, a page."""
    return web.Response(status=303, headers={"Location": place})


def _keep_visit(response: web.StreamResponse, rooms: VaultRooms, visit: Visit) -> None:
    if visit.fresh:
        set_cookie(response, rooms, VISIT_COOKIE, visit.secret)


def set_cookie(response: web.StreamResponse, rooms: VaultRooms, name: str, secret: str) -> None:
    """A cookie that scripts and other sites never see, gone with the browser."""
    response.set_cookie(
        cookie_name(rooms, name),
        secret,
        path="/",
        secure=rooms.secure_cookies,
        httponly=True,
        samesite="Lax",
    )


def drop_cookie(response: web.StreamResponse, rooms: VaultRooms, name: str) -> None:
    response.del_cookie(
        cookie_name(rooms, name),
        path="/",
        secure=rooms.secure_cookies,
        httponly=True,
        samesite="Lax",
    )
