"""The cookie in which a browser keeps how it wants its pages; it names nobody."""

from dataclasses import replace

from aiohttp import hdrs, web

from gateway.vault.look.chosen import LANG, Look, look_of
from gateway.vault.rooms import ROOMS, VaultRooms
from gateway.vault.visit import Visit, cookie_name

COOKIE = "presentation"
YEAR_SECONDS = 31_536_000


def shown_as(request: web.Request, rooms: VaultRooms, visit: Visit) -> Visit:
    """With the text and the colours that this browser asks for. A page that answers a form may
    stand at no address: its switch leads home."""
    look = look_of(request, request.cookies.get(cookie_name(rooms, COOKIE), ""))
    if request.method == hdrs.METH_POST and not _is_a_page(request):
        look = replace(look, address=visit.face.home)
    return replace(visit, face=replace(visit.face, look=look))


def _is_a_page(request: web.Request) -> bool:
    """Whether a page is read where this form is sent, too."""
    here = request.match_info.route.resource
    routes = request.app.router.routes()
    read = (one.resource for one in routes if one.method == hdrs.METH_GET)
    return here is not None and any(one and one.canonical == here.canonical for one in read)


def keep_what_is_asked(request: web.Request, response: web.StreamResponse, visit: Visit) -> None:
    """Where the address names a text: the next pages have it too (VAULT UIX-01)."""
    if LANG in request.query:
        keep_look(response, request[ROOMS], visit.face.look)


def keep_look(response: web.StreamResponse, rooms: VaultRooms, look: Look) -> None:
    """For a year."""
    response.set_cookie(
        cookie_name(rooms, COOKIE),
        look.kept,
        max_age=YEAR_SECONDS,
        path="/",
        secure=rooms.secure_cookies,
        httponly=True,
        samesite="Lax",
    )
