"""`/resultats` « Résultats de biologie dans le temps »: the analyses, and one with its curves."""

from urllib.parse import urlencode

from aiohttp import web

from gateway.errors import DeniedError
from gateway.flows.reading.coded.results import look_through
from gateway.flows.reading.decided.asking import NOT_THERE
from gateway.vault.document.listing import MAX_SEARCH_CHARACTERS, page_number
from gateway.vault.place import Place, before_patient, before_professional
from gateway.vault.rendering import MORE, html
from gateway.vault.rooms import ROOMS
from gateway.vault.trends.views import (
    PERIOD_WORDS,
    PERIODS,
    analysis_view,
    begin_of,
    list_view,
)
from gateway.vault.visit import VISIT

PATH = "/resultats"
TITLE = "Résultats de biologie dans le temps"


def own_place(request: web.Request) -> Place:
    of = request[VISIT].face.of
    title = f"Résultats de biologie {of} dans le temps" if of else TITLE
    return before_patient(request, PATH, title, current=MORE)


async def pro_place(request: web.Request) -> Place:
    return await before_professional(request, PATH, TITLE)


async def results_page(request: web.Request) -> web.Response:
    return await _list(request, own_place(request))


async def analysis_page(request: web.Request) -> web.Response:
    return await _analysis(request, own_place(request))


async def pro_results_page(request: web.Request) -> web.Response:
    return await _list(request, await pro_place(request))


async def pro_analysis_page(request: web.Request) -> web.Response:
    return await _analysis(request, await pro_place(request))


async def _list(request: web.Request, place: Place) -> web.Response:
    asked, page = _asked(request), page_number(request.query)
    view = await look_through(
        request[ROOMS].read,
        place.reader,
        place.patient,
        lambda found: list_view(found, asked, page),
    )
    return html(
        "trends/list.html",
        face=request[VISIT].face,
        title=place.title,
        current=place.current,
        data_page=place.page,
        place=place,
        asked=asked,
        view=view,
        more=pager(place.path, {"q": asked}, view.page, view.pages),
    )


async def _analysis(request: web.Request, place: Place) -> web.Response:
    """Raises DeniedError for an analysis of which this reader may read no result."""
    rooms = request[ROOMS]
    key, period, page = request.match_info["id"], period_of(request), page_number(request.query)
    since = begin_of(period, rooms.clock.now())
    view = await look_through(
        rooms.read,
        place.reader,
        place.patient,
        lambda found: analysis_view(found, key, since=since, page=page),
    )
    if not view.name:
        raise DeniedError(NOT_THERE)
    path = f"{place.path}/{key}"
    return html(
        "trends/analysis.html",
        face=request[VISIT].face,
        title=view.name,
        current=place.current,
        data_page=f"{place.page}/{key}",
        place=place,
        view=view,
        period=period,
        periods=[(address_of(path, periode=value), word, value) for value, word in PERIOD_WORDS],
        more=pager(path, {"periode": period}, view.page, view.pages),
    )


def _asked(request: web.Request) -> str:
    return request.query.get("q", "").strip()[:MAX_SEARCH_CHARACTERS]


def period_of(request: web.Request) -> str:
    """An unknown period is all of it."""
    period = request.query.get("periode", "")
    return period if period in PERIODS else ""


def pager(path: str, kept: dict[str, str], page: int, pages: int) -> dict[str, object]:
    return {
        "page": page,
        "pages": pages,
        "previous": address_of(path, **kept, page=str(page - 1)) if page > 1 else "",
        "following": address_of(path, **kept, page=str(page + 1)) if page < pages else "",
    }


def address_of(path: str, **query: str) -> str:
    said = {name: value for name, value in query.items() if value}
    return path + (f"?{urlencode(said)}" if said else "")
