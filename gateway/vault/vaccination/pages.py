"""`/vaccination`: the list with what is to come, and the form of one line (VAC-01, VAC-04)."""

from collections.abc import Mapping
from dataclasses import replace

from aiohttp import web

from gateway.access.time import civil_date
from gateway.errors import DeniedError
from gateway.flows.attesting.make import made_of
from gateway.flows.attesting.room import is_offered
from gateway.flows.entries.refusals import NotOwnEntryError, StaleEntryError, UnfitError
from gateway.flows.reading.decided.asking import NOT_THERE
from gateway.mapping.prevention.vaccines.recorded import birth_of
from gateway.mapping.prevention.vaccines.valences import VALENCES
from gateway.records.entries.entry import Entry
from gateway.records.entries.kind import EntryKind
from gateway.records.patients.attestation import written
from gateway.records.readers.access import AccessAction
from gateway.vault.place import Place
from gateway.vault.porch import see_other, sorry
from gateway.vault.rendering import html
from gateway.vault.rooms import ROOMS, medical_of
from gateway.vault.vaccination import words as said
from gateway.vault.vaccination.form import (
    Filled,
    content_of,
    errors_in,
    filled_of,
    filled_with,
    number_in,
    told,
)
from gateway.vault.vaccination.place import own_place, pro_place
from gateway.vault.vaccination.views import book_of
from gateway.vault.visit import VISIT
from gateway.vault.words import CHANGED_MEANWHILE

KIND = EntryKind.IMMUNIZATION
CONFLICT, FORBIDDEN = 409, 403
CHANGED: Mapping[str, str] = {"": CHANGED_MEANWHILE}


async def list_page(request: web.Request) -> web.Response:
    return await _list(request, own_place(request))


async def pro_list_page(request: web.Request) -> web.Response:
    return await _list(request, await pro_place(request))


async def _list(request: web.Request, place: Place) -> web.Response:
    listed = await medical_of(request).listing(place.reader, place.patient, [KIND], proposed=True)
    gate = listed.sight.gate
    person = await request[ROOMS].people.person(gate.patient)
    birth = birth_of(person.identity) if person and listed.standing.permitted else None
    room = request[ROOMS].attesting
    offered = room is not None and is_offered(gate)
    return html(
        "vaccination/list.html",
        face=request[VISIT].face,
        title=place.title,
        current=place.current,
        data_page=place.page,
        wide=True,
        place=place,
        book=book_of(listed, birth, civil_date(gate.now)),
        may_add=listed.may_add(KIND),
        done=said.DONE.get(request.query.get("fait", ""), ""),
        offered=offered,
        attestations=await made_of(room, gate.patient) if room and offered else (),
        written=written,
        said=said,
    )


async def add_page(request: web.Request) -> web.Response:
    return form_page(request, own_place(request), Filled())


async def pro_add_page(request: web.Request) -> web.Response:
    return form_page(request, await pro_place(request), Filled())


async def add(request: web.Request) -> web.Response:
    return await _add(request, own_place(request))


async def pro_add(request: web.Request) -> web.Response:
    return await _add(request, await pro_place(request))


async def _add(request: web.Request, place: Place) -> web.Response:
    filled = await filled_of(request, by_professional=place.is_professional)
    errors = errors_in(filled, is_new=True)
    if not errors:
        write = medical_of(request).write
        try:
            await write.add(place.reader, place.patient, KIND, content_of(filled), key=filled.cle)
        except UnfitError as error:
            errors = told(error.faults)
    if errors:
        return form_page(request, place, filled, errors=errors)
    return see_other(f"{place.path}?fait=ajout")


async def change_page(request: web.Request) -> web.Response:
    """An own line as it is; 403 for what a professional added or confirmed."""
    place, name = own_place(request), request.match_info["id"]
    entry, may = await one_of(request, place, name, AccessAction.REPLACE)
    if not may:
        return not_own(request)
    return form_page(request, place, filled_with(entry), changes=name)


async def change(request: web.Request) -> web.Response:
    place, name = own_place(request), request.match_info["id"]
    filled = await filled_of(request, by_professional=False)
    errors = errors_in(filled, is_new=False)
    try:
        if errors:
            _, may = await one_of(request, place, name, AccessAction.REPLACE)
            if not may:
                return not_own(request)
            return form_page(request, place, filled, errors=errors, changes=name)
        await medical_of(request).write.change(
            place.reader, place.patient, name, content_of(filled), version=number_in(filled.version)
        )
    except UnfitError as error:
        return form_page(request, place, filled, errors=told(error.faults), changes=name)
    except NotOwnEntryError:
        return not_own(request)
    except StaleEntryError:
        entry, _ = await one_of(request, place, name, AccessAction.REPLACE)
        filled = replace(filled, version=str(entry.version))
        return form_page(request, place, filled, errors=CHANGED, changes=name)
    return see_other(f"{place.path}?fait=changement")


async def one_of(
    request: web.Request, place: Place, name: str, action: AccessAction
) -> tuple[Entry, bool]:
    """A line that this reader sees, and whether that may be done with it. Raises DeniedError."""
    listed = await medical_of(request).listing(place.reader, place.patient, [KIND])
    found = next((one for one in listed.entries if one.id == name), None)
    if found is None:
        raise DeniedError(NOT_THERE)
    return found, listed.may(found, action)


def form_page(
    request: web.Request,
    place: Place,
    filled: Filled,
    *,
    errors: Mapping[str, str] | None = None,
    changes: str = "",
) -> web.Response:
    """`changes` is the id of the line that is changed, "" of a new one."""
    stale = errors is CHANGED
    return html(
        "vaccination/form.html",
        status=CONFLICT if stale else 422 if errors else 200,
        refusal="version" if stale else "",
        face=request[VISIT].face,
        title=said.CHANGE if changes else said.ADD,
        current=place.current,
        data_page=f"{place.page}/{'modifier' if changes else 'ajouter'}",
        errors=errors or {},
        place=place,
        filled=filled,
        address=f"{place.path}/{changes}/modifier" if changes else f"{place.path}/ajouter",
        changes=changes,
        cle=filled.cle or request[ROOMS].ids.secret(),
        valences=VALENCES.values(),
    )


def not_own(request: web.Request) -> web.Response:
    return sorry(request[VISIT], FORBIDDEN, said.SURE, refusal="professionnel", back=said.BACK)


def stale(request: web.Request) -> web.Response:
    return sorry(request[VISIT], CONFLICT, said.STALE, refusal="version", back=said.BACK)
