"""« Ajouter une valeur », correct, hide, delete: forms of a measure (VAULT MEA-01, MEA-03)."""

from collections.abc import Awaitable, Mapping
from dataclasses import replace

from aiohttp import web
from msgspec import structs

from gateway.errors import DeniedError
from gateway.flows.entries.refusals import NotOwnEntryError, StaleEntryError, UnfitError
from gateway.flows.reading.decided.asking import NOT_THERE
from gateway.mapping.measures.kinds import KINDS, MOMENTS, Kind
from gateway.records.entries.entry import GONE, Entry
from gateway.records.entries.kind import EntryKind
from gateway.records.entries.measure import Measure
from gateway.records.numbers import whole
from gateway.vault.measures import said
from gateway.vault.measures.form import Filled, filled_of, filled_with, read, shown_moment
from gateway.vault.measures.pages import Handler, Where, kind_asked
from gateway.vault.measures.views import may_correct
from gateway.vault.place import Place, settled
from gateway.vault.porch import see_other, sorry
from gateway.vault.rendering import html
from gateway.vault.rooms import ROOMS, medical_of
from gateway.vault.signing_in.signin import field
from gateway.vault.visit import VISIT
from gateway.vault.words import CHANGED_MEANWHILE

CHANGED: Mapping[str, str] = {"": CHANGED_MEANWHILE}
MASKS = {"oui": "masque", "non": "visible"}


def add_page(where: Where) -> Handler:
    async def show(request: web.Request) -> web.Response:
        now = shown_moment(request[ROOMS].clock.now())
        filled = Filled(code=request.query.get("code", ""), date=now)
        return await _form(request, await where(request), filled)

    return show


def add(where: Where) -> Handler:
    async def take(request: web.Request) -> web.Response:
        place, filled = await where(request), await filled_of(request)
        medical = medical_of(request)
        made, errors = await _read(request, place, filled)
        if made is None:
            return await _form(request, place, filled, errors=errors)
        try:
            await medical.write.add(
                place.reader, place.patient, EntryKind.MEASURE, made, key=filled.cle
            )
        except UnfitError:
            return await _form(request, place, filled, errors={"date": said.NOT_IN_LIFE})
        return see_other(f"{place.path}/{made.code}?fait=ajoute")

    return take


def change_page(where: Where) -> Handler:
    async def show(request: web.Request) -> web.Response:
        place, kind = await where(request), kind_asked(request)
        entry, one = await held(request, place, kind)
        if not may_correct(entry):
            return _sorry(request, place, "source", 403, said.NOT_OWN)
        return await _form(request, place, filled_with(one, entry.version), changes=entry.id)

    return show


def change(where: Where) -> Handler:
    async def take(request: web.Request) -> web.Response:
        place, kind = await where(request), kind_asked(request)
        filled = await filled_of(request, code=kind.code)
        entry, before = await held(request, place, kind)
        if not may_correct(entry):
            return _sorry(request, place, "source", 403, said.NOT_OWN)
        made, errors = await _read(request, place, filled)
        if made is None:
            return await _form(request, place, filled, errors=errors, changes=entry.id)
        made = structs.replace(made, device=before.device, device_id=before.device_id)
        act = medical_of(request).write.change(
            place.reader, place.patient, entry.id, made, version=whole(filled.version)
        )
        try:
            await act
        except StaleEntryError:
            filled = replace(filled, version=str(entry.version))
            return await _form(request, place, filled, errors=CHANGED, changes=entry.id)
        except NotOwnEntryError:
            return _sorry(request, place, "professionnel", 403, said.NOT_OWN)
        return see_other(f"{place.path}/{kind.code}?fait=modifie")

    return take


def delete_page(where: Where) -> Handler:
    """The effect in one sentence, before what cannot be undone (PAGES rule 8)."""

    async def show(request: web.Request) -> web.Response:
        place, kind = await where(request), kind_asked(request)
        entry, one = await held(request, place, kind)
        return html(
            "measures/delete.html",
            face=request[VISIT].face,
            title="Supprimer cette mesure",
            current=place.current,
            data_page=f"{place.page}/{kind.code}/{entry.id}/supprimer",
            back=f"{place.path}/{kind.code}",
            kind=kind,
            address=f"{place.path}/{kind.code}/{entry.id}/supprimer",
            version=entry.version,
            value=said.value_of(one),
            when=said.when_of(one),
        )

    return show


def delete(where: Where) -> Handler:
    async def take(request: web.Request) -> web.Response:
        place, kind = await where(request), kind_asked(request)
        version = whole(await field(request, "version"))
        change = medical_of(request).change
        identifier = request.match_info["id"]
        act = change.delete(place.reader, place.patient, identifier, version)
        try:
            return await _done(request, place, kind, act, "supprime")
        except DeniedError:
            if not await settled(request, place, GONE, identifier):
                raise
        return see_other(f"{place.path}/{kind.code}?fait=supprime")

    return take


def hide(where: Where) -> Handler:
    """`masque` is oui or non, as of a document."""

    async def take(request: web.Request) -> web.Response:
        place, kind = await where(request), kind_asked(request)
        wanted = await field(request, "masque")
        version = whole(await field(request, "version"))
        if wanted not in MASKS:
            return _sorry(request, place, "masque", 422, said.NOT_SENT)
        act = medical_of(request).change.mask(
            place.reader, place.patient, request.match_info["id"], version, masked=wanted == "oui"
        )
        return await _done(request, place, kind, act, MASKS[wanted])

    return take


def take_out(where: Where) -> Handler:
    """What a document tells is no measure of this record any more; it stays in the document."""

    async def take(request: web.Request) -> web.Response:
        place, kind = await where(request), kind_asked(request)
        act = medical_of(request).proposals.refuse(
            place.reader, place.patient, request.match_info["id"]
        )
        return await _done(request, place, kind, act, "retire")

    return take


async def held(request: web.Request, place: Place, kind: Kind) -> tuple[Entry, Measure]:
    """The measure of the address. Raises DeniedError."""
    seen = await medical_of(request).listing.before(
        place.reader, place.patient, request.match_info["id"]
    )
    one = seen.entry.content
    if not isinstance(one, Measure) or one.code != kind.code:
        raise DeniedError(NOT_THERE)
    return seen.entry, one


async def _done(
    request: web.Request, place: Place, kind: Kind, act: Awaitable[object], word: str
) -> web.Response:
    try:
        await act
    except StaleEntryError:
        return _sorry(request, place, "version", 409, said.STALE)
    except NotOwnEntryError:
        return _sorry(request, place, "professionnel", 403, said.NOT_OWN)
    return see_other(f"{place.path}/{kind.code}?fait={word}")


def _sorry(
    request: web.Request, place: Place, refusal: str, status: int, words: str
) -> web.Response:
    back = (place.path, place.title)
    return sorry(request[VISIT], status, words, refusal=refusal, back=back)


async def _read(
    request: web.Request, place: Place, filled: Filled
) -> tuple[Measure | None, dict[str, str]]:
    """Raises DeniedError for who may not look into the record: the form tells of its dates."""
    gate = await request[ROOMS].read.gate(place.reader, place.patient)
    made, errors = read(filled, birth=gate.record.birth_date.isoformat(), now=gate.now)
    if errors and not gate.standing().permitted:
        raise DeniedError(NOT_THERE)
    return made, errors


async def _form(
    request: web.Request,
    place: Place,
    filled: Filled,
    *,
    errors: Mapping[str, str] | None = None,
    changes: str = "",
) -> web.Response:
    stale, kind = errors is CHANGED, filled.kind
    path = f"{place.path}/{kind.code}" if kind else place.path
    title = "Corriger une valeur" if changes else "Ajouter une valeur"
    return html(
        "measures/form.html",
        status=409 if stale else 422 if errors else 200,
        refusal="version" if stale else "",
        face=request[VISIT].face,
        title=title,
        current=place.current,
        data_page=f"{place.page}/{kind.code}/{changes}/modifier"
        if kind and changes
        else f"{place.page}/ajouter",
        errors=errors or {},
        place=place,
        is_pro=place.is_professional,
        back=path,
        address=f"{path}/{changes}/modifier" if changes else place.path,
        changes=changes,
        filled=filled,
        cle=filled.cle or request[ROOMS].ids.secret(),
        kind=kind,
        kinds=[one for one in KINDS if not one.is_computed],
        units=[(unit, said.units_said(unit) or unit) for unit in kind.units] if kind else [],
        bounds=said.bounds_said(kind) if kind and kind.bounds else "",
        moments=MOMENTS.items(),
    )
