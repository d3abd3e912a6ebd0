"""`/fhir` reads: the same flows as the pages, FHIR R4 out (FHIR.md sections 4 and 5)."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from urllib.parse import urlencode

import structlog
from aiohttp import hdrs, web

from gateway.errors import DeferredError, DeniedError, GatewayError, RefusedError
from gateway.flows.asking import NOT_THERE
from gateway.flows.facts import professional_reader
from gateway.flows.listing import NO_FILTER
from gateway.flows.signin import hash_secret
from gateway.mapping.fhir.emit import (
    Json,
    binary,
    document_reference,
    issue,
    load_models,
    outcome,
    searchset,
)
from gateway.mapping.fhir.emit_capability import capability_statement
from gateway.records.access import Reader
from gateway.records.filing import Card
from gateway.records.patient import PatientKey
from gateway.vault.downloads import attachment
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
from gateway.vault.headers import secure
from gateway.vault.porch import kind_of
from gateway.vault.rooms import ROOMS, VaultRooms
from gateway.vault.visit import visit_of

log = structlog.get_logger()
FHIR_JSON = "application/fhir+json"
READABLE = (FHIR_JSON, "application/json", "application/*", "*/*")
FHIR_STATUS: dict[type[GatewayError], tuple[int, str, str]] = {
    RefusedError: (422, "processing", "The request breaks a rule."),
    DeferredError: (503, "transient", "The service cannot answer now, try again."),
    DeniedError: (404, "not-found", "No such resource, or not for this reader."),
}
RETRY_SECONDS = 30
KEY_BYTES = 16
MAX_KEPT = 2_000
MAX_FORM_BYTES = 65_536
SAME_SITE = frozenset({"same-origin", "none"})
Reading = Callable[[web.Request, Reader], Awaitable[web.Response]]


class SaidNoError(Exception):
    """An HTTP answer with an OperationOutcome."""

    def __init__(self, status: int, code: str, words: str) -> None:
        super().__init__(words)
        self.status, self.code, self.words = status, code, words


class References:
    """DocumentReferences already made, the last used ones; made again when a card changes."""

    def __init__(self, limit: int = MAX_KEPT) -> None:
        self._models = False
        self._kept: OrderedDict[tuple[object, ...], bytes] = OrderedDict()
        self._limit = limit

    async def models(self) -> None:
        """The models take a while to import: not on the event loop."""
        if not self._models:
            await asyncio.to_thread(load_models)
            self._models = True

    async def of(self, rooms: VaultRooms, card: Card) -> bytes:
        """Raises DeniedError when the document went away meanwhile."""
        key = (card.id, card.status, card.codes, card.masked_by_patient)
        made = self._kept.get(key)
        if made is None:
            shelved = await rooms.read.shelf.find(card.id)
            if shelved is None:
                raise DeniedError(NOT_THERE)
            made = self._kept[key] = document_reference(shelved)
        self._kept.move_to_end(key)
        if len(self._kept) > self._limit:
            self._kept.popitem(last=False)
        return made


REFERENCES = web.RequestKey("fhir_references", References)


def routes(rooms: VaultRooms) -> list[web.RouteDef]:
    kept = References()

    def door(reading: Reading) -> Callable[[web.Request], Awaitable[web.Response]]:
        return _door(rooms, kept, reading)

    return [
        web.get("/fhir/metadata", _door(rooms, kept, None)),
        web.get("/fhir/DocumentReference", door(search)),
        web.post("/fhir/DocumentReference/_search", door(search)),
        web.get("/fhir/DocumentReference/{id}", door(read_reference)),
        web.get("/fhir/Binary/{id}", door(read_binary)),
    ]


def no_such_type(rooms: VaultRooms) -> Callable[[web.Request], Awaitable[web.Response]]:
    """The answer of an address under `/fhir` that is nobody's."""

    async def answer(_request: web.Request) -> web.Response:
        words = "This server has no such resource type or operation."
        response = _no(404, "not-found", words)
        secure(response.headers, https=rooms.secure_cookies, content_type=FHIR_JSON)
        return response

    return answer


def _door(
    rooms: VaultRooms, kept: References, reading: Reading | None
) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Who reads, and what an error is in FHIR; without `reading` it is open: the metadata."""

    async def enter(request: web.Request) -> web.Response:
        request[ROOMS], request[REFERENCES] = rooms, kept
        response = await _answer(request, reading)
        content_type = response.content_type
        secure(response.headers, https=rooms.secure_cookies, content_type=content_type)
        return response

    return enter


async def _answer(request: web.Request, reading: Reading | None) -> web.Response:
    try:
        await request[REFERENCES].models()
        if reading is None:
            _readable(request)
            return _resource(capability_statement(base_of(request)))
        return await reading(request, await reader_of(request))
    except SaidNoError as error:
        return _no(error.status, error.code, error.words)
    except BadSearchError as error:
        return _no(400, "invalid", str(error))
    except GatewayError as error:
        status, code, words = FHIR_STATUS[kind_of(error)]
        return _no(status, code, words)
    except Exception:
        log.exception("fhir.failed")
        return _no(500, "exception", "Internal error.")


def _no(status: int, code: str, words: str) -> web.Response:
    response = _resource(outcome(code, words), status=status)
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="fhir"'
    if status == 503:
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _resource(body: bytes, *, status: int = 200) -> web.Response:
    return web.Response(
        body=body, status=status, headers={"Content-Type": f"{FHIR_JSON}; charset=utf-8"}
    )


async def reader_of(request: web.Request) -> Reader:
    """A professional by bearer token, else the person of the session. Raises SaidNoError."""
    rooms = request[ROOMS]
    scheme, _, token = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
    if scheme:
        if scheme.casefold() == "bearer" and (known := await rooms.sign_in.bearer(token)):
            return professional_reader(known)
        if await rooms.people.sender(hash_secret(token.strip())) is not None:
            raise SaidNoError(403, "forbidden", "A sender reads GET /documents/{receipt}.")
        raise SaidNoError(401, "login", "This token opens nothing here.")
    visit = await visit_of(request, rooms)
    if visit.reader is None:
        raise SaidNoError(401, "login", "Send a bearer token, or sign in.")
    if request.headers.get("Sec-Fetch-Site", "none") not in SAME_SITE:
        raise SaidNoError(403, "forbidden", "Another site cannot ask with this session.")
    return visit.reader


def base_of(request: web.Request) -> str:
    root = request[ROOMS].base_url or f"{request.scheme}://{request.host}"
    return root.rstrip("/") + "/fhir"


def _accepted(request: web.Request) -> list[str]:
    accept = request.headers.get(hdrs.ACCEPT, "*/*")
    return [part.split(";")[0].strip().lower() for part in accept.split(",")]


def _readable(request: web.Request) -> None:
    """406 where JSON is not wanted."""
    wanted = request.query.get("_format", "json")
    if "json" not in wanted or not any(one in READABLE for one in _accepted(request)):
        raise SaidNoError(406, "not-supported", "We answer application/fhir+json.")


async def read_reference(request: web.Request, reader: Reader) -> web.Response:
    _readable(request)
    rooms = request[ROOMS]
    opened = await rooms.read.open_document(reader, request.match_info["id"])
    made = await request[REFERENCES].of(rooms, opened.card)
    response = _resource(made)
    response.headers["ETag"] = 'W/"1"'
    return response


async def read_binary(request: web.Request, reader: Reader) -> web.Response:
    """The bytes as received, or a Binary resource where FHIR JSON is asked (ITI-68)."""
    read, document = request[ROOMS].read, request.match_info["id"]
    opened = await read.open_document(reader, document, action="download")
    accepted, mime_type = _accepted(request), opened.card.mime_type
    as_resource = accepted[0] in (FHIR_JSON, "application/json") and mime_type != accepted[0]
    raw = {mime_type, mime_type.partition("/")[0] + "/*", "*/*"}
    if mime_type in ("text/xml", "application/xml"):
        raw |= {"text/xml", "application/xml"}
    if not as_resource and not raw & set(accepted):
        raise SaidNoError(406, "not-supported", "Ask for the stored type or application/fhir+json.")
    body = await read.read_body(opened)
    if not as_resource:
        return attachment(opened, body)
    response = _resource(binary(document, mime_type, body))
    response.headers["ETag"] = f'"{opened.shelved.document.sha256}"'
    return response


async def search(request: web.Request, reader: Reader) -> web.Response:
    """ITI-67: a searchset of what this reader may see, page by page."""
    _readable(request)
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
    return _resource(
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
