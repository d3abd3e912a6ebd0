"""`/profil` and its rubriques: what is filled, and when it last changed (PRO-10)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from gateway.errors import DeniedError
from gateway.flows.entries.listing import Listed
from gateway.flows.entries.sight import is_of_another
from gateway.flows.reading.decided.asking import NOT_THERE
from gateway.records.documents.shelved import Card
from gateway.records.entries.entry import Entry, EntryState
from gateway.records.entries.kind import DIRECTIVES, EntryKind
from gateway.records.entries.kind import KINDS as KINDS_OF
from gateway.records.patients.patient import PatientIdentity
from gateway.records.readers.access import AccessAction
from gateway.vault.place import Place
from gateway.vault.profile import words as said
from gateway.vault.profile.lines import Line, line_of, title_of, writer_words
from gateway.vault.profile.place import PATH, place_of
from gateway.vault.profile.rubriques import (
    ABOUT_ME,
    ADD,
    ADD_FOR_ANOTHER,
    HEADINGS,
    OF_KIND,
    RUBRIQUES,
    SHOWN,
    Rubrique,
)
from gateway.vault.rendering import html
from gateway.vault.rooms import ROOMS, medical_of
from gateway.vault.visit import VISIT

NAMES_AT_ONCE = 5
KINDS = tuple(OF_KIND)


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """One rubrique of the first page; `address` "" where no page shows it here."""

    title: str
    address: str
    names: tuple[str, ...]
    more: int
    proposals: int
    last: datetime | None
    none_since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The entries of one kind; `add` is the address of its form, "" where nothing is added, as of
    the trusted person once there is one."""

    kind: EntryKind
    heading: str
    lines: tuple[Line, ...]
    proposals: tuple[Line, ...]
    add: str
    add_words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What a rubrique shows beside its entries: the identity, or documents of its types."""

    identity: PatientIdentity | None = None
    papers: tuple[Card, ...] = ()


async def profile_page(request: web.Request) -> web.Response:
    place = await place_of(request)
    listed = await medical_of(request).listing(place.reader, place.patient, KINDS, proposed=True)
    wording = request[ROOMS].wording.at(request[ROOMS].clock.now())
    return html(
        "profile/page.html",
        face=request[VISIT].face,
        title=place.title,
        current=place.current,
        data_page=place.page,
        place=place,
        rubriques=[_glance(place, one, listed, wording) for one in RUBRIQUES],
        about=f"{place.path}/{ABOUT_ME.slug}" if not place.back else "",
    )


def _glance(place: Place, rubrique: Rubrique, listed: Listed, wording: str) -> Glance:
    entries = [one for kind in rubrique.kinds for one in listed.of(kind)]
    names = tuple(dict.fromkeys(filter(None, map(title_of, entries))))
    absent = [one.written_at for one in listed.absent if one.kind in rubrique.kinds]
    return Glance(
        title=rubrique.words(wording),
        address=_address(place, rubrique),
        names=names[:NAMES_AT_ONCE],
        more=max(len(names) - NAMES_AT_ONCE, 0),
        proposals=sum(one.kind in rubrique.kinds for one in listed.proposals),
        last=max((one.written_at for one in entries), default=None),
        none_since=max(absent, default=None),
    )


def _address(place: Place, rubrique: Rubrique) -> str:
    if rubrique.slug:
        return f"{place.path}/{rubrique.slug}"
    return place.path.removesuffix(PATH) + rubrique.room if rubrique.room else ""


async def rubrique_page(request: web.Request) -> web.Response:
    return await rubrique_view(request, _rubrique(request))


def _rubrique(request: web.Request) -> Rubrique:
    found = SHOWN.get(request.match_info["id"])
    if found is None:
        raise DeniedError(NOT_THERE)
    return found


async def rubrique_view(request: web.Request, rubrique: Rubrique) -> web.Response:
    place = await place_of(request)
    room = medical_of(request)
    listed = await room.listing(place.reader, place.patient, rubrique.kinds, proposed=True)
    absent = next(iter(listed.absent), None)
    may_add = {kind for kind in rubrique.kinds if kind in ADD and listed.may_add(kind)}
    beside = await _beside(request, rubrique, place)
    filed = any(one.by_patient and one.type_code == DIRECTIVES for one in beside.papers)
    if filed or is_of_another(EntryKind.DIRECTIVES, place.reader):
        may_add.discard(EntryKind.DIRECTIVES)  # one in force, of either form (PRO-06); REP-12
    wording = request[ROOMS].wording.at(request[ROOMS].clock.now())
    return html(
        "profile/rubrique.html",
        face=request[VISIT].face,
        title=_titled(rubrique, wording, request[VISIT].face.of),
        current=place.current,
        data_page=f"{place.page}/{rubrique.slug}",
        place=place,
        rubrique=rubrique,
        parts=[_part(place, rubrique, kind, listed, may_add) for kind in rubrique.kinds],
        absent=_absent(absent, place) if absent else None,
        may_say_none=bool(may_add) and rubrique.none and not listed.entries and not absent,
        done=said.DONE.get(request.query.get("fait", ""), ""),
        more={"identity": beside.identity, "papers": beside.papers, "filed": filed},
    )


def _titled(rubrique: Rubrique, wording: str, of: str) -> str:
    return (
        f"Informations personnelles {of}"
        if rubrique is ABOUT_ME and of
        else rubrique.words(wording)
    )


async def _beside(request: web.Request, rubrique: Rubrique, place: Place) -> Beside:
    if rubrique is ABOUT_ME:
        if place.back:
            raise DeniedError(NOT_THERE)
        person = await request[ROOMS].people.person(place.patient)
        return Beside(identity=person.identity if person else None)
    if not rubrique.papers:
        return Beside()
    found = await request[ROOMS].read.list_documents(place.reader, place.patient)
    return Beside(papers=tuple(one for one in found.cards if one.type_code in rubrique.papers))


def _part(
    place: Place, rubrique: Rubrique, kind: EntryKind, listed: Listed, may_add: Iterable[EntryKind]
) -> Part:
    lines = tuple(line_of(one, place.me) for one in listed.of(kind))
    is_full = len(lines) >= KINDS_OF[kind].most.get("", len(lines) + 1)
    return Part(
        kind=kind,
        heading=HEADINGS.get(kind, "") if len(rubrique.kinds) > 1 else "",
        lines=lines,
        proposals=tuple(line_of(one, place.me) for one in listed.proposals if one.kind is kind),
        add=f"{place.path}/{rubrique.slug}/ajouter/{kind}"
        if kind in may_add and not is_full
        else "",
        add_words=(ADD if place.is_own else ADD_FOR_ANOTHER).get(kind, ""),
    )


def _absent(entry: Entry, place: Place) -> dict[str, object]:
    own = entry.is_own and not place.back
    return {
        "at": entry.written_at,
        "by": writer_words(entry.writer, place.me),
        "address": f"{place.path}/entrees/{entry.id}/supprimer" if own else "",
    }


async def entry_page(request: web.Request) -> web.Response:
    """One entry: who wrote it, how it was before, and what may be done with it."""
    return await entry_view(request)


async def entry_view(
    request: web.Request, *, errors: dict[str, str] | None = None, told: str = ""
) -> web.Response:
    place, room = await place_of(request), medical_of(request)
    found = request.match_info["id"]
    seen = await room.listing.before(place.reader, place.patient, found)
    entry = seen.entry
    if entry.content is None:
        raise DeniedError(NOT_THERE)
    mask = AccessAction.UNMASK if entry.state is EntryState.HIDDEN else AccessAction.MASK
    return html(
        "profile/entry.html",
        status=422 if errors else 200,
        face=request[VISIT].face,
        title=title_of(entry),
        current=place.current,
        data_page=f"{place.page}/entrees",
        errors=errors or {},
        place=place,
        rubrique=OF_KIND[entry.kind],
        line=line_of(entry, place.me),
        before=_before(seen.before, place),
        told=told,
        done=said.DONE.get(request.query.get("fait", ""), ""),
        may={
            "change": entry.kind in ADD and seen.may(AccessAction.REPLACE),
            "delete": seen.may(AccessAction.DELETE),
            "mask": seen.may(mask) and not place.back,
            "disagree": not entry.is_own and seen.may(AccessAction.MASK) and not place.back,
            "confirm": bool(place.back) and not entry.confirmed and seen.may(AccessAction.DEPOSIT),
        },
    )


def _before(states: Sequence[Entry], place: Place) -> list[Line]:
    """The latest first."""
    return [line_of(one, place.me) for one in reversed(states)]
