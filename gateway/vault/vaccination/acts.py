"""What is done with one line: deleted, joined, taken of a document, confirmed (VAC-01, VAC-02)."""

from aiohttp import web

from gateway.errors import DeniedError
from gateway.flows.entries.joining import join
from gateway.flows.entries.refusals import NotOwnEntryError, StaleEntryError
from gateway.records.entries.entry import GONE, STANDING
from gateway.records.readers.access import AccessAction
from gateway.vault.place import settled
from gateway.vault.porch import see_other
from gateway.vault.rendering import html
from gateway.vault.rooms import medical_of
from gateway.vault.signing_in.signin import field
from gateway.vault.vaccination.form import number_in
from gateway.vault.vaccination.pages import KIND, not_own, one_of, stale
from gateway.vault.vaccination.place import own_place, pro_place
from gateway.vault.vaccination.views import titled
from gateway.vault.visit import VISIT


async def delete_page(request: web.Request) -> web.Response:
    """PAGES section 2, rule 8."""
    place, name = own_place(request), request.match_info["id"]
    entry, may = await one_of(request, place, name, AccessAction.DELETE)
    if not may:
        return not_own(request)
    return html(
        "vaccination/delete.html",
        face=request[VISIT].face,
        title="Supprimer cette vaccination",
        current=place.current,
        data_page=f"{place.page}/supprimer",
        place=place,
        entry=entry,
        titled=titled(entry),
    )


async def delete(request: web.Request) -> web.Response:
    place, name = own_place(request), request.match_info["id"]
    version = number_in(await field(request, "version"))
    try:
        await medical_of(request).change.delete(place.reader, place.patient, name, version)
    except NotOwnEntryError:
        return not_own(request)
    except DeniedError:
        if not await settled(request, place, GONE, name):
            raise
    except StaleEntryError:
        return stale(request)
    return see_other(f"{place.path}?fait=suppression")


async def join_two(request: web.Request) -> web.Response:
    """Field `avec`, the id of the other line."""
    place, name = own_place(request), request.match_info["id"]
    pair = (name, await field(request, "avec"))
    try:
        await join(medical_of(request), place.reader, place.patient, KIND, pair)
    except NotOwnEntryError:
        return not_own(request)
    except DeniedError:
        if not await settled(request, place, GONE, *pair):
            raise
    except StaleEntryError:
        return stale(request)
    return see_other(f"{place.path}?fait=reunion")


async def accept(request: web.Request) -> web.Response:
    return await _settle(request, "acceptee")


async def refuse(request: web.Request) -> web.Response:
    return await _settle(request, "refusee")


async def _settle(request: web.Request, done: str) -> web.Response:
    place, name = own_place(request), request.match_info["id"]
    proposals = medical_of(request).proposals
    settle = proposals.accept if done == "acceptee" else proposals.refuse
    try:
        await settle(place.reader, place.patient, name)
    except DeniedError:
        if not await settled(request, place, STANDING | GONE, name):
            raise
    return see_other(f"{place.path}?fait={done}")


async def confirm(request: web.Request) -> web.Response:
    """A professional marks it sure: the patient changes it no more."""
    place, name = await pro_place(request), request.match_info["id"]
    version = number_in(await field(request, "version"))
    try:
        await medical_of(request).change.confirm(place.reader, place.patient, name, version)
    except StaleEntryError:
        return stale(request)
    return see_other(f"{place.path}?fait=confirmee")
