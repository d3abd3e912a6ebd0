"""Read: every face asks these verbs, page and FHIR alike; each decides, traces, then answers.

Refused and not there are told alike (`DeniedError` without a rule); the trace names the rule.
A body is given only against an `Opened`, which only a permitted and traced decision makes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import orjson

from gateway.access.grid import Grid
from gateway.clock import Clock
from gateway.errors import DeniedError
from gateway.flows.facts import document_facts, patient_reader, record_facts
from gateway.flows.gate import Gate
from gateway.flows.listing import NO_FILTER, Filters, Listing, fold_words, listing_of
from gateway.flows.trace import seen_in, trace_of
from gateway.ports.people import People, Traces
from gateway.ports.shelf import Shelf
from gateway.records.access import (
    NORMAL,
    AccessAction,
    Circumstances,
    Decision,
    DocumentFacts,
    NoticeKind,
    Origin,
    Reader,
    ReaderKind,
    Switches,
)
from gateway.records.account import Trace
from gateway.records.filing import Card, DocumentStatus, Shelved
from gateway.records.observation import Observation
from gateway.records.patient import PatientKey

NOT_THERE = "Ce document n'existe pas ou ne vous est pas accessible."
MAX_VERSIONS = 100
MAX_HISTORY = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A document that this reader may read now, and why; the key to its body and results."""

    shelved: Shelved
    decision: Decision
    gate: Gate

    @property
    def card(self) -> Card:
        return self.shelved.card


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A decision on one stored document, traced, permitted or not."""

    shelved: Shelved
    facts: DocumentFacts
    decision: Decision
    gate: Gate


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadShelf:
    """The verbs of reading. `door` names the face in the traces."""

    shelf: Shelf
    people: People
    traces: Traces
    clock: Clock
    grid: Grid
    switches: Switches
    door: str = "http"

    async def list_documents(
        self, reader: Reader, patient: PatientKey, *, circumstances: Circumstances = NORMAL
    ) -> Listing:
        """The cards this reader may see, newest first; raises DeniedError for no such record."""
        return await self._listing(AccessAction.LIST, reader, patient, NO_FILTER, circumstances)

    async def search(
        self,
        reader: Reader,
        patient: PatientKey,
        filters: Filters,
        *,
        circumstances: Circumstances = NORMAL,
    ) -> Listing:
        """The same, of the cards that match; the words are not kept (VAULT DOC-03)."""
        return await self._listing(AccessAction.SEARCH, reader, patient, filters, circumstances)

    async def open_document(
        self,
        reader: Reader,
        document: str,
        *,
        action: str = "open",
        circumstances: Circumstances = NORMAL,
    ) -> Opened:
        """`action` is what the trace says: open, preview, download. Raises DeniedError."""
        asked = await self.ask(
            reader, AccessAction.OPEN, document, circumstances=circumstances, traced_as=action
        )
        if asked is None or not asked.decision.permitted:
            raise DeniedError(NOT_THERE)
        card = asked.shelved.card
        if reader.kind is ReaderKind.PATIENT and not card.read:
            await self.shelf.mark_read(document, at=asked.gate.now)
        return Opened(shelved=asked.shelved, decision=asked.decision, gate=asked.gate)

    async def read_body(self, opened: Opened) -> bytes:
        """The document's own bytes, equal to those received."""
        return await self.shelf.body(opened.card.id)

    async def observations(self, opened: Opened) -> list[Observation]:
        return await self.shelf.observations(opened.card.id)

    async def versions(self, opened: Opened) -> list[Card]:
        """Older versions that this reader may open, newest first (« Versions précédentes »)."""
        successor = document_facts(opened.card)
        older = await self.shelf.versions(opened.card.id)
        return [
            card
            for card in older[:MAX_VERSIONS]
            if opened.gate.may(
                AccessAction.OPEN, document_facts(card, successor=successor)
            ).permitted
        ]

    async def history(
        self, reader: Reader, patient: PatientKey, document: str | None = None, *, limit: int = 200
    ) -> list[Trace]:
        """The access log, row by row as ACCESS permits; raises DeniedError when all is refused.

        `details` keep the reason of an emergency only: counts would betray a hidden document.
        """
        gate = await self.gate(reader, patient)
        allowed = gate.may(AccessAction.TRACE, None)
        await self.traces.write(
            [trace_of(gate, allowed, action="trace", document=document, door=self.door)]
        )
        if not allowed.permitted:
            raise DeniedError(NOT_THERE)
        rows = await self._rows(patient, document, min(limit, MAX_HISTORY))
        facts = await self._facts_of_rows(patient, rows)
        return [
            _without_counts(row)
            for row in rows
            if gate.may(AccessAction.TRACE, facts.get(row.trace.document or "")).permitted
        ]

    async def may_mail(
        self,
        recipient: Reader,
        document: str,
        *,
        origin: Origin,
        flags: Mapping[str, bool] | None = None,
    ) -> Decision:
        """Asked again at the second a mail leaves; `flags` by the names of ACCESS section 2."""
        circumstances = replace(NORMAL, origin=origin, flags=flags or {})
        asked = await self.ask(recipient, AccessAction.MAIL, document, circumstances=circumstances)
        return asked.decision if asked else _gone()

    async def may_notify(self, document: str, notice: NoticeKind) -> Decision:
        """May the patient be told of this document now?"""
        shelved = await self.shelf.find(document)
        if shelved is None:
            return _gone()
        reader = patient_reader(shelved.card.patient)
        asked = await self.ask(
            reader, AccessAction.NOTIFY, document, circumstances=replace(NORMAL, notice=notice)
        )
        return asked.decision if asked else _gone()

    async def ask(
        self,
        reader: Reader,
        action: AccessAction,
        document: str,
        *,
        circumstances: Circumstances = NORMAL,
        traced_as: str | None = None,
    ) -> Asked | None:
        """Decides on one document and traces it durably; None where there is none."""
        shelved = await self.shelf.find(document)
        if shelved is None:
            return None
        gate = await self.gate(reader, shelved.card.patient, circumstances=circumstances)
        facts = await self._facts(shelved)
        decision = gate.may(action, facts)
        trace = trace_of(
            gate, decision, action=traced_as or action, document=document, door=self.door
        )
        await self.traces.write([trace])
        return Asked(shelved=shelved, facts=facts, decision=decision, gate=gate)

    async def gate(
        self, reader: Reader, patient: PatientKey, *, circumstances: Circumstances = NORMAL
    ) -> Gate:
        """This reader before this record, now; raises DeniedError for no such record."""
        person = await self.people.person(patient)
        if person is None:
            raise DeniedError(NOT_THERE)
        now = self.clock.now()
        return Gate(
            reader=reader,
            patient=patient,
            record=record_facts(person, await self.people.choices(patient), now),
            circumstances=circumstances,
            switches=self.switches,
            grid=self.grid,
            now=now,
        )

    async def _listing(
        self,
        action: AccessAction,
        reader: Reader,
        patient: PatientKey,
        filters: Filters,
        circumstances: Circumstances,
    ) -> Listing:
        gate = await self.gate(reader, patient, circumstances=circumstances)
        standing = gate.standing()
        cards = await self._candidates(patient, filters)
        decided = [(card, gate.may(action, document_facts(card))) for card in cards]
        seen = seen_in((card.id, decision) for card, decision in decided)
        await self.traces.write(
            [trace_of(gate, standing, action=action, door=self.door, seen=seen)]
        )
        permitted = (card for card, decision in decided if decision.permitted)
        return listing_of(permitted, filters, standing)

    async def _candidates(self, patient: PatientKey, filters: Filters) -> list[Card]:
        cards = await self.shelf.cards(patient)
        if words := fold_words(filters.words):
            found = await self.shelf.words(patient, words)
            return [card for card in cards if card.id in found]
        return cards

    async def _rows(self, patient: PatientKey, document: str | None, limit: int) -> list[Trace]:
        if document is None:
            return await self.traces.of_patient(patient, limit=limit)
        return await self.traces.of_document(patient, document, limit=limit)

    async def _facts_of_rows(
        self, patient: PatientKey, rows: list[Trace]
    ) -> dict[str, DocumentFacts]:
        named = {row.trace.document for row in rows}
        facts = {}
        for card in await self.shelf.cards(patient, current_only=False):
            if card.id in named:
                facts[card.id] = await self._facts_of_card(card)
        return facts

    async def _facts_of_card(self, card: Card) -> DocumentFacts:
        if card.status is DocumentStatus.SUPERSEDED and (shelved := await self.shelf.find(card.id)):
            return await self._facts(shelved)
        return document_facts(card)

    async def _facts(self, shelved: Shelved) -> DocumentFacts:
        """With the codes of the current version, when this one was replaced."""
        newest = shelved
        for _ in range(MAX_VERSIONS):
            if newest.card.status is not DocumentStatus.SUPERSEDED or not newest.superseded_by:
                break
            follower = await self.shelf.find(newest.superseded_by)
            if follower is None:
                break
            newest = follower
        if newest is shelved:
            return document_facts(shelved.card)
        return document_facts(shelved.card, successor=document_facts(newest.card))


def _gone() -> Decision:
    return Decision(permitted=False, rule="X00", because=NOT_THERE)


def _without_counts(row: Trace) -> Trace:
    kept = orjson.loads(row.trace.details) if row.trace.emergency else {}
    details = {"reason": kept["reason"]} if kept.get("reason") else {}
    return replace(row, trace=replace(row.trace, details=orjson.dumps(details)))
