"""`/mesures`: the last value of each measure, and one with its curve and table (VAULT MEA-05)."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from gateway.access.time import is_minor
from gateway.errors import DeniedError
from gateway.flows.measures.reading import Seen, last_ones, of_kind
from gateway.flows.reading.decided.asking import NOT_THERE
from gateway.mapping.growth.charts import ranges_of
from gateway.mapping.measures.kinds import BMI, Kind, kind_of
from gateway.records.entries.kind import EntryKind
from gateway.vault.document.listing import page_number
from gateway.vault.measures import said
from gateway.vault.measures.views import detail_of, target_of, tiles_of
from gateway.vault.place import Place, before_patient, before_professional
from gateway.vault.rendering import MORE, html
from gateway.vault.rooms import ROOMS, medical_of
from gateway.vault.trends.pages import (
    address_of,
    pager,
    period_of,
)
from gateway.vault.trends.views import PERIOD_WORDS, begin_of
from gateway.vault.visit import VISIT

PATH = "/mesures"
TITLE = "Mesures"


Where = Callable[[web.Request], Awaitable[Place]]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


async def own_place(request: web.Request) -> Place:
    title = f"{TITLE} {of}" if (of := request[VISIT].face.of) else TITLE
    return before_patient(request, PATH, title, current=MORE)


async def pro_place(request: web.Request) -> Place:
    return await before_professional(request, PATH, TITLE)


def kind_asked(request: web.Request) -> Kind:
    """Of the address. Raises DeniedError for no measure."""
    code = request.match_info["code"]
    kind = kind_of(code)
    if kind is None or kind.code != code:
        raise DeniedError(NOT_THERE)
    return kind


def has_growth(seen: Seen, request: web.Request) -> bool:
    """A child's, who has growth curves (MEA-06)."""
    return is_minor(seen.birth, request[ROOMS].clock.now())


def list_page(where: Where) -> Handler:
    async def show(request: web.Request) -> web.Response:
        place = await where(request)
        seen = await last_ones(medical_of(request).listing, place.reader, place.patient)
        return html(
            "measures/list.html",
            face=request[VISIT].face,
            title=place.title,
            current=place.current,
            data_page=place.page,
            place=place,
            is_pro=place.is_professional,
            tiles=tiles_of(seen, every=place.is_professional),
            growth=has_growth(seen, request),
            may_add=seen.listed.may_add(EntryKind.MEASURE),
            done=said.DONE.get(request.query.get("fait", ""), ""),
            no_value=said.NO_VALUE,
        )

    return show


def detail_page(where: Where) -> Handler:
    async def show(request: web.Request) -> web.Response:
        place, kind = await where(request), kind_asked(request)
        period = period_of(request)
        since = begin_of(period, request[ROOMS].clock.now())
        seen = await of_kind(
            medical_of(request).listing, place.reader, place.patient, kind.code, since=since
        )
        view = detail_of(seen, kind, since=since, page=page_number(request.query))
        path = f"{place.path}/{kind.code}"
        curves = ranges_of(kind.code) if has_growth(seen, request) else []
        return html(
            "measures/detail.html",
            face=request[VISIT].face,
            title=kind.label,
            current=place.current,
            data_page=f"{place.page}/{kind.code}",
            place=place,
            is_pro=place.is_professional,
            kind=kind,
            view=view,
            path=path,
            period=period,
            periods=[
                (address_of(path, periode=value), word, value) for value, word in PERIOD_WORDS
            ],
            target=target_of(kind, seen.choices),
            curves=curves,
            may_add=not kind.is_computed and seen.listed.may_add(EntryKind.MEASURE),
            done=said.DONE.get(request.query.get("fait", ""), ""),
            no_value=said.NO_VALUE,
            young=kind.code == BMI and has_growth(seen, request),
            talk=said.TALK,
            more=pager(path, {"periode": period}, view.page, view.pages),
        )

    return show
