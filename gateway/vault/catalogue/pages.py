"""`/catalogue` « Catalogue de services »: open to all, with search and filters (APP-01)."""

from collections.abc import Iterable, Sequence

from aiohttp import web

from gateway.access.scopes import halves, scopes_in
from gateway.records.catalogue.files import Listing, ServiceFile
from gateway.records.words import fold
from gateway.vault.catalogue.words import half_words, judgement_words
from gateway.vault.rendering import html
from gateway.vault.rooms import ROOMS
from gateway.vault.visit import VISIT

PATH = "/catalogue"
FILTERS = ("theme", "region", "langue")
MAX_SAID = 200


async def catalogue_page(request: web.Request) -> web.Response:
    """Query `q`, `theme`, `region`, `langue`."""
    listed = await request[ROOMS].launching.listed()
    said = {name: request.query.get(name, "")[:MAX_SAID] for name in ("q", *FILTERS)}
    found = [one for one in listed if _agrees(one.file, said)]
    return html(
        "catalogue/list.html",
        face=request[VISIT].face,
        title="Catalogue de services",
        current=PATH,
        data_page="catalogue",
        total=len(listed),
        rows=[_card(one) for one in found],
        said=said,
        filtered=any(said.values()),
        themes=_all(one.file.themes for one in listed),
        regions=_all(one.file.regions for one in listed),
        languages=_all(one.file.languages for one in listed),
    )


async def service_page(request: web.Request) -> web.Response:
    """One that is not listed is not there."""
    rooms, visit = request[ROOMS], request[VISIT]
    found = await rooms.launching.service(request.match_info["id"])
    return html(
        "catalogue/service.html",
        face=visit.face,
        title=found.file.name,
        current=PATH,
        data_page="catalogue/service",
        one=_card(found),
    )


def _card(one: Listing) -> dict[str, object]:
    scopes = [half for scope in scopes_in(one.file.scopes) for half in halves(scope)]
    return {
        "file": one.file,
        "since": one.since,
        "judgements": [judgement_words(judged) for judged in one.file.judgements],
        "asks": list(dict.fromkeys(half_words(half) for half in scopes)),
    }


def _agrees(file: ServiceFile, said: dict[str, str]) -> bool:
    whole = " ".join((file.name, file.publisher, file.description, *file.themes))
    wanted = fold(said["q"]).split()
    return (
        all(word in fold(whole) for word in wanted)
        and said["theme"] in ("", *file.themes)
        and said["region"] in ("", *file.regions)
        and said["langue"] in ("", *file.languages)
    )


def _all(values: Iterable[Sequence[str]]) -> list[str]:
    return sorted({one for some in values for one in some}, key=fold)
