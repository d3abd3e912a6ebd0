"""`/resultats` « Résultats de biologie dans le temps »: the analyses, and one with its curves."""

from urllib.parse import urlencode

from aiohttp import web

from gateway.errors import DeniedError
from gateway.flows.reading.decided.asking import NOT_THERE
from gateway.flows.reading.results import look_through
from gateway.vault.document.listing import MAX_SEARCH_CHARACTERS, page_number
from gateway.vault.rendering import html
from gateway.vault.rooms import ROOMS
from gateway.vault.trends.views import (
    PERIOD_WORDS,
    PERIODS,
    AnalysisView,
    ListView,
    analysis_view,
    begin_of,
    list_view,
)
from gateway.vault.visit import VISIT

PATH = "/resultats"


async def results_page(request: web.Request) -> web.Response:
    visit, read = request[VISIT], request[ROOMS].read
    patient, reader = visit.holder()
    asked, page = _asked(request), page_number(request.query)
    view = await look_through(read, reader, patient, lambda found: list_view(found, asked, page))
    return html(
        "trends/list.html",
        face=visit.face,
        title=_title(visit.face.of),
        current="/",
        data_page="resultats",
        wide=False,
        errors={},
        base=PATH,
        documents="/documents/",
        more=listed(PATH, asked, view),
    )


async def analysis_page(request: web.Request) -> web.Response:
    """Raises DeniedError for an analysis of which this reader may read no result."""
    visit, rooms = request[VISIT], request[ROOMS]
    patient, reader = visit.holder()
    key, period = request.match_info["id"], _period(request)
    since, page = begin_of(period, rooms.clock.now()), page_number(request.query)
    view = await look_through(
        rooms.read,
        reader,
        patient,
        lambda found: analysis_view(found, key, since=since, page=page),
    )
    if not view.name:
        raise DeniedError(NOT_THERE)
    return html(
        "trends/analysis.html",
        face=visit.face,
        title=view.name,
        current="/",
        data_page=f"resultats/{key}",
        wide=False,
        errors={},
        base=PATH,
        back_words=_title(visit.face.of),
        documents="/documents/",
        more=told(f"{PATH}/{key}", period, view),
    )


def listed(path: str, asked: str, view: ListView) -> dict[str, object]:
    """What every face of the list shows."""
    return {"view": view, "asked": asked, **_pager(path, {"q": asked}, view.page, view.pages)}


def told(path: str, period: str, view: AnalysisView) -> dict[str, object]:
    """What every face of one analysis shows."""
    periods = [(_address(path, periode=value), word, value) for value, word in PERIOD_WORDS]
    return {
        "view": view,
        "period": period,
        "periods": periods,
        **_pager(path, {"periode": period}, view.page, view.pages),
    }


def _asked(request: web.Request) -> str:
    return request.query.get("q", "").strip()[:MAX_SEARCH_CHARACTERS]


def _period(request: web.Request) -> str:
    """An unknown period is all of it."""
    period = request.query.get("periode", "")
    return period if period in PERIODS else ""


def _pager(path: str, kept: dict[str, str], page: int, pages: int) -> dict[str, object]:
    return {
        "page": page,
        "pages": pages,
        "previous": _address(path, **kept, page=str(page - 1)) if page > 1 else "",
        "following": _address(path, **kept, page=str(page + 1)) if page < pages else "",
    }


def _address(path: str, **query: str) -> str:
    said = {name: value for name, value in query.items() if value}
    return path + (f"?{urlencode(said)}" if said else "")


def _title(of: str) -> str:
    return f"Résultats de biologie {of} dans le temps" if of else OWN_TITLE


OWN_TITLE = "Résultats de biologie dans le temps"
