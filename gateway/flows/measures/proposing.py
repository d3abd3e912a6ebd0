"""Measures of documents, made when they are asked for (VAULT MEA-08, PRO-04).

Of every document in force that the reader may open and that has results, but those of biology:
what a laboratory found stands under « Résultats ». A filing costs nothing more.
"""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from hashlib import sha256

from gateway.flows.reading.decided.facts import document_facts
from gateway.flows.reading.decided.gate import Gate
from gateway.mapping.measures.of_documents import measures_in
from gateway.ports.documents.shelf import Shelf
from gateway.records.documents.document import CDA_TYPES, Label
from gateway.records.documents.shelved import Card
from gateway.records.entries.entry import Entry, EntryState, Source, Writer, WriterRole
from gateway.records.entries.kind import EntryKind
from gateway.records.entries.measure import Measure
from gateway.records.readers.access import AccessAction

MAX_DOCUMENTS = 500
"""Of a record, the newest."""
ID_LETTERS = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeMeasures:
    shelf: Shelf

    async def __call__(self, gate: Gate, kinds: Collection[EntryKind], /) -> Sequence[Entry]:
        if EntryKind.MEASURE not in kinds:
            return ()
        may = gate.each(AccessAction.OPEN)
        cards = [
            card
            for card in await self.shelf.cards(gate.patient)
            if card.results > 0
            and card.label is not Label.BIOLOGIE
            and may(document_facts(card)).permitted
        ][:MAX_DOCUMENTS]
        if not cards:
            return ()
        rows = await self.shelf.observations_each(gate.patient, [card.id for card in cards])

        def made() -> list[Entry]:
            return [
                _entry(card, one)
                for card in cards
                for one in measures_in(rows.get(card.id, ()), is_cda=card.mime_type in CDA_TYPES)
            ]

        return await asyncio.to_thread(made)


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
