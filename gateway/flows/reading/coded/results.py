"""Look through the results of a record: each document decided, and those shown told as opened.

The list tells in the log what was decided, as any search; of which documents a value was shown is
told as their opening, before it leaves (VAULT BIO-06). Nothing is kept beside the documents.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from gateway.flows.reading.coded.corrections import oldest_first, settled, shown
from gateway.flows.reading.decided.facts import document_facts, facts_as_current
from gateway.flows.reading.decided.gate import Gate
from gateway.flows.reading.decided.told import access_notices
from gateway.flows.reading.decided.trace import seen_in, trace_of
from gateway.flows.reading.read import ReadShelf
from gateway.mapping.biology.standing import is_given, once
from gateway.records.documents.document import RESULTS_TYPE
from gateway.records.documents.observation import Observation
from gateway.records.documents.result import Result
from gateway.records.documents.shelved import Card, DocumentStatus
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import AccessAction, Decision, Reader

MAX_DOCUMENTS, MAX_RESULTS = 500, 20_000
"""Of a record, that are looked through; the newest documents first."""


class Shows(Protocol):
    """What is made of the results for a page: it names the documents whose values are in it."""

    @property
    def documents(self) -> Collection[str]: ...


V = TypeVar("V", bound=Shows)
Rows = Mapping[str, Sequence[Observation]]
"""Of each document, by its id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The results of biology that a reader may read, of the newest documents first, each once;
    `left` older documents were not looked through."""

    results: list[Result]
    left: int


async def look_through(
    read: ReadShelf, reader: Reader, patient: PatientKey, view: Callable[[Found], V]
) -> V:
    """What `view` makes of them; it runs in a thread. Raises DeniedError for no such record."""
    gate, cards = await read.gate_with(
        reader,
        patient,
        lambda: read.shelf.cards(patient, current_only=False),
        attempt=AccessAction.SEARCH,
    )
    looked = await _looked(read, gate, cards)
    made = await asyncio.to_thread(lambda: view(looked.found()))
    await _tell(read, gate, looked.decided, made.documents)
    return made


async def given_in(read: ReadShelf, gate: Gate) -> list[Result]:
    """The same results, of which nothing is told here: who shows them tells it."""
    looked = await _looked(read, gate, await read.shelf.cards(gate.patient, current_only=False))
    return (await asyncio.to_thread(looked.found)).results


@dataclass(frozen=True, slots=True, kw_only=True)
class _Looked:
    """What was decided of each document, and what is read of those that are permitted."""

    decided: Sequence[tuple[Card, Decision]]
    some: Sequence[Card]
    rows: Rows
    entangled: Sequence[Sequence[Card]]
    sent: Mapping[str, str]
    left: int

    def found(self) -> Found:
        results = _results(self.some, self.rows, self.entangled, self.sent)
        return Found(results=once(filter(is_given, results)), left=self.left)


async def _looked(read: ReadShelf, gate: Gate, cards: Sequence[Card]) -> _Looked:
    decided = await _decided(read, gate, cards)
    permitted = [card for card, decision in decided if decision.permitted]
    some = _within_limits(permitted)
    rows = await read.shelf.observations_each(gate.patient, [card.id for card in some])
    entangled = await asyncio.to_thread(_entangled, some, rows)
    return _Looked(
        decided=decided,
        some=some,
        rows=rows,
        entangled=entangled,
        sent=await _sent(read, entangled),
        left=len(permitted) - len(some),
    )


async def _decided(
    read: ReadShelf, gate: Gate, cards: Sequence[Card]
) -> list[tuple[Card, Decision]]:
    """Of every document with results that is in force, and of the versions before a message of
    results: their rows are its own wherever it does not bring them (HL7V2 section 8)."""
    may = gate.each(AccessAction.OPEN)
    holding = [card for card in cards if card.results > 0]
    current = [
        (one, may(document_facts(one))) for one in holding if one.status is DocumentStatus.CURRENT
    ]
    older = [card for card in holding if _is_older_message(card)]
    if not older:
        return current
    standing = {card.id for card, decision in current if decision.permitted}
    ends = await read.shelf.ends(gate.patient)
    before = [
        (card, may(facts_as_current(card))) for card in older if ends.get(card.id) in standing
    ]
    return sorted([*current, *before], key=lambda one: one[0].deposited_at, reverse=True)


def _is_older_message(card: Card) -> bool:
    return card.status is DocumentStatus.SUPERSEDED and card.mime_type == RESULTS_TYPE


def _within_limits(cards: Sequence[Card]) -> list[Card]:
    """The newest, as many as may be looked through; one at least."""
    some: list[Card] = []
    results = 0
    for card in cards[:MAX_DOCUMENTS]:
        results += card.results
        if some and results > MAX_RESULTS:
            break
        some.append(card)
    return some


async def _sent(read: ReadShelf, entangled: Sequence[Sequence[Card]]) -> dict[str, str]:
    """When these messages were made (MSH-7), "" where one does not say: only they have an order."""
    asked = [card.id for group in entangled for card in group]
    shelved = await read.shelf.find_each(asked) if asked else {}
    return {name: one.document.creation_time or "" for name, one in shelved.items()}


def _entangled(cards: Sequence[Card], rows: Rows) -> list[list[Card]]:
    """The messages of each laboratory of which a row may be another's word on the same: those that
    share an order, and all versions of one document."""
    by_laboratory: dict[str, list[Card]] = {}
    for card in cards:
        if card.mime_type == RESULTS_TYPE:
            by_laboratory.setdefault(card.organization_name, []).append(card)
    return [some for group in by_laboratory.values() if (some := _sharing(group, rows))]


def _sharing(cards: Sequence[Card], rows: Rows) -> list[Card]:
    orders = {card.id: {_number(row) for row in rows.get(card.id, ())} - {""} for card in cards}
    told = Counter(number for some in orders.values() for number in some)
    return [
        card
        for card in cards
        if _is_older_message(card) or any(told[number] > 1 for number in orders[card.id])
    ]


def _number(row: Observation) -> str:
    """Of an order, which another message may name without its authority."""
    return row.group_id.partition("^")[0]


def _results(
    cards: Sequence[Card],
    rows: Rows,
    entangled: Sequence[Sequence[Card]],
    sent: Mapping[str, str],
) -> Iterator[Result]:
    """Every row as it stands now with the document that says it, newest documents first."""
    standing: dict[str, list[Result]] = {card.id: [] for group in entangled for card in group}
    for group in entangled:
        for one in _settled(group, rows, sent):
            standing[one.card.id].append(one)
    for card in cards:
        alone = (Result(shown(row), card) for row in rows.get(card.id, ()))
        yield from standing.get(card.id, alone)


def _settled(group: Sequence[Card], rows: Rows, sent: Mapping[str, str]) -> Iterator[Result]:
    arrived = [(sent.get(card.id, ""), card) for card in reversed(group)]
    cards = oldest_first(arrived)
    for one in settled(rows.get(card.id, ()) for card in cards):
        before = (Result(shown(row), cards[place]) for place, row in one.before)
        yield Result(shown(one.row), cards[one.place], tuple(before))


async def _tell(
    read: ReadShelf,
    gate: Gate,
    decided: Sequence[tuple[Card, Decision]],
    documents: Iterable[str],
) -> None:
    standing = gate.told()
    by_document = {card.id: decision for card, decision in decided}
    told = trace_of(
        gate,
        standing,
        action=AccessAction.SEARCH,
        door=read.door,
        seen=seen_in((card.id, decision) for card, decision in decided),
    )
    openings = (
        trace_of(gate, by_document[name], action="contents", document=name, door=read.door)
        for name in dict.fromkeys(documents)
    )
    await read.traces.write([told, *openings], then=access_notices(gate, standing))
