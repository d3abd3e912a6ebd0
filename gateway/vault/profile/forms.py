"""Adding and changing an entry: the form of its kind, and what it says (PRO-01, PRO-02)."""

from collections.abc import Mapping

from aiohttp import web

from gateway.errors import DeniedError
from gateway.flows.entries.listing import Seen
from gateway.flows.entries.refusals import (
    FiledError,
    FullError,
    NotOwnEntryError,
    StaleEntryError,
    UnfitError,
)
from gateway.flows.reading.decided.asking import NOT_THERE
from gateway.mapping.entries.faults import MAX_TEXT_CHARACTERS, Fault, Wrong
from gateway.records.entries.content import EntryContent
from gateway.records.entries.entry import Entry
from gateway.records.entries.kind import EntryKind
from gateway.records.numbers import whole
from gateway.records.readers.access import AccessAction
from gateway.vault.forms import FORM_KEY
from gateway.vault.place import Place
from gateway.vault.porch import see_other, sorry
from gateway.vault.profile import words as said
from gateway.vault.profile.fields import FORMS, FieldOf, Shape, content_of, filled_of
from gateway.vault.profile.lines import title_of
from gateway.vault.profile.place import place_of
from gateway.vault.profile.rubriques import ADD, ADD_FOR_ANOTHER, OF_KIND, SHOWN
from gateway.vault.rendering import html
from gateway.vault.rooms import ROOMS, medical_of
from gateway.vault.signing_in.signin import field
from gateway.vault.visit import VISIT
from gateway.vault.words import CHANGED_MEANWHILE, FILL_IN_ONE, number

MINOR = "F36"
WITH = "avec"
NO_ERRORS: Mapping[str, str] = {}
CHANGED: Mapping[str, str] = {"": CHANGED_MEANWHILE}


async def add_page(request: web.Request) -> web.Response:
    return await _page(request, await place_of(request), _kind(request), {})


async def add(request: web.Request) -> web.Response:
    """303 to the rubrique; 422 with the same form, 409 where there is one already."""
    place, kind = await place_of(request), _kind(request)
    filled = await _typed(request, kind)
    content = await _said(request, kind, filled)
    if isinstance(content, dict):
        return await _page(request, place, kind, filled, errors=content)
    key = await field(request, "cle")
    try:
        await medical_of(request).write.add(
            place.reader,
            place.patient,
            kind,
            content,
            key=key if FORM_KEY.fullmatch(key) else "",
            filled_with=await _with(request),
        )
    except UnfitError as error:
        return await _page(request, place, kind, filled, errors=_errors(kind, error.faults))
    except FullError as error:
        filed = isinstance(error, FiledError)
        full = {"": said.FILED if filed else said.FULL.get(kind, said.FULL_ELSE)}
        return await _page(request, place, kind, filled, errors=full, refusal="complet")
    except DeniedError as error:
        if error.rule == MINOR:
            return _sorry(request, place, 422, said.NOT_YET, "mineur")
        return _sorry(request, place, 403, said.NOT_ALLOWED, "ajout")
    return see_other(f"{place.path}/{OF_KIND[kind].slug}?fait=ajoute")


async def none(request: web.Request) -> web.Response:
    """« Je n'ai pas d'allergie à ajouter »."""
    place = await place_of(request)
    rubrique = SHOWN.get(request.match_info["id"])
    if rubrique is None or not rubrique.none:
        raise DeniedError(NOT_THERE)
    try:
        await medical_of(request).write.none(place.reader, place.patient, rubrique.kinds[0])
    except StaleEntryError:
        return _sorry(request, place, 409, said.STALE, "version")
    return see_other(f"{place.path}/{rubrique.slug}?fait=rien")


async def change_page(request: web.Request) -> web.Response:
    place = await place_of(request)
    seen = await seen_of(request, place)
    entry = seen.entry
    if entry.content is None:
        raise DeniedError(NOT_THERE)
    if not seen.may(AccessAction.REPLACE):
        return not_own(request, place)
    return await _page(request, place, entry.kind, filled_of(entry.kind, entry.content), entry)


async def change(request: web.Request) -> web.Response:
    place = await place_of(request)
    entry = (await seen_of(request, place)).entry
    filled = await _typed(request, entry.kind)
    content = await _said(request, entry.kind, filled, entry.content)
    if isinstance(content, dict):
        return await _page(request, place, entry.kind, filled, entry, errors=content)
    try:
        await _change(request, place, entry, content)
    except UnfitError as error:
        errors = _errors(entry.kind, error.faults)
        return await _page(request, place, entry.kind, filled, entry, errors=errors)
    except NotOwnEntryError:
        return not_own(request, place)
    except StaleEntryError:
        return await _page(request, place, entry.kind, filled, entry, errors=CHANGED)
    return see_other(f"{place.path}/entrees/{entry.id}?fait=modifie")


async def _change(request: web.Request, place: Place, entry: Entry, content: EntryContent) -> None:
    await medical_of(request).write.change(
        place.reader,
        place.patient,
        entry.id,
        content,
        version=await version_of(request),
        filled_with=await _with(request),
    )


async def _said(
    request: web.Request,
    kind: EntryKind,
    filled: Mapping[str, str],
    before: EntryContent | None = None,
) -> EntryContent | dict[str, str]:
    """What the form says, or words by field."""
    content = content_of(kind, filled, before)
    errors = _errors(kind, content) if isinstance(content, tuple) else {}
    if len(await _with(request)) > MAX_TEXT_CHARACTERS:
        errors[WITH] = said.TOO_LONG.format(most=MAX_TEXT_CHARACTERS)
    return errors if errors or isinstance(content, tuple) else content


async def _with(request: web.Request) -> str:
    """« Complété avec »."""
    return (await field(request, WITH)).strip()


async def version_of(request: web.Request) -> int:
    """That of the form; one that no entry has where it bears none."""
    return whole(await field(request, "version")) or 0


async def seen_of(request: web.Request, place: Place) -> Seen:
    """The entry of the address, and what may be done with it."""
    listing = medical_of(request).listing
    return await listing.before(place.reader, place.patient, request.match_info["id"])


def not_own(request: web.Request, place: Place) -> web.Response:
    """403: what somebody else wrote, and this reader sees."""
    words = said.NOT_OWN if place.is_own and not place.back else said.NOT_HERS
    return _sorry(request, place, 403, words, "professionnel")


def _sorry(
    request: web.Request, place: Place, status: int, words: str, refusal: str
) -> web.Response:
    return sorry(request[VISIT], status, words, refusal=refusal, back=(place.path, place.title))


def _kind(request: web.Request) -> EntryKind:
    """Of a form that stands in this rubrique."""
    found = next((one for one in ADD if one == request.match_info["kind"]), None)
    if found is None or OF_KIND[found].slug != request.match_info["id"]:
        raise DeniedError(NOT_THERE)
    return found


async def _typed(request: web.Request, kind: EntryKind) -> dict[str, str]:
    return {one.name: await field(request, one.name) for one in FORMS[kind]}


async def _page(
    request: web.Request,
    place: Place,
    kind: EntryKind,
    filled: Mapping[str, str],
    entry: Entry | None = None,
    *,
    errors: Mapping[str, str] = NO_ERRORS,
    refusal: str = "",
) -> web.Response:
    """Also with what is wrong: 422, or 409 where somebody else wrote since, or for this `refusal`;
    what was typed is given back with the version that it was typed upon, which is the present one
    once told."""
    rubrique = OF_KIND[kind]
    back = f"{place.path}/entrees/{entry.id}" if entry else f"{place.path}/{rubrique.slug}"
    stale, add = errors is CHANGED, ADD if place.is_own else ADD_FOR_ANOTHER
    key = await field(request, "cle") if errors else ""
    return html(
        "profile/form.html",
        status=409 if stale or refusal else 422 if errors else 200,
        refusal="version" if stale else refusal,
        face=request[VISIT].face,
        title=f"Modifier : {title_of(entry)}" if entry else add[kind],
        current=place.current,
        data_page=f"{place.page}/{rubrique.slug}/{'modifier' if entry else 'ajouter'}",
        errors=errors,
        place=place,
        address=f"{back}/modifier" if entry else f"{back}/ajouter/{kind}",
        back=back,
        fields=FORMS[kind],
        filled=filled or _empty(kind),
        avec=await field(request, WITH),
        version=(not stale and await field(request, "version")) or (entry.version if entry else ""),
        cle=key or request[ROOMS].ids.secret(),
    )


def _empty(kind: EntryKind) -> dict[str, str]:
    """A new one goes on, and is told in French."""
    ticked = {"en_cours": "oui", "langue": "fr"}
    return {one.name: ticked.get(one.name, "") for one in FORMS[kind]}


def _errors(kind: EntryKind, faults: tuple[Fault, ...]) -> dict[str, str]:
    """Words by field, in the order of the form."""
    found = {one.field: one for one in faults}
    return {
        one.name: _words(one, found[one.attribute]) for one in FORMS[kind] if one.attribute in found
    }


def _words(one: FieldOf, fault: Fault) -> str:
    if fault.wrong is Wrong.TOO_LONG:
        comment = fault.field == "comment"
        return said.COMMENT_TOO_LONG if comment else said.TOO_LONG.format(most=number(fault.most))
    if fault.wrong is Wrong.MISSING:
        missing = said.TICK if one.shape is Shape.TICK else FILL_IN_ONE
        return missing.format(label=one.label)
    return said.WRONG[fault.wrong]
