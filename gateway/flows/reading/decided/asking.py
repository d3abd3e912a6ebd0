"""Ask: one reader, one act, one stored document → a decision, durable in the log before it leaves.

Refused and not there are told alike, and cost alike: a face gets `DeniedError` without a rule; the
trace has it. What is not there is looked for by the same steps, and the try is an entry of the
log like any other (SECURITY section 1 IDOR, decision 024).
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from msgspec import structs

from gateway.access.grid import Grid
from gateway.access.time import in_force
from gateway.clock import Clock
from gateway.errors import DeferredError, DeniedError
from gateway.flows.reading.decided.facts import document_facts, record_facts
from gateway.flows.reading.decided.gate import NOTHING_PERMITS, Gate
from gateway.flows.reading.decided.told import access_notices
from gateway.flows.reading.decided.trace import trace_of, trace_of_nothing
from gateway.ports.documents.shelf import Shelf
from gateway.ports.people.people import People, Traces
from gateway.records.documents.shelved import Card, DocumentStatus, Shelved
from gateway.records.patients.account import Choice, ChoiceKind
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import (
    NORMAL,
    AccessAction,
    Circumstances,
    Decision,
    DocumentFacts,
    FactStatus,
    Mode,
    NoticeKind,
    Reader,
    ReaderKind,
)
from gateway.records.readers.switches import Switches

NOT_THERE = "Ce document n'existe pas ou ne vous est pas accessible."
GONE = Decision(permitted=False, rule="X00", because=NOT_THERE)
NOBODY = PatientKey(bytes(16))
"""Whose record is asked for with a document that is not there: the desk's, which is no person's."""
Refuses = Callable[[Gate, Card], bool]
MAX_LOOKS = 5
"""Merges and partings of one record that may fall into one reading of it."""


def never(_gate: Gate, _card: Card) -> bool:
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A decision on one stored document, traced, permitted or not."""

    shelved: Shelved
    facts: DocumentFacts
    decision: Decision
    gate: Gate

    @property
    def card(self) -> Card:
        return self.shelved.card


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What every verb that decides needs. `door` names the face in the traces, `centre15` the
    structures (Struct_IdNat) that answer the number 15."""

    shelf: Shelf
    people: People
    traces: Traces
    clock: Clock
    grid: Grid
    switches: Switches
    centre15: frozenset[str] = frozenset()
    door: str = "http"

    async def ask(
        self,
        reader: Reader,
        action: AccessAction,
        document: str,
        *,
        circumstances: Circumstances = NORMAL,
        traced_as: str | None = None,
        details: Mapping[str, object] | None = None,
        unless: Refuses = never,
    ) -> Asked | None:
        """Decides on one document and traces it durably; None where there is none, or where its
        record is nobody's (a merge that was undone, decision 010). That its author took it away is
        told as while it was there (ACCESS section 8). What ACCESS permits, `unless` may still
        refuse: another table that binds this door."""
        shelved = await self.shelf.find(document)
        patient = shelved.card.patient if shelved else NOBODY
        gate = await self._gate(reader, patient, circumstances)
        if shelved is None or gate is None:
            return None
        facts = await self.facts(shelved)
        is_of_change = circumstances.notice is NoticeKind.CHANGED_DOCUMENT
        if is_of_change and facts.status is FactStatus.DELETED:
            facts = structs.replace(facts, status=FactStatus.CURRENT)
        decision = gate.may(action, facts)
        if decision.permitted and unless(gate, shelved.card):
            decision = NOTHING_PERMITS
        trace = trace_of(
            gate,
            decision,
            action=traced_as or action,
            document=document,
            door=self.door,
            said=details,
        )
        read = action is AccessAction.OPEN
        told = access_notices(gate, decision, document=document) if read else ()
        await self.traces.write([trace], then=told)
        return Asked(shelved=shelved, facts=facts, decision=decision, gate=gate)

    async def demand(
        self,
        reader: Reader,
        action: AccessAction,
        document: str,
        *,
        circumstances: Circumstances = NORMAL,
        traced_as: str | None = None,
        details: Mapping[str, object] | None = None,
        unless: Refuses = never,
    ) -> Asked:
        """The same by somebody who waits for the answer; raises DeniedError unless it is
        permitted. The try at a document that is not there is traced too."""
        asked = await self.ask(
            reader,
            action,
            document,
            circumstances=circumstances,
            traced_as=traced_as,
            details=details,
            unless=unless,
        )
        if asked is None:
            await self.missed(reader, traced_as or action, document)
        if asked is None or not asked.decision.permitted:
            raise DeniedError(NOT_THERE)
        return asked

    async def gate(
        self,
        reader: Reader,
        patient: PatientKey,
        *,
        circumstances: Circumstances = NORMAL,
        attempt: str | None = None,
    ) -> Gate:
        """This reader before this record, now; raises DeniedError for no such record.

        `attempt` is the act that the log then tells of, where a refusal would be told too.
        """
        gate = await self._gate(reader, patient, circumstances)
        if gate is None:
            if attempt is not None:
                await self.missed(reader, attempt, None)
            raise DeniedError(NOT_THERE)
        return gate

    async def missed(self, reader: Reader, act: str, document: str | None = None) -> None:
        """A try at what is not there, as the log tells it: in nobody's record."""
        made = trace_of_nothing(reader, NOBODY, act, document, door=self.door, grid=self.grid)
        await self.traces.write([made])

    async def _gate(
        self, reader: Reader, patient: PatientKey, circumstances: Circumstances
    ) -> Gate | None:
        """The same questions to the store, whoever is there."""
        person = await self.people.person(patient)
        choices = await self.people.choices(patient)
        if person is None:
            return None
        now = self.clock.now()
        if circumstances is NORMAL:
            circumstances = entered(reader, choices, now)
        return Gate(
            reader=self._at_work(reader),
            patient=person.key,
            record=record_facts(person, choices, now),
            circumstances=circumstances,
            switches=self.switches,
            grid=self.grid,
            now=now,
        )

    def _at_work(self, reader: Reader) -> Reader:
        """Whose structure is a centre 15 regulates for the SAMU while he is signed in there (E2),
        at every face."""
        if reader.organisation not in self.centre15:
            return reader
        return replace(reader, centre15=True)

    async def gate_with(
        self,
        reader: Reader,
        patient: PatientKey,
        look: Callable[[], Awaitable[list[Card]]],
        *,
        attempt: str,
        circumstances: Circumstances = NORMAL,
    ) -> tuple[Gate, list[Card]]:
        """This reader before this record, and cards that are all of that very record; none are
        looked at where it is shut.

        A merge between the two would let the facts of one person decide on the documents of
        another: then both are asked for again. Raises DeniedError, and DeferredError where the
        record does not come to rest.
        """
        for _ in range(MAX_LOOKS):
            gate = await self.gate(reader, patient, circumstances=circumstances, attempt=attempt)
            cards = [] if gate.is_shut else await look()
            if {card.patient for card in cards} <= {gate.patient}:
                return gate, cards
        raise DeferredError("This record is being changed now.")

    async def facts(self, shelved: Shelved) -> DocumentFacts:
        """With the codes of the current version, when this one was replaced."""
        card = shelved.card
        if card.status is not DocumentStatus.SUPERSEDED:
            return document_facts(card)
        newest = await self.shelf.newest(card.id)
        if newest is None or newest.card.id == card.id:
            return document_facts(card)
        return document_facts(card, successor=document_facts(newest.card))

    async def facts_of_card(self, card: Card) -> DocumentFacts:
        if card.status is DocumentStatus.SUPERSEDED:
            shelved = await self.shelf.find(card.id)
            if shelved is not None:
                return await self.facts(shelved)
        return document_facts(card)


def entered(reader: Reader, choices: Iterable[Choice], now: datetime) -> Circumstances:
    """The emergency that this professional entered and that is not over (VAULT EMG-02). One that
    stood before a block ended is over with it, as an agreement is (RULES B9)."""
    if reader.kind is not ReaderKind.PROFESSIONAL:
        return NORMAL
    held = [choice for choice in choices if choice.target == reader.id]
    blocks = [one for one in held if one.kind is ChoiceKind.BLOCK]
    for choice in held:
        mine = choice.kind is ChoiceKind.EMERGENCY_ENTRY
        if mine and any(_ended(one, choice.since, now) for one in blocks):
            continue
        if mine and in_force(choice.since, choice.until, now):
            mode, _, reason = choice.by.partition("|")
            return Circumstances(mode=Mode(mode), reason=reason)
    return NORMAL


def _ended(block: Choice, since: datetime, now: datetime) -> bool:
    """Whether it held, and has ended, after that."""
    until = block.until
    return until is not None and block.since <= until <= now and since < until
