"""The porch of `/fhir`: errors are OperationOutcomes, models are kept (FHIR.md section 5)."""

import asyncio
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime

import structlog
from aiohttp import hdrs, web

from gateway.errors import DeferredError, DeniedError, GatewayError, RefusedError, kind_of
from gateway.flows.reading.decided.asking import NOT_THERE
from gateway.mapping.fhir.written.emit import document_reference, load_models, outcome
from gateway.records.documents.shelved import Card, Shelved
from gateway.records.readers.access import Reader, ReaderKind
from gateway.records.readers.callers import Caller, open_to
from gateway.vault.fhir.readers import SaidNoError, reader_of
from gateway.vault.fhir.scoped import within_scopes
from gateway.vault.fhir.search.query import BadSearchError
from gateway.vault.headers import secure
from gateway.vault.porch import NOT_HERE
from gateway.vault.rooms import ROOMS, VaultRooms

log = structlog.get_logger()
FHIR_JSON = "application/fhir+json"
HOST, NO_HOST = re.compile(r"[A-Za-z0-9._:\[\]-]{1,255}", re.ASCII), "localhost"
"""How a host is written in the addresses that are told; in place of any other, NO_HOST is."""
WEIGHT = re.compile(r";\s*q=([01](?:\.[0-9]{0,3})?)\s*(?:;|$)", re.IGNORECASE)
JSON_NAMES = ("json", "application/json", "text/json", "application/json+fhir")
"""What `_format` says for FHIR JSON; the last one is that of DSTU2."""
READABLE = (FHIR_JSON, "application/json", "application/*", "*/*")
FHIR_STATUS: dict[type[GatewayError], tuple[int, str, str]] = {
    RefusedError: (422, "processing", "The request breaks a rule."),
    DeferredError: (503, "transient", "The service cannot answer now, try again."),
    DeniedError: (404, "not-found", "No such resource, or not for this reader."),
}
NO_OPERATION = 501, "not-supported", "This server does not offer this operation."
RETRY_SECONDS = 30
MAX_KEPT = 2_000
Door = Callable[[web.Request], Awaitable[web.Response]]
Reading = Callable[[web.Request, Reader], Awaitable[web.Response]]


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
        (made,) = await self.of_each(rooms, [card])
        return made

    async def of_each(self, rooms: VaultRooms, cards: Sequence[Card]) -> list[bytes]:
        """In their order. Raises DeniedError when one of them went away meanwhile."""
        made = [self._kept.get(_as_it_is(card)) for card in cards]
        new = [card.id for card, known in zip(cards, made, strict=True) if known is None]
        found = await rooms.read.shelf.find_each(new) if new else {}
        told = []
        for card, known in zip(cards, made, strict=True):
            told.append(known or _made(card, found.get(card.id)))
            self._keep(card, told[-1])
            if known is None:
                await asyncio.sleep(0)  # others have their turn: one takes a while
        return told

    def _keep(self, card: Card, made: bytes) -> None:
        key = _as_it_is(card)
        self._kept[key] = made
        self._kept.move_to_end(key)
        if len(self._kept) > self._limit:
            self._kept.popitem(last=False)


def _made(card: Card, shelved: Shelved | None) -> bytes:
    if shelved is None:
        raise DeniedError(NOT_THERE)
    return document_reference(replace(shelved, card=card))


def _as_it_is(card: Card) -> tuple[object, ...]:
    """What the resource shows of a card that may change."""
    return (
        card.id,
        card.status,
        card.codes,
        card.masked_by_patient,
        card.type_code,
        card.shown_label,
        card.changed,
        card.archived_at,
    )


NOBODY = Reader(kind=ReaderKind.THIRD_PARTY, authenticated=False)
READERS = (Caller.PATIENT, Caller.PROFESSIONAL, Caller.APPLICATION)
"""Who has a session, or a token of a professional or an application."""
CAME = web.RequestKey("fhir_came", float)
REFERENCES = web.RequestKey("fhir_references", References)


async def quietly(request: web.Request) -> None:
    """Before an answer that holds nothing: what is refused, absent or empty takes as long."""
    await request[ROOMS].quiet.leave(request[CAME])


def no_such_type(rooms: VaultRooms) -> Callable[[web.Request, set[str]], Awaitable[web.Response]]:
    """The answer of an address under `/fhir` that is nobody's, or has other `methods` only."""

    async def answer(request: web.Request, methods: set[str]) -> web.Response:
        if "/$" in request.path:
            response = _no(*NO_OPERATION)
        elif methods:
            response = _no(405, "not-supported", "This address does not take this method.")
        else:
            response = _no(404, "not-found", "This server has no such resource type.")
        secure(response.headers, https=rooms.secure_cookies, content_type=FHIR_JSON)
        return response

    return answer


def wanted_id(request: web.Request) -> str:
    """The id in the address. Raises SaidNoError for an operation, which looks like one."""
    wanted = request.match_info["id"]
    if wanted.startswith("$"):
        raise SaidNoError(*NO_OPERATION)
    return wanted


def door(rooms: VaultRooms, kept: References, reading: Reading, *, is_open: bool = False) -> Door:
    """A reading behind the porch; an open one is asked in nobody's name (the metadata)."""

    async def enter(request: web.Request) -> web.Response:
        request[ROOMS], request[REFERENCES] = rooms, kept
        request[CAME] = rooms.quiet.came()
        response = await _answer(request, reading, is_open=is_open)
        if response.status == NOT_HERE:
            await quietly(request)
        content_type = response.content_type
        secure(response.headers, https=rooms.secure_cookies, content_type=content_type)
        return response

    return open_to(enter, *((Caller.ANYONE,) if is_open else READERS))


def type_routes(
    rooms: VaultRooms, kept: References, kind: str, *, search: Reading, read: Reading
) -> list[web.RouteDef]:
    """A resource type behind the porch: search by GET and by POST, and read."""
    searching = door(rooms, kept, search)
    return [
        web.get(f"/fhir/{kind}", searching),
        web.post(f"/fhir/{kind}/_search", searching),
        web.get(f"/fhir/{kind}/{{id}}", door(rooms, kept, read)),
    ]


def vread_route(rooms: VaultRooms, kept: References, kind: str, read: Reading) -> web.RouteDef:
    """Its vread behind the porch."""
    return web.get(f"/fhir/{kind}/{{id}}/_history/{{version}}", door(rooms, kept, read))


def this_version(request: web.Request, version: str) -> str:
    """The one that stands. Raises DeniedError where the address asks for another: none is kept."""
    if request.match_info.get("version", version) != version:
        raise DeniedError(NOT_THERE)
    return version


async def _answer(request: web.Request, reading: Reading, *, is_open: bool) -> web.Response:
    try:
        await request[REFERENCES].models()
        if is_open:
            return await reading(request, NOBODY)
        return await within_scopes(request, await reader_of(request), reading)
    except SaidNoError as error:
        return _no(error.status, error.code, error.words, error.headers)
    except BadSearchError as error:
        return _no(400, "invalid", str(error))
    except GatewayError as error:
        status, code, words = FHIR_STATUS[kind_of(error)]
        return _no(status, code, words)
    except Exception:
        log.exception("fhir.failed")
        return _no(500, "exception", "Internal error.")


def _no(
    status: int, code: str, words: str, headers: Sequence[tuple[str, str]] = ()
) -> web.Response:
    response = resource(outcome(code, words), status=status)
    for name, value in headers:
        response.headers.add(name, value)
    if status == 503:
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def resource(body: bytes, *, status: int = 200) -> web.Response:
    return web.Response(
        body=body, status=status, headers={"Content-Type": f"{FHIR_JSON}; charset=utf-8"}
    )


def unless_known(
    request: web.Request, response: web.Response, version: str, changed: datetime | None = None
) -> web.Response:
    """With its version and when that began, where that is known; 304 where the client holds it.

    `If-Modified-Since` is not looked at: two versions may be of one second.
    """
    headers = {hdrs.ETAG: f'W/"{version}"'}
    if changed is not None:
        headers[hdrs.LAST_MODIFIED] = format_datetime(changed.astimezone(UTC), usegmt=True)
    held = request.if_none_match or ()
    if any(one.value in (version, "*") for one in held):
        return web.Response(status=304, headers=headers)
    response.headers.update(headers)
    return response


def base_of(request: web.Request) -> str:
    return origin_of(request) + "/fhir"


def origin_of(request: web.Request) -> str:
    """The address of this house, without a slash at its end."""
    rooms = request[ROOMS]
    scheme = "https" if rooms.secure_cookies else request.scheme
    host = request.host if HOST.fullmatch(request.host) else NO_HOST
    root = rooms.base_url or f"{scheme}://{host}"
    return root.rstrip("/")


def accepted(request: web.Request) -> list[str]:
    """Media types as the client prefers them; what it gives no weight is not wanted (RFC 9110,
    12.4.2)."""
    accept = ",".join(request.headers.getall(hdrs.ACCEPT, [])).strip() or "*/*"
    weighed = [(_weight(part), part.split(";")[0].strip().lower()) for part in accept.split(",")]
    ordered = sorted(weighed, key=lambda one: one[0], reverse=True)
    return [name for weight, name in ordered if weight]


def _weight(part: str) -> float:
    told = WEIGHT.search(part)
    return float(told[1]) if told else 1.0


def asked_format(request: web.Request, said: str = "") -> str:
    """`_format` as a media type without its parameters, "" for none; a plus of the address came
    as a blank. `said` is that of a form."""
    asked = request.query.get("_format", said)
    told = asked.partition(";")[0].strip().lower().replace(" ", "+")
    return FHIR_JSON if told in JSON_NAMES else told


def readable(request: web.Request, said: str = "") -> None:
    """406 where JSON is not wanted; `_format` goes before Accept (R4 http)."""
    told = asked_format(request, said)
    if not (told == FHIR_JSON if told else any(one in READABLE for one in accepted(request))):
        raise SaidNoError(406, "not-supported", "We answer application/fhir+json.")
