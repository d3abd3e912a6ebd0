"""DocumentReference and Binary: ITI-67, ITI-68 and reads by id (FHIR.md section 4)."""

from collections.abc import Sequence

import orjson
from aiohttp import web

from gateway.errors import DeniedError
from gateway.flows.reading.changes import with_changes
from gateway.flows.reading.listing import EVERY
from gateway.mapping.fhir.written.emit import binary, last_updated
from gateway.mapping.fhir.written.emit_capability import capability_statement
from gateway.mapping.fhir.written.outcome import BYTES_VERSION
from gateway.ports.documents.shelf import Shelf
from gateway.records.documents.document import CDA_TYPES
from gateway.records.documents.shelved import Card
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Reader
from gateway.vault.document.downloads import attachment
from gateway.vault.fhir.named import names_of_replaced, replaced_by_name, with_names
from gateway.vault.fhir.porch import (
    FHIR_JSON,
    REFERENCES,
    References,
    accepted,
    asked_format,
    base_of,
    door,
    readable,
    resource,
    this_version,
    type_routes,
    unless_known,
    vread_route,
    wanted_id,
)
from gateway.vault.fhir.readers import SaidNoError
from gateway.vault.fhir.search.asking import Question, paged, question_of, searchset_of
from gateway.vault.fhir.search.pages import page_of_cards
from gateway.vault.fhir.search.query import (
    Search,
    asks_archived,
    asks_changes,
    card_matches,
    deep_matches,
    is_deep,
)
from gateway.vault.rooms import ROOMS, VaultRooms

KIND, DOCREF = "DocumentReference", "$docref"
DAYS_OF_ACTS = {"start": "ge", "end": "le"}
AS_RESOURCE = frozenset({FHIR_JSON, "application/json"})


def routes(rooms: VaultRooms, kept: References) -> list[web.RouteDef]:
    return [
        web.get("/fhir/metadata", door(rooms, kept, metadata, is_open=True)),
        web.get(f"/fhir/{KIND}/{DOCREF}", door(rooms, kept, docref)),
        *type_routes(rooms, kept, KIND, search=search, read=read_reference),
        vread_route(rooms, kept, KIND, read_reference),
        web.get("/fhir/Binary/{id}", door(rooms, kept, read_binary)),
        vread_route(rooms, kept, "Binary", read_binary),
    ]


async def metadata(request: web.Request, _reader: Reader) -> web.Response:
    """Open to all: what this server answers."""
    readable(request)
    return resource(capability_statement(base_of(request)))


async def read_reference(request: web.Request, reader: Reader) -> web.Response:
    """The resource as it stands; a vread asks for that version, no other one is kept."""
    readable(request)
    rooms, wanted = request[ROOMS], wanted_id(request)
    opened = await rooms.read.open_document(reader, wanted)
    (card,) = await with_changes(rooms.read, reader, [opened.card])
    made = await request[REFERENCES].of(rooms, card)
    version = this_version(request, orjson.loads(made)["meta"]["versionId"])
    return unless_known(request, resource(made), version, last_updated(card))


async def read_binary(request: web.Request, reader: Reader) -> web.Response:
    """The bytes as received, or a Binary resource where FHIR JSON is asked (ITI-68)."""
    read, document = request[ROOMS].read, wanted_id(request)
    this_version(request, BYTES_VERSION)
    opened = await read.open_document(reader, document, action="download")
    told, mime_type = asked_format(request), opened.card.mime_type
    wanted = [told] if told else accepted(request)
    raw = {mime_type, mime_type.partition("/")[0] + "/*", "*/*"}
    if mime_type in CDA_TYPES:
        raw |= CDA_TYPES
    found = next((one for one in wanted if one in raw | AS_RESOURCE), None)
    as_resource = found in AS_RESOURCE and found not in raw
    if found is None:
        raise SaidNoError(406, "not-supported", "Ask for the stored type or application/fhir+json.")
    body = await read.read_body(opened)
    if not as_resource:
        return attachment(opened, body)
    made = resource(binary(document, mime_type, body))
    return unless_known(request, made, BYTES_VERSION, opened.card.deposited_at)


async def search(request: web.Request, reader: Reader) -> web.Response:
    """ITI-67: a searchset of what this reader may see, page by page."""
    return await _page(request, reader, await question_of(request, reader), KIND)


async def docref(request: web.Request, reader: Reader) -> web.Response:
    """$docref of IPA: the same search; `start` and `end` are days of the act."""
    question = await question_of(request, reader, meant=_meant)
    return await _page(request, reader, question, f"{KIND}/{DOCREF}")


def _meant(name: str, value: str) -> tuple[str, str]:
    prefix = DAYS_OF_ACTS.get(name)
    if prefix is None:
        return name, value
    return "period", f"{prefix}{value}" if value else ""


async def _page(
    request: web.Request, reader: Reader, question: Question, address: str
) -> web.Response:
    asked, patient = question.search, question.patient
    cards = await _found(request, reader, patient, asked)
    page = await paged(request, cards, asked, page_of_cards)
    kept, rooms = request[REFERENCES], request[ROOMS]
    shown = (
        page.shown if asks_changes(asked) else await with_changes(rooms.read, reader, page.shown)
    )
    made = await kept.of_each(rooms, shown)
    return searchset_of(request, address, question, page, made)


async def _found(
    request: web.Request, reader: Reader, patient: PatientKey, asked: Search
) -> list[Card]:
    """Empty for a record that is not there, as for one that this reader may not see. When they
    changed is told of all where it is asked; else of those alone that are shown, afterwards."""
    read = request[ROOMS].read
    try:
        cards: Sequence[Card] = (await read.search(reader, patient, EVERY)).cards
        if asks_changes(asked):
            cards = await with_changes(read, reader, cards)
    except DeniedError:
        return []
    if asked.only_superseded:
        return []
    hears = asks_archived(asked)
    cards = [c for c in cards if (hears or c.archived_at is None) and card_matches(c, asked)]
    if is_deep(asked):
        asked = await with_names(read.shelf, asked, whose={card.patient for card in cards})
        cards = await _deep(read.shelf, cards, asked)
    return cards


async def _deep(shelf: Shelf, cards: Sequence[Card], asked: Search) -> list[Card]:
    found = await shelf.find_each([card.id for card in cards])
    older = await replaced_by_name(shelf, found.values(), asked)
    return [
        card
        for card in cards
        if card.id in found
        and any(deep_matches(one, asked) for one in names_of_replaced(found[card.id], older))
    ]
