"""Read the documents that feed rubriques, when somebody asks what they propose (PRO-04)."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from hashlib import sha256

from gateway.flows.reading.coded.contents import open_contents
from gateway.flows.reading.decided.facts import document_facts
from gateway.flows.reading.decided.gate import Gate
from gateway.flows.reading.read import Opened, ReadShelf
from gateway.mapping.entries.feeding import FEEDS, READ_OF_FACTS, proposed_by
from gateway.mapping.facts import facts_in
from gateway.records.documents.document import CDA_TYPES
from gateway.records.documents.fact import Fact
from gateway.records.documents.shelved import Card
from gateway.records.entries.entry import Entry, EntryState, Source, Writer, WriterRole
from gateway.records.entries.kind import EntryKind
from gateway.records.readers.access import AccessAction

MAX_FEEDING = 20
"""Documents that are read for what they propose, the newest."""
ID_LETTERS = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeOfDocuments:
    """Each document is opened as its reader would, and told in the log."""

    read: ReadShelf

    async def __call__(self, gate: Gate, kinds: Collection[EntryKind], /) -> Sequence[Entry]:
        wanted = frozenset(kinds)
        if not any(wanted & fed for fed in FEEDS.values()):
            return ()
        cards = await self._feeding(gate, wanted)
        if not cards:
            return ()
        gathered = await open_contents(
            self.read, gate.reader, gate.patient, lambda card: card.id in cards
        )
        return [entry for one in gathered.opened for entry in await self._of(one, wanted)]

    async def _feeding(self, gate: Gate, wanted: frozenset[EntryKind]) -> frozenset[str]:
        def feeds(card: Card) -> bool:
            fits = bool(FEEDS.get(card.type_code or "", frozenset()) & wanted)
            return fits and gate.may(AccessAction.OPEN, document_facts(card)).permitted

        cards = [one for one in await self.read.shelf.cards(gate.patient) if feeds(one)]
        cards.sort(key=lambda one: one.deposited_at, reverse=True)
        return frozenset(one.id for one in cards[:MAX_FEEDING])

    async def _of(self, opened: Opened, wanted: frozenset[EntryKind]) -> list[Entry]:
        card = opened.card
        facts: Sequence[Fact] = ()
        if card.mime_type in CDA_TYPES and FEEDS[card.type_code or ""] & READ_OF_FACTS:
            facts = await asyncio.to_thread(facts_in, await self.read.read_body(opened))
        return [
            Entry(
                id=sha256(f"{card.id} {kind} {content.same()}".encode()).hexdigest()[:ID_LETTERS],
                patient=card.patient,
                kind=kind,
                content=content,
                writer=Writer(role=WriterRole.DOCUMENT, name=card.author),
                added_at=card.deposited_at,
                written_at=card.deposited_at,
                state=EntryState.PROPOSED,
                source=Source(document=card.id),
            )
            for kind, content in proposed_by(opened.shelved, facts, wanted)
        ]
