"""A professional's own deposits in a record: what became of them, and what he may still do.

His receipts stay his though the patient gave no agreement (VAULT CHO-05); what they hold does
not: a receipt bears a type and dates, never a title nor a content.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from gateway.errors import DeniedError, RefusedError
from gateway.flows.filing.acts import HIDING
from gateway.flows.filing.consequences import notices
from gateway.flows.reading.changes import WAITS, shown_from
from gateway.flows.reading.decided.asking import NOT_THERE, Asked, Asking
from gateway.flows.reading.decided.gate import Gate
from gateway.flows.reading.decided.trace import UNFILED, trace_of
from gateway.records.documents.document import Action
from gateway.records.documents.shelved import Card, DocumentStatus
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import AccessAction, DocumentFacts, Reader

UNTYPED = DocumentFacts(type="none")
RECEIPTS = "receipts"
SHUT = "F10"
CURRENT = DocumentStatus.CURRENT


class SettledError(RefusedError):
    """An own deposit that was replaced or withdrawn meanwhile. Its author reads that in his
    receipts; everybody else is told what they are of a document that is not there."""

    def __init__(self, card: Card) -> None:
        super().__init__(f"this deposit is {card.status.value}")
        self.card = card


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnDeposit:
    card: Card
    may_replace: bool
    may_withdraw: bool
    waits: bool
    """The patient does not see it before it is announced (P13)."""


async def own_deposits(asking: Asking, reader: Reader, patient: PatientKey) -> list[OwnDeposit]:
    """Newest first, replaced and withdrawn ones too, none of a space that is shut: nobody reads it,
    its depositors neither (ACC-15, ACC-16). Raises DeniedError for no such record."""
    gate = await asking.gate(reader, patient)
    decision = gate.may(AccessAction.DEPOSIT, UNTYPED)
    shut = decision.rule == SHUT
    cards = [] if shut else await asking.shelf.cards(patient, current_only=False)
    mine = [card for card in cards if is_own(card, reader)]
    hidden = hidden_alike([_hidden(card, gate.now) for card in mine])
    said = {UNFILED: hidden} if hidden else None
    trace = trace_of(gate, decision, action=RECEIPTS, door=asking.door, said=said)
    await asking.traces.write([trace])
    return [await _own(asking, gate, card) for card in mine]


def hidden_alike(documents: Sequence[frozenset[str]]) -> list[str]:
    """The codes that hide an act on all of these, by those of each: where one is hidden from
    nobody the act is told; where they differ it is told to none of those."""
    if not documents or not all(documents):
        return []
    shared = frozenset.intersection(*documents)
    return sorted(shared or frozenset.union(*documents))


def _hidden(card: Card, now: datetime) -> frozenset[str]:
    """The codes that hide it from somebody still."""
    codes = {code for code in HIDING if code in card.codes}
    return frozenset(codes - {WAITS} if shown_from(card) <= now else codes)


def is_own(card: Card, reader: Reader) -> bool:
    """By the person, not by the establishment: colleagues' receipts are theirs."""
    return bool(reader.id) and reader.id in card.author_ids


async def _own(asking: Asking, gate: Gate, card: Card) -> OwnDeposit:
    facts = await asking.facts_of_card(card)
    return OwnDeposit(
        card=card,
        may_replace=gate.may(AccessAction.REPLACE, facts).permitted,
        may_withdraw=gate.may(AccessAction.DELETE, facts).permitted,
        waits=gate.may(AccessAction.ANNOUNCE, facts).permitted,
    )


async def may_do(asking: Asking, reader: Reader, action: AccessAction, document: str) -> Card:
    """Before a page asks for an act; raises SettledError, and DeniedError where ACCESS refuses it.
    Nothing is traced: the act itself is."""
    asked = await _asked(asking, reader, action, document)
    if not asked.decision.permitted:
        raise _no(asked.shelved.card, reader)
    return asked.shelved.card


async def withdraw(asking: Asking, reader: Reader, document: str) -> PatientKey:
    """Deleted by its author (P26): gone for every reader, the patient told, in one commit with its
    entry in the log. Whose record it was; SettledError, and DeniedError where ACCESS refuses
    (F58), both traced."""
    asked = await _asked(asking, reader, AccessAction.DELETE, document)
    gate, card = asked.gate, asked.shelved.card
    act = trace_of(
        gate, asked.decision, action=AccessAction.DELETE, document=document, door=asking.door
    )
    if not asked.decision.permitted:
        await asking.traces.write([act])
        raise _no(card, reader)
    waits = None if card.announced_at else card.hidden_from
    then = notices(Action.DELETE, document, card.patient, gate.now, since=waits)
    if not await asking.shelf.withdraw(document, at=gate.now, act=act, then=then):
        raise DeniedError(NOT_THERE)
    return card.patient


def _no(card: Card, reader: Reader) -> SettledError | DeniedError:
    settled = is_own(card, reader) and card.status is not CURRENT
    return SettledError(card) if settled else DeniedError(NOT_THERE)


async def _asked(asking: Asking, reader: Reader, action: AccessAction, document: str) -> Asked:
    shelved = await asking.shelf.find(document)
    if shelved is None:
        raise DeniedError(NOT_THERE)
    gate = await asking.gate(reader, shelved.card.patient)
    facts = await asking.facts(shelved)
    return Asked(shelved=shelved, facts=facts, decision=gate.may(action, facts), gate=gate)
