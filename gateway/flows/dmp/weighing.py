"""What one update of a document means as acts, and what stands against them: pure.

Archiving is on no list of ACCESS: it changes who finds a document, as a mask does, so it is asked
as one, and is its author's (F58). What takes a mask off is asked as unmasking: the patient's alone
(F59).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from msgspec import structs

from gateway.access.dmp.rights import Transaction, permits
from gateway.access.time import one_month_after
from gateway.flows.depositing.own import is_own
from gateway.flows.dmp.existence import is_treating
from gateway.flows.filing.consequences import announced, notices
from gateway.flows.filing.judging.versions import organization_names
from gateway.flows.reading.decided.gate import NOTHING_PERMITS, Gate
from gateway.mapping.xds.errors import POLICY, RegistryError
from gateway.mapping.xds.update.request import (
    OPERATION,
    UPDATE,
    VERSION,
    EntryWanted,
    StatusWanted,
)
from gateway.records.documents.document import Action
from gateway.records.documents.shelved import Card, availability_of
from gateway.records.documents.update import Availability, Update
from gateway.records.readers.access import AccessAction, Decision, DocumentFacts, FactStatus
from gateway.records.readers.vihf import Vihf
from gateway.records.task import NewTask

MASK, LEGAL, WAITS = "MASQUE_PS", "INVISIBLE_REPRESENTANTS_LEGAUX", "INVISIBLE_PATIENT"
HIDING = frozenset({MASK, "R", "V"})
"""Codes that keep professionals out (F51, F52)."""
Wanted = StatusWanted | EntryWanted


@dataclass(frozen=True, slots=True)
class Act:
    """Asked of ACCESS as `action` and of the DMP's table as `transaction`; the log says `word`."""

    action: AccessAction
    transaction: Transaction
    word: str


HIDE = Act(AccessAction.MASK, Transaction.HIDE, "mask")
SHOW = Act(AccessAction.UNMASK, Transaction.UNHIDE, "unmask")
SHOW_TO_FAMILY = Act(AccessAction.MASK, Transaction.SHOW_TO_PATIENT, "mask")
ANNOUNCE = Act(AccessAction.ANNOUNCE, Transaction.SHOW_TO_PATIENT, "announce")
DELETE = Act(AccessAction.DELETE, Transaction.DELETE, "delete")
ARCHIVE = Act(AccessAction.MASK, Transaction.ARCHIVE, "archive")
TAKE_BACK = Act(AccessAction.MASK, Transaction.ARCHIVE, "unarchive")
OF_STATUS = {
    Availability.DELETED: DELETE,
    Availability.ARCHIVED: ARCHIVE,
    Availability.APPROVED: TAKE_BACK,
}


def shown_codes(card: Card) -> frozenset[str]:
    """As a registry shows them: the patient's own mask is one of them."""
    return frozenset(card.codes) | ({MASK} if card.masked_by_patient else frozenset())


def acts_of(wanted: Wanted, card: Card, now: datetime) -> list[Act]:
    """Never none: who changes no code makes a new version all the same."""
    if isinstance(wanted, StatusWanted):
        return [OF_STATUS[wanted.after]]
    before, after = shown_codes(card), frozenset(wanted.codes)
    gone = before - after
    asked = {
        HIDE: bool((after - before) & (HIDING | {LEGAL})),
        SHOW: bool(gone & HIDING),
        SHOW_TO_FAMILY: LEGAL in gone,
        ANNOUNCE: WAITS in gone and waits(card, now),
    }
    return [act for act, is_asked in asked.items() if is_asked] or [HIDE]


def waits(card: Card, now: datetime) -> bool:
    """Whether the patient's side is kept from it until it is announced (R53)."""
    if WAITS not in card.codes or (card.announced_at is not None and card.announced_at <= now):
        return False
    return now < one_month_after(card.hidden_from or card.deposited_at)


def codes_after(wanted: EntryWanted, card: Card) -> tuple[str, ...]:
    """The sender's own: what stands and is still wanted, then what is new."""
    before = shown_codes(card)
    kept = [code for code in card.codes if code in wanted.codes]
    return tuple(dict.fromkeys([*kept, *(code for code in wanted.codes if code not in before)]))


def decided(gate: Gate, vihf: Vihf, card: Card, facts: DocumentFacts, act: Act) -> Decision:
    """Of the document as if it stood in force: what it is now is told to who may do this. Either
    of the two tables refuses alone."""
    is_known = permits(
        act.transaction,
        vihf,
        is_treating=is_treating(gate),
        is_author=is_own(card, gate.reader) and not card.by_patient,
        is_structures=vihf.structure in organization_names(card.organization),
    )
    decision = gate.may(act.action, structs.replace(facts, status=FactStatus.CURRENT))
    return decision if is_known or not decision.permitted else NOTHING_PERMITS


def is_told(gate: Gate, card: Card, facts: DocumentFacts) -> bool:
    """Whether this reader may hear that the document is there: he finds it, or deposited it."""
    shown = structs.replace(facts, status=FactStatus.CURRENT)
    heard = (AccessAction.SEARCH, AccessAction.DELETE)
    return is_own(card, gate.reader) or any(gate.may(one, shown).permitted for one in heard)


def state_errors(wanted: Wanted, card: Card) -> Iterator[RegistryError]:
    """What does not stand as the request has it."""
    stands = availability_of(card)
    if isinstance(wanted, StatusWanted):
        if stands is not wanted.before:
            message = "OriginalStatus is not the current one: look it up again."
            yield RegistryError(OPERATION, message, wanted.where)
        return
    if stands is None or stands is Availability.DELETED:
        message = "This document was replaced or deleted: look it up again."
        yield RegistryError(UPDATE, message, wanted.where)
    elif wanted.previous != card.metadata_version:
        message = "PreviousVersion is not the current one: look it up again."
        yield RegistryError(VERSION, message, wanted.where)
    if WAITS in wanted.codes and WAITS not in card.codes:
        message = "A document is hidden from its patient when it is deposited, not afterwards."
        yield RegistryError(POLICY, message, wanted.where)


def update_of(wanted: Wanted, card: Card, now: datetime) -> Update:
    """Of a document that stands as the request has it."""
    stood = availability_of(card) or Availability.APPROVED
    if isinstance(wanted, StatusWanted):
        becomes, version = wanted.after, card.metadata_version
        return Update(id=card.id, stood=stood, version=version, becomes=becomes)
    return Update(
        id=card.id,
        stood=stood,
        version=wanted.previous,
        becomes=stood,
        codes=codes_after(wanted, card),
        announces=ANNOUNCE in acts_of(wanted, card, now),
    )


def follows(update: Update, card: Card, now: datetime) -> list[NewTask]:
    """The patient is told as of the same act at another door; of what waits, when it opens."""
    if update.announces:
        return [announced(card.id, card.patient, now)]
    since = card.hidden_from if waits(card, now) else None
    if update.becomes is Availability.DELETED:
        return notices(Action.DELETE, card.id, card.patient, now, since=since)
    return [] if since else notices(Action.UPDATE, card.id, card.patient, now, since=None)
