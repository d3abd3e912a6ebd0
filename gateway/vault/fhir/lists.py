"""List: submission sets, found and read (ITI-66; FHIR.md section 4)."""

import orjson
from aiohttp import web

from gateway.errors import DeniedError
from gateway.flows.reading.xds.sets import SeenSet, set_of, sets_of
from gateway.mapping.fhir.dates import date_agrees
from gateway.mapping.fhir.values import URI_SYSTEM
from gateway.mapping.fhir.written.emit import identifier_of
from gateway.mapping.fhir.written.emit_capability import LIST_CRITERIA
from gateway.mapping.fhir.written.emit_list import (
    LIST_TYPES,
    NOT_SAID,
    SUBMISSION_SET,
    date_of_set,
    submission_set,
)
from gateway.mapping.fhir.written.making import Json, instant
from gateway.records.readers.access import Reader
from gateway.vault.fhir.porch import (
    References,
    readable,
    resource,
    this_version,
    type_routes,
    unless_known,
    vread_route,
    wanted_id,
)
from gateway.vault.fhir.search.asking import paged, question_of, searchset_of, whose
from gateway.vault.fhir.search.query import Search
from gateway.vault.fhir.search.tokens import Token, alternatives, plain_of, token_agrees
from gateway.vault.rooms import ROOMS, VaultRooms

KIND = "List"


def routes(rooms: VaultRooms, kept: References) -> list[web.RouteDef]:
    return [
        *type_routes(rooms, kept, KIND, search=search, read=read),
        vread_route(rooms, kept, KIND, read),
    ]


async def search(request: web.Request, reader: Reader) -> web.Response:
    """Newest deposit first, or as `_sort=date` says; empty for a record that is not there."""
    question = await question_of(request, reader, LIST_CRITERIA)
    asked, rooms = question.search, request[ROOMS]
    try:
        sets = await sets_of(rooms.read, reader, question.patient)
    except DeniedError:
        sets = []
    found = [one for one in sets if _matches(one, asked)]
    if asked.sort:
        found.sort(key=lambda one: date_of_set(one.deposited), reverse=asked.sort == "-date")
    page = await paged(request, found, asked)
    patient = await whose(rooms, question.patient) if page.shown else {}
    made = [_made(one, patient) for one in page.shown]
    return searchset_of(request, KIND, question, page, made)


async def read(request: web.Request, reader: Reader) -> web.Response:
    """As this reader sees it now; a vread asks for that version, no other one is kept."""
    readable(request)
    rooms = request[ROOMS]
    found = await set_of(rooms.read, reader, wanted_id(request))
    made = _made(found, await whose(rooms, found.deposited.patient))
    version = this_version(request, orjson.loads(made)["meta"]["versionId"])
    return unless_known(request, resource(made), version, found.changed_at)


def _made(one: SeenSet, patient: Json) -> bytes:
    return submission_set(
        one.deposited,
        [card.id for card in one.cards],
        patient=patient,
        source=_source(one),
        changed=one.changed_at,
    )


def _source(one: SeenSet) -> str:
    first = one.cards[0]
    return first.author or first.organization_name or "unknown"


def _matches(one: SeenSet, asked: Search) -> bool:
    return not asked.only_superseded and all(
        _agrees(one, name, value) for name, value in asked.wanted
    )


def _agrees(one: SeenSet, name: str, value: str) -> bool:
    said = one.deposited.submission or NOT_SAID
    match name:
        case "date" | "_lastUpdated":
            have = date_of_set(one.deposited) if name == "date" else instant(one.changed_at)
            return any(date_agrees(have, part) for part in value.split(","))
        case "source.family" | "source.given":
            words = (said.author or _source(one)).casefold().split()
            starts = [plain_of(part).casefold() for part in alternatives(value)]
            return any(word.startswith(start) for word in words for start in starts)
        case "code":
            return token_agrees([(LIST_TYPES, SUBMISSION_SET)], value)
        case "designationType":
            return token_agrees([said.content_type or ""], value)
        case "identifier":
            return token_agrees(_names(said.unique_id), value)
        case "sourceId":
            return token_agrees(_names(said.source_id), value)
        case _:
            return token_agrees([one.id], value)


def _names(name: str | None) -> list[Token]:
    made = identifier_of(name)
    if name is None or made is None:
        return []
    return [(made.get("system", ""), made["value"]), (URI_SYSTEM, name)]
