"""`/fhir` reads: the same flows as the pages, FHIR R4 out (FHIR.md sections 4 and 5)."""

from collections.abc import Sequence
from urllib.parse import urlencode

from aiohttp import web

from gateway.errors import DeniedError
from gateway.flows.listing import NO_FILTER
from gateway.mapping.fhir.emit import Json, binary, issue, searchset
from gateway.mapping.fhir.emit_capability import capability_statement
from gateway.records.access import Reader
from gateway.records.filing import Card
from gateway.records.patient import PatientKey
from gateway.vault.downloads import attachment
from gateway.vault.fhir_porch import (
    FHIR_JSON,
    REFERENCES,
    References,
    SaidNoError,
    accepted,
    base_of,
    door,
    readable,
    resource,
)
from gateway.vault.fhir_query import (
    BadSearchError,
    Search,
    card_matches,
    cursor_of,
    deep_matches,
    is_deep,
    search_of,
    sorted_cards,
    start_of,
)
from gateway.vault.porch import MAX_FORM_BYTES
from gateway.vault.rooms import ROOMS, VaultRooms


def routes(rooms: VaultRooms) -> list[web.RouteDef]:
    kept = References()
    searching = door(rooms, kept, search)
    return [
        web.get("/fhir/metadata", door(rooms, kept, metadata, is_open=True)),
        web.get("/fhir/DocumentReference", searching),
        web.post("/fhir/DocumentReference/_search", searching),
        web.get("/fhir/DocumentReference/{id}", door(rooms, kept, read_reference)),
        web.get("/fhir/Binary/{id}", door(rooms, kept, read_binary)),
    ]


async def metadata(request: web.Request, _reader: Reader) -> web.Response:
    """Open to all: what this server answers."""
    readable(request)
    return resource(capability_statement(base_of(request)))


async def read_reference(request: web.Request, reader: Reader) -> web.Response:
    readable(request)
    rooms = request[ROOMS]
    opened = await rooms.read.open_document(reader, request.match_info["id"])
    made = await request[REFERENCES].of(rooms, opened.card)
    response = resource(made)
    response.headers["ETag"] = 'W/"1"'
    return response


async def read_binary(request: web.Request, reader: Reader) -> web.Response:
    """The bytes as received, or a Binary resource where FHIR JSON is asked (ITI-68)."""
    read, document = request[ROOMS].read, request.match_info["id"]
    opened = await read.open_document(reader, document, action="download")
    wanted, mime_type = accepted(request), opened.card.mime_type
    as_resource = wanted[0] in (FHIR_JSON, "application/json") and mime_type != wanted[0]
    raw = {mime_type, mime_type.partition("/")[0] + "/*", "*/*"}
    if mime_type in ("text/xml", "application/xml"):
        raw |= {"text/xml", "application/xml"}
    if not as_resource and not raw & set(wanted):
        raise SaidNoError(406, "not-supported", "Ask for the stored type or application/fhir+json.")
    body = await read.read_body(opened)
    if not as_resource:
        return attachment(opened, body)
    response = resource(binary(document, mime_type, body))
    response.headers["ETag"] = f'"{opened.shelved.document.sha256}"'
    return response


async def search(request: web.Request, reader: Reader) -> web.Response:
    """ITI-67: a searchset of what this reader may see, page by page."""
    readable(request)
    pairs = await _pairs(request)
    asked = search_of(pairs)
    if asked.unknown and "handling=strict" in request.headers.get("Prefer", ""):
        raise BadSearchError("These parameters are not known here: " + ", ".join(asked.unknown))
    patient = _patient(request, reader, asked)
    cards = await _found(request, reader, patient, asked)
    start = start_of(asked.cursor, cards, request[ROOMS].clock.now())
    shown = cards[start : start + asked.count]
    kept, rooms = request[REFERENCES], request[ROOMS]
    entries = [await kept.of(rooms, card) for card in shown]
    return resource(
        searchset(
            entries,
            base=base_of(request),
            total=len(cards),
            links=_links(request, pairs, shown, start + len(shown), len(cards)),
            issues=_warnings(asked),
        )
    )


async def _pairs(request: web.Request) -> list[tuple[str, str]]:
    pairs = list(request.query.items())
    if request.method == "POST":
        if (request.content_length or 0) > MAX_FORM_BYTES:
            raise SaidNoError(413, "too-long", "A search fits in 64 KB.")
        form = await request.post()
        pairs += [(name, value) for name, value in form.items() if isinstance(value, str)]
    return pairs


def _patient(request: web.Request, reader: Reader, asked: Search) -> PatientKey:
    """Whose record; a search without a patient is 403 for a patient, 400 otherwise."""
    if asked.patient_identifier is not None:
        return request[ROOMS].names.patient_key(*asked.patient_identifier)
    if asked.patient_id is not None:
        try:
            return PatientKey(bytes.fromhex(asked.patient_id))
        except ValueError:
            raise BadSearchError("patient is an id of this server.") from None
    if reader.kind == "patient":
        raise SaidNoError(403, "forbidden", "Name the patient: patient.identifier.")
    raise BadSearchError("Name the patient: patient.identifier=urn:oid:OID|value.")


async def _found(
    request: web.Request, reader: Reader, patient: PatientKey, asked: Search
) -> list[Card]:
    """Empty for a record that is not there, as for one that this reader may not see."""
    read = request[ROOMS].read
    try:
        listing = await read.search(reader, patient, NO_FILTER)
    except DeniedError:
        return []
    if asked.only_superseded:
        return []
    cards = [card for card in listing.cards if card_matches(card, asked)]
    if is_deep(asked):
        cards = [card for card in cards if await _deep(request, card, asked)]
    return sorted_cards(cards, asked.sort)


async def _deep(request: web.Request, card: Card, asked: Search) -> bool:
    shelved = await request[ROOMS].read.shelf.find(card.id)
    return shelved is not None and deep_matches(shelved, asked)


def _links(
    request: web.Request,
    pairs: Sequence[tuple[str, str]],
    shown: Sequence[Card],
    place: int,
    total: int,
) -> dict[str, str]:
    address = f"{base_of(request)}/DocumentReference"
    links = {"self": f"{address}?{urlencode(pairs)}"}
    if shown and place < total:
        cursor = cursor_of(shown[-1], place, request[ROOMS].clock.now())
        following = [(name, value) for name, value in pairs if name != "_cursor"]
        links["next"] = f"{address}?{urlencode([*following, ('_cursor', cursor)])}"
    return links


def _warnings(asked: Search) -> list[Json]:
    found = [
        issue("not-supported", f"{name} is not known here and was not used.", severity="warning")
        for name in asked.unknown
    ]
    if asked.count_cut:
        found.append(issue("informational", "_count was cut to 200.", severity="information"))
    return found
