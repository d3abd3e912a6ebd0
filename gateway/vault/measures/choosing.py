"""« Choisir mes mesures »: order and choice of tiles, own target, weeks of pregnancy (MEA-05)."""

from aiohttp import web

from gateway.flows.entries.refusals import StaleEntryError, UnfitError
from gateway.flows.measures.choosing import choose
from gateway.flows.measures.reading import last_ones
from gateway.mapping.measures.kinds import KINDS
from gateway.mapping.measures.typed import number_in
from gateway.records.entries.measure_choices import MeasureChoices
from gateway.records.numbers import whole
from gateway.vault.forms import fields_of
from gateway.vault.measures import said
from gateway.vault.measures.pages import PATH, has_growth, own_place
from gateway.vault.porch import see_other, sorry
from gateway.vault.rendering import html
from gateway.vault.rooms import medical_of
from gateway.vault.signing_in.signin import field
from gateway.vault.visit import VISIT

CODES = [kind.code for kind in KINDS]
FAULTS = {"hba1c_target": ("objectif", said.TARGET), "weeks": ("semaines", said.WEEKS)}


async def choices_page(request: web.Request) -> web.Response:
    return await _page(request, {})


async def _page(request: web.Request, errors: dict[str, str]) -> web.Response:
    visit, place = request[VISIT], await own_place(request)
    patient, reader = visit.holder()
    seen = await last_ones(medical_of(request).listing, reader, patient)
    choices = await _filled(request) if errors else seen.choices
    target, weeks = await _typed(request) if errors else _shown(choices)
    order = {code: place for place, code in enumerate(choices.order)}
    return html(
        "measures/choices.html",
        status=422 if errors else 200,
        face=visit.face,
        title="Choisir les mesures" if visit.face.of else "Choisir mes mesures",
        current=place.current,
        data_page="mesures/choix",
        errors=errors,
        place=place,
        kinds=sorted(KINDS, key=lambda kind: order.get(kind.code, len(order))),
        hidden=choices.hidden,
        target=target,
        weeks=weeks,
        growth=has_growth(seen, request),
    )


async def take_choices(request: web.Request) -> web.Response:
    """`montrer` are codes with a tile, `rang_CODE` their places, `objectif` and `semaines`."""
    patient, reader = request[VISIT].holder()
    chosen = await _filled(request)
    target, weeks = await _typed(request)
    errors = {}
    if target and number_in(target) is None:
        errors["objectif"] = said.TARGET
    if weeks and chosen.weeks is None:
        errors["semaines"] = said.WEEKS
    if errors:
        return await _page(request, errors)
    try:
        await choose(medical_of(request), reader, patient, chosen)
    except UnfitError as error:
        told = [FAULTS.get(one.field, ("", said.NOT_SENT)) for one in error.faults]
        return await _page(request, dict(told))
    except StaleEntryError:
        back = (PATH, "Mesures")
        return sorry(request[VISIT], 409, said.STALE, refusal="version", back=back)
    return see_other(f"{PATH}?fait=choix")


async def _typed(request: web.Request) -> tuple[str, str]:
    """The target and the weeks."""
    return (await field(request, "objectif")).strip(), (await field(request, "semaines")).strip()


def _shown(choices: MeasureChoices) -> tuple[str, str]:
    weeks = "" if choices.weeks is None else str(choices.weeks)
    return choices.hba1c_target.replace(".", ","), weeks


async def _filled(request: web.Request) -> MeasureChoices:
    shown = {one for one in fields_of(request).getall("montrer", []) if isinstance(one, str)}
    places = {code: whole(await field(request, f"rang_{code}")) for code in CODES}
    order = sorted(CODES, key=lambda code: _place(places[code], code))
    target = number_in(await field(request, "objectif"))
    return MeasureChoices(
        order=tuple(order) if order != CODES else (),
        hidden=tuple(code for code in CODES if code not in shown),
        hba1c_target="" if target is None else f"{target.normalize():f}",
        weeks=whole((await field(request, "semaines")).strip()),
    )


def _place(said_: int | None, code: str) -> tuple[int, int]:
    own = CODES.index(code)
    return (said_ if said_ is not None else own + 1, own)
