"""Measures of documents, made when they are asked for (VAULT MEA-08, PRO-04, BIO-07).

Of every document in force that the reader may open and that has results: its vital signs, but those
that a laboratory's report repeats; and of what laboratories found glucose and HbA1c, as they stand
by it now. A filing costs nothing more.
"""

import asyncio
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from gateway.flows.entries.sight import Look
from gateway.flows.reading.coded.results import given_in
from gateway.flows.reading.decided.facts import document_facts
from gateway.flows.reading.decided.gate import Gate
from gateway.flows.reading.read import Opened, ReadShelf
from gateway.mapping.biology.standing import is_given
from gateway.mapping.measures.of_documents import measure_of_laboratory, measures_in
from gateway.records.documents.document import CDA_TYPES, Label
from gateway.records.documents.observation import Observation
from gateway.records.documents.result import Result
from gateway.records.documents.shelved import Card, DocumentStatus
from gateway.records.entries.entry import Entry, EntryState, Source, Writer, WriterRole
from gateway.records.entries.kind import EntryKind
from gateway.records.entries.measure import Measure
from gateway.records.readers.access import AccessAction

MAX_DOCUMENTS = 500
"""Of a record, the newest."""
ID_LETTERS = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeMeasures:
    read: ReadShelf

    async def __call__(self, gate: Gate, kinds: Collection[EntryKind], /) -> Sequence[Entry]:
        if EntryKind.MEASURE not in kinds:
            return ()
        signs = await self._vital_signs(gate)
        results = await given_in(self.read, gate)
        return [*signs, *await asyncio.to_thread(_of_laboratories, results)]

    async def _vital_signs(self, gate: Gate) -> Sequence[Entry]:
        may = gate.each(AccessAction.OPEN)
        cards = [
            card
            for card in await self.read.shelf.cards(gate.patient)
            if card.results > 0
            and card.label is not Label.BIOLOGIE
            and may(document_facts(card)).permitted
        ][:MAX_DOCUMENTS]
        if not cards:
            return ()
        rows = await self.read.shelf.observations_each(gate.patient, [card.id for card in cards])

        def made() -> list[Entry]:
            return [
                _entry(card, one)
                for card in cards
                for one in measures_in(rows.get(card.id, ()), is_cda=card.mime_type in CDA_TYPES)
            ]

        return await asyncio.to_thread(made)


def _of_laboratories(results: Iterable[Result]) -> list[Entry]:
    """One value of one moment once, by whatever document: the newest that says it."""
    made: dict[str, Entry] = {}
    for result in results:
        is_cda = result.card.mime_type in CDA_TYPES
        one = measure_of_laboratory(result.row, is_cda=is_cda)
        if one is not None:
            made.setdefault(one.same(), _entry(result.card, one))
    return list(made.values())


async def brings_measures(look: Look, opened: Opened, rows: Sequence[Observation]) -> bool:
    """Whether this document, of which `rows` are the results as they stand, brought a measure that
    nobody took away again (BIO-07)."""
    card = opened.card
    is_cda = card.mime_type in CDA_TYPES
    found = [
        measure_of_laboratory(row, is_cda=is_cda) for row in rows if is_given(Result(row, card))
    ]
    if card.label is not Label.BIOLOGIE:
        found += measures_in(rows, is_cda=is_cda)
    made = {one.same(): _entry(card, one) for one in found if one is not None}
    if not made or card.status is not DocumentStatus.CURRENT:
        return False
    known = await look.entries.known(card.patient, list(made.values()))
    return len(known) < len(made)


def _entry(card: Card, one: Measure) -> Entry:
    """Its id stays the same as long as the document does."""
    named = sha256(f"{card.id} {one.same()}".encode()).hexdigest()[:ID_LETTERS]
    return Entry(
        id=named,
        patient=card.patient,
        kind=EntryKind.MEASURE,
        content=one,
        writer=Writer(
            role=WriterRole.DOCUMENT,
            name=card.author or "",
            organization_name=card.organization_name,
        ),
        added_at=card.deposited_at,
        written_at=card.deposited_at,
        state=EntryState.PROPOSED,
        source=Source(document=card.id),
    )
