"""« Corbeille »: what a patient deletes of his own documents, and takes back (VAULT DOC-08).

A document in the bin is gone for every reader; its bin asks `delete` as if it were current (ACCESS
section 8).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from msgspec import structs

from gateway.errors import DeniedError, RefusedError
from gateway.flows.depositing.by_patient import NOT_OWN, NotOwnError
from gateway.flows.depositing.directives import OneOfDirectives
from gateway.flows.reading.decided.asking import NOT_THERE, Asked, Asking
from gateway.flows.reading.decided.facts import document_facts
from gateway.flows.reading.decided.gate import Gate
from gateway.flows.reading.decided.trace import trace_of
from gateway.mapping.labels.own import DIRECTIVES, TYPE_OF
from gateway.ports.documents.bins import Bins
from gateway.records.documents.shelved import Card, DocumentStatus
from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import AccessAction, Decision, FactStatus, Reader

KEPT = timedelta(days=30)
MAX_DELETED = 10
REPLACED = "F07"
LOOKED, RESTORED = "bin", "restore"
"""What the log calls a look at the bin, and what is taken out of it."""


class ChangedMeanwhileError(RefusedError):
    """One of the documents was replaced or deleted since the page was shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thrown:
    """`until` is when its bytes go."""

    card: Card
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    asking: Asking
    bins: Bins
    directives: OneOfDirectives

    async def throw(self, reader: Reader, documents: Sequence[str]) -> None:
        """All or none, in one commit with their entries in the log; what is in the bin already
        stays there. Raises RefusedError for none or more than MAX_DELETED, NotOwnError where one is
        a professional's, DeniedError where one is not this reader's or not there,
        ChangedMeanwhileError."""
        wanted = list(dict.fromkeys(documents))
        if not 0 < len(wanted) <= MAX_DELETED:
            raise RefusedError(f"Delete 1 to {MAX_DELETED} documents at a time.")
        asked = {one: await self._asked(reader, one) for one in wanted}
        found = [one for one in asked.values() if one is not None]
        refused = [one for one in found if not one.decision.permitted and not _in_bin(one)]
        await self._trace(refused)
        for name, one in asked.items():
            if one is None:
                await self.asking.demand(reader, AccessAction.DELETE, name)  # traced, and refused
        _refuse(refused)
        new = [one for one in found if one.decision.permitted]
        if not new:
            return
        if len({one.gate.patient for one in found}) > 1:
            raise DeniedError(NOT_THERE)
        acts = [_act(self.asking, one) for one in new]
        ids = [one.card.id for one in new]
        if not await self.bins.put(ids, at=new[0].gate.now, acts=acts):
            raise ChangedMeanwhileError("One of these documents was changed meanwhile.")

    async def thrown(self, reader: Reader, patient: PatientKey) -> list[Thrown]:
        """What may be taken back, the last first; raises DeniedError for no such record."""
        gate = await self.asking.gate(reader, patient, attempt=LOOKED)
        ids = [] if gate.is_shut else await self.bins.thrown(patient, since=gate.now - KEPT)
        found = await self.asking.shelf.find_each(ids)
        cards = [found[one].card for one in ids if one in found]
        shown = [card for card in cards if _may(gate, card).permitted]
        trace = trace_of(gate, gate.told(), action=LOOKED, door=self.asking.door)
        await self.asking.traces.write([trace])
        return [Thrown(card=card, until=_end(card)) for card in shown]

    async def take_out(self, reader: Reader, document: str) -> None:
        """Where it stood before; what stands there already stays. Raises DeniedError for what is
        not in this reader's bin, DirectivesStandError."""
        shelved = await self.asking.shelf.find(document)
        if shelved is None:
            raise DeniedError(NOT_THERE)
        card = shelved.card
        gate = await self.asking.gate(reader, card.patient)
        decision = _may(gate, card)
        act = trace_of(gate, decision, action=RESTORED, document=document, door=self.asking.door)
        if not decision.permitted:
            await self.asking.traces.write([act])
            raise DeniedError(NOT_THERE)
        if card.status is DocumentStatus.CURRENT:
            return  # a second click
        if card.type_code == TYPE_OF[DIRECTIVES]:
            await self.directives.demand_none(gate.patient)
        since = gate.now - KEPT
        if not await self.bins.take_out(document, since=since, at=gate.now, act=act):
            raise DeniedError(NOT_THERE)

    async def _asked(self, reader: Reader, document: str) -> Asked | None:
        shelved = await self.asking.shelf.find(document)
        if shelved is None:
            return None
        gate = await self.asking.gate(reader, shelved.card.patient)
        facts = await self.asking.facts(shelved)
        decision = gate.may(AccessAction.DELETE, facts)
        return Asked(shelved=shelved, facts=facts, decision=decision, gate=gate)

    async def _trace(self, asked: Sequence[Asked]) -> None:
        if asked:
            await self.asking.traces.write([_act(self.asking, one) for one in asked])


async def empty(bins: Bins, now: datetime, *, limit: int) -> int:
    """The bytes go of what was in a bin for KEPT."""
    return await bins.drop(by=now - KEPT, limit=limit)


def _act(asking: Asking, one: Asked) -> NewTrace:
    return trace_of(
        one.gate,
        one.decision,
        action=AccessAction.DELETE,
        document=one.card.id,
        door=asking.door,
    )


def _refuse(refused: Sequence[Asked]) -> None:
    if not refused:
        return
    rules = {one.decision.rule for one in refused}
    if rules == {NOT_OWN}:
        raise NotOwnError(NOT_THERE, rule=NOT_OWN)
    if rules == {REPLACED} and all(one.card.by_patient for one in refused):
        raise ChangedMeanwhileError("One of these documents was replaced meanwhile.")
    raise DeniedError(NOT_THERE)


def _in_bin(one: Asked) -> bool:
    """A second click: it would be permitted, were the document not deleted already."""
    card = one.card
    thrown = card.by_patient and card.status is DocumentStatus.WITHDRAWN
    return thrown and _may(one.gate, card).permitted


def _may(gate: Gate, card: Card) -> Decision:
    facts = structs.replace(document_facts(card), status=FactStatus.CURRENT)
    return gate.may(AccessAction.DELETE, facts)


def _end(card: Card) -> datetime:
    return (card.changed.at or card.deposited_at) + KEPT
