"""What is done with an entry: delete, mask, disagree, confirm, or settle it (PRO-03, PRO-04)."""

from aiohttp import web

from gateway.errors import DeniedError
from gateway.flows.entries.refusals import NotOwnEntryError, StaleEntryError, UnfitError
from gateway.records.entries.entry import GONE, STANDING, EntryState
from gateway.records.readers.access import AccessAction
from gateway.vault.place import Place, settled
from gateway.vault.porch import see_other, sorry
from gateway.vault.profile import words as said
from gateway.vault.profile.forms import not_own, seen_of, version_of
from gateway.vault.profile.lines import title_of
from gateway.vault.profile.pages import entry_view
from gateway.vault.profile.place import place_of
from gateway.vault.profile.rubriques import OF_KIND
from gateway.vault.rendering import html
from gateway.vault.rooms import medical_of
from gateway.vault.signing_in.signin import field
from gateway.vault.visit import VISIT


async def delete_page(request: web.Request) -> web.Response:
    """What cannot be undone is asked once more (PAGES 2.8); 403 as its form would be."""
    place = await place_of(request)
    seen = await seen_of(request, place)
    if not seen.may(AccessAction.DELETE):
        return not_own(request, place)
    entry = seen.entry
    rubrique = OF_KIND[entry.kind]
    absent = entry.state is EntryState.ABSENT
    return html(
        "profile/delete.html",
        face=request[VISIT].face,
        title=(rubrique.none if place.is_own else rubrique.none_of_another)
        if absent
        else title_of(entry),
        current=place.current,
        data_page=f"{place.page}/entrees/supprimer",
        place=place,
        entry=entry,
        absent=absent,
        back=f"{place.path}/{rubrique.slug}" if absent else f"{place.path}/entrees/{entry.id}",
    )


async def delete(request: web.Request) -> web.Response:
    place, room = await place_of(request), medical_of(request)
    identifier = request.match_info["id"]
    version = await version_of(request)
    try:
        kind = await room.change.delete(place.reader, place.patient, identifier, version)
    except NotOwnEntryError:
        return not_own(request, place)
    except DeniedError:
        gone = await settled(request, place, GONE, identifier)
        if gone is None:
            raise
        kind = gone.kind
    except StaleEntryError:
        return _stale(request, place)
    return see_other(f"{place.path}/{OF_KIND[kind].slug}?fait=supprime")


async def mask(request: web.Request) -> web.Response:
    place, room = await place_of(request), medical_of(request)
    masked, version = await field(request, "masque") == "oui", await version_of(request)
    identifier = request.match_info["id"]
    try:
        await room.change.mask(place.reader, place.patient, identifier, version, masked=masked)
    except NotOwnEntryError:
        return not_own(request, place)
    except StaleEntryError:
        return _stale(request, place)
    return _back(place, identifier, "masque" if masked else "visible")


async def disagree(request: web.Request) -> web.Response:
    """An empty note takes it back."""
    place, room = await place_of(request), medical_of(request)
    text, version = (await field(request, "desaccord")).strip(), await version_of(request)
    identifier = request.match_info["id"]
    try:
        await room.change.disagree(place.reader, place.patient, identifier, text, version)
    except UnfitError:
        return await entry_view(request, errors={"desaccord": said.COMMENT_TOO_LONG}, told=text)
    except NotOwnEntryError:
        return not_own(request, place)
    except StaleEntryError:
        return _stale(request, place)
    return _back(place, identifier, "desaccord" if text else "accord")


async def confirm(request: web.Request) -> web.Response:
    place, room = await place_of(request), medical_of(request)
    identifier, version = request.match_info["id"], await version_of(request)
    try:
        await room.change.confirm(place.reader, place.patient, identifier, version)
    except NotOwnEntryError:
        return not_own(request, place)
    except StaleEntryError:
        return _stale(request, place)
    return _back(place, identifier, "confirme")


async def settle(request: web.Request) -> web.Response:
    """A proposal of a document, accepted or refused."""
    place, room = await place_of(request), medical_of(request)
    accepted = await field(request, "choix") == "accepter"
    settle = room.proposals.accept if accepted else room.proposals.refuse
    identifier = request.match_info["id"]
    try:
        kind = await settle(place.reader, place.patient, identifier)
    except DeniedError:
        before = await settled(request, place, STANDING if accepted else GONE, identifier)
        if before is None:
            raise
        kind = before.kind
    done = "accepte" if accepted else "refuse"
    return see_other(f"{place.path}/{OF_KIND[kind].slug}?fait={done}")


def _back(place: Place, identifier: str, done: str) -> web.Response:
    return see_other(f"{place.path}/entrees/{identifier}?fait={done}")


def _stale(request: web.Request, place: Place) -> web.Response:
    back = (place.path, place.title)
    return sorry(request[VISIT], 409, said.STALE, refusal="version", back=back)
