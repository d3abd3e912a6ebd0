"""What documents hold in coded form: Observation, Immunization, Condition… (VAULT 7, 10, 11).

Made of the documents that this reader may open, and told in the log as their opening; nothing
is kept beside them but the last used ones in memory (decision 013).
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Iterable

from aiohttp import web

from gateway.errors import DeniedError
from gateway.flows.reading.coded.contents import MAX_OPENED, Gathered, open_contents
from gateway.flows.reading.decided.asking import NOT_THERE
from gateway.flows.reading.read import Opened, ReadShelf
from gateway.mapping.facts import facts_in
from gateway.mapping.fhir.clinical import TYPES, Clinical, contents_of
from gateway.mapping.fhir.clinical.criteria import CODES, CRITERIA, DATES, OF_ENTRIES
from gateway.mapping.fhir.dates import date_agrees
from gateway.mapping.fhir.written.emit import issue
from gateway.records.documents.document import CDA_TYPES, BodyKind
from gateway.records.documents.observation import Observation
from gateway.records.documents.shelved import Card
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Reader
from gateway.vault.fhir.entries import entries_of, entry_of
from gateway.vault.fhir.measures import Found as Measures
from gateway.vault.fhir.measures import (
    bodies_of,
    cards_of,
    is_measure,
    measures_found,
    one_measure,
)
from gateway.vault.fhir.porch import (
    Reading,
    References,
    readable,
    resource,
    type_routes,
    wanted_id,
)
from gateway.vault.fhir.search.asking import paged, question_of, searchset_of
from gateway.vault.fhir.search.query import Search
from gateway.vault.fhir.search.tokens import token_agrees
from gateway.vault.rooms import ROOMS, VaultRooms

OBSERVATION = "Observation"
MAX_KEPT, MAX_KEPT_BYTES = 300, 64_000_000
NONE = Gathered(opened=[], left=0)
ID_LENGTH = 32
"""Characters of a document's id, with which the ids of its contents begin."""


class Kept:
    """What the last used CDA documents hold; the oldest go where all are too many or too large."""

    def __init__(self, limit: int = MAX_KEPT, max_bytes: int = MAX_KEPT_BYTES) -> None:
        self._made: OrderedDict[str, tuple[Clinical, ...]] = OrderedDict()
        self._limit, self._max_bytes = limit, max_bytes
        self._bytes = 0

    def get(self, document: str) -> tuple[Clinical, ...] | None:
        made = self._made.get(document)
        if made is not None:
            self._made.move_to_end(document)
        return made

    def put(self, document: str, made: tuple[Clinical, ...]) -> None:
        """Two questions may have made it at once."""
        if document not in self._made:
            self._made[document] = made
            self._bytes += _size(made)
        while len(self._made) > self._limit or self._bytes > self._max_bytes:
            _, gone = self._made.popitem(last=False)
            self._bytes -= _size(gone)


def _size(made: tuple[Clinical, ...]) -> int:
    return sum(len(one.body) for one in made)


class Contents:
    """What documents hold, as resources: those of the last used CDA documents.

    The rows of a message without a document stand as later messages left them, and as far as
    this reader may open those: they are made anew for each question.
    """

    def __init__(self) -> None:
        self._kept = Kept()

    async def of(self, read: ReadShelf, opened: Opened) -> tuple[Clinical, ...]:
        if not _is_cda(opened.card):
            observations = await read.observations(opened)
            return await asyncio.to_thread(contents_of, opened.shelved, observations, ())
        made = self._kept.get(opened.card.id)
        if made is None:
            made = await _made(read, opened)
            self._kept.put(opened.card.id, made)
        return made


async def _made(read: ReadShelf, opened: Opened) -> tuple[Clinical, ...]:
    """Of the document's own bytes, which never change; in a thread, for they may hold hundreds."""
    observations = await read.observations(opened)
    structured = opened.shelved.document.body is BodyKind.STRUCTURED
    body = await read.read_body(opened) if structured else b""
    return await asyncio.to_thread(_contents, opened, observations, body)


def _contents(opened: Opened, observations: list[Observation], body: bytes) -> tuple[Clinical, ...]:
    return contents_of(opened.shelved, observations, facts_in(body) if body else ())


def _is_cda(card: Card) -> bool:
    return card.mime_type in CDA_TYPES


def _has_results(card: Card) -> bool:
    return card.results > 0


def routes(rooms: VaultRooms, kept: References) -> list[web.RouteDef]:
    contents = Contents()
    every = (
        type_routes(rooms, kept, kind, search=_search(kind, contents), read=_read(kind, contents))
        for kind in (*TYPES, *OF_ENTRIES)
    )
    return [route for routes in every for route in routes]


def _read(kind: str, contents: Contents) -> Reading:
    async def read(request: web.Request, reader: Reader) -> web.Response:
        """One resource, by whoever may open its document."""
        readable(request)
        wanted, shelf = wanted_id(request), request[ROOMS].read
        if kind == OBSERVATION and is_measure(wanted):
            return resource(await one_measure(request, reader, wanted))
        if len(wanted) == ID_LENGTH or kind in OF_ENTRIES:
            return resource((await entry_of(request, reader, kind, wanted)).body)
        opened = await shelf.open_document(reader, wanted[:ID_LENGTH], action="contents")
        for one in await contents.of(shelf, opened):
            if (one.type, one.id) == (kind, wanted):
                return resource(one.body)
        raise DeniedError(NOT_THERE)

    return read


def _search(kind: str, contents: Contents) -> Reading:
    picked = _has_results if kind == OBSERVATION else _is_cda

    async def search(request: web.Request, reader: Reader) -> web.Response:
        """A searchset, newest first; empty for a record that is not there or not for them."""
        question = await question_of(request, reader, CRITERIA[kind])
        asked, shelf = question.search, request[ROOMS].read
        gathered = NONE
        if kind not in OF_ENTRIES:
            gathered = await _gathered(shelf, reader, question.patient, picked)
        made = [one for document in gathered.opened for one in await contents.of(shelf, document)]
        made += await entries_of(request, reader, kind, question.patient)
        measures: Measures = {}
        if kind == OBSERVATION:
            measures = await measures_found(request, reader, question.patient, asked)
            made += cards_of(measures)
        found = once(one for one in made if one.type == kind and agrees(one, asked))
        found.sort(key=lambda one: (one.date, one.id), reverse=asked.sort != "date")
        page = await paged(request, found, asked)
        entries = await bodies_of(request, question.patient, page.shown, measures)
        return searchset_of(request, kind, question, page, entries, _left_out(gathered.left))

    return search


async def _gathered(
    shelf: ReadShelf, reader: Reader, patient: PatientKey, picked: Callable[[Card], bool]
) -> Gathered:
    try:
        return await open_contents(shelf, reader, patient, picked)
    except DeniedError:
        return NONE


def _left_out(left: int) -> list[dict[str, object]]:
    words = f"Only the newest {MAX_OPENED} documents were read; {left} older ones were not."
    return [issue("incomplete", words, severity="warning")] if left else []


def once(found: Iterable[Clinical]) -> list[Clinical]:
    """The same result by two doors counts once (BIO-05): the one of the newest document."""
    by_name: dict[str, Clinical] = {}
    for one in found:
        by_name.setdefault(one.same_as or one.id, one)
    return list(by_name.values())


def agrees(one: Clinical, asked: Search) -> bool:
    return all(_agrees(one, name, value) for name, value in asked.wanted)


def _agrees(one: Clinical, name: str, value: str) -> bool:
    if name in DATES:
        return bool(one.date) and any(date_agrees(one.date, part) for part in value.split(","))
    if name in CODES:
        return token_agrees(one.codes, value)
    return token_agrees([{"_id": one.id, "category": one.category}.get(name, one.status)], value)
