"""Pages and files that hold nothing of anybody: welcome, declarations, style, icon."""

from aiohttp import web

from gateway.vault.rendering import STATIC, html, static_bytes
from gateway.vault.rooms import ROOMS
from gateway.vault.visit import VISIT

FOR_EVER = "public, max-age=31536000, immutable"


def welcome(request: web.Request) -> web.Response:
    visit = request[VISIT]
    return html(
        "open/welcome.html",
        face=visit.face,
        title="Mon espace santé : vos documents, vos choix",
        current="/",
        data_page="accueil",
        notice="",
        help=request[ROOMS].help,
    )


async def accessibility_page(request: web.Request) -> web.Response:
    return _plain(request, "open/accessibility.html", "Accessibilité", "accessibilite")


async def privacy_page(request: web.Request) -> web.Response:
    return _plain(
        request,
        "open/privacy.html",
        "Protection des données personnelles",
        "protection-donnees-personnelles",
    )


def _plain(request: web.Request, name: str, title: str, place: str) -> web.Response:
    return html(
        name,
        face=request[VISIT].face,
        title=title,
        current=f"/{place}",
        data_page=place,
        hosting=request[ROOMS].hosting,
    )


async def static_file(request: web.Request) -> web.Response:
    """Only the files named in STATIC: no path is ever looked up."""
    name = request.match_info.get("name", "favicon.svg")
    if name not in STATIC:
        raise web.HTTPNotFound
    response = web.Response(body=static_bytes(name), headers={"Content-Type": STATIC[name]})
    response.headers["Cache-Control"] = FOR_EVER
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


async def favicon(request: web.Request) -> web.Response:
    return await static_file(request)
