"""What every verb of a link is handed, and what a link may be made to (VAULT DOC-12)."""

from dataclasses import dataclass, replace

from gateway.clock import Ids
from gateway.errors import DeniedError
from gateway.flows.reading.decided.asking import NOT_THERE
from gateway.flows.reading.decided.gate import NOTHING_PERMITS, Gate
from gateway.flows.reading.decided.trace import trace_of
from gateway.flows.reading.explain import HOLDERS
from gateway.flows.reading.listing import is_masked
from gateway.flows.reading.read import ReadShelf
from gateway.ports.people.attestations import Attestations
from gateway.ports.people.people import Sessions
from gateway.ports.people.share_links import ShareLinks
from gateway.records.documents.shelved import Card, DocumentStatus, Shelved
from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import (
    AccessAction,
    Decision,
    DocumentFacts,
    Reader,
    ReaderKind,
)

MADE, ENDED, LISTED, OPENED = "link-made", "link-ended", "link-list", "link-opened"
WHOEVER = "Une personne qui a le lien"


@dataclass(frozen=True, slots=True, kw_only=True)
class Linking:
    read: ReadShelf
    links: ShareLinks
    attestations: Attestations
    sessions: Sessions
    ids: Ids


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What may be done with one document by a link that this reader makes, or made."""

    shelved: Shelved
    facts: DocumentFacts
    gate: Gate
    decision: Decision
    door: str

    def entry(self, act: str, **said: object) -> NewTrace:
        """By the reader himself."""
        return trace_of(
            self.gate,
            self.decision,
            action=act,
            document=self.shelved.card.id,
            door=self.door,
            said=said,
        )

    def entry_of_whoever(self, act: str, address: str, **said: object) -> NewTrace:
        """By somebody of whom nothing is known but the link."""
        return by_whoever(self.entry(act, **said), address)


def by_whoever(made: NewTrace, address: str) -> NewTrace:
    return replace(made, kind=ReaderKind.THIRD_PARTY, actor="", actor_name=WHOEVER, address=address)


async def judged(room: Linking, reader: Reader, document: str, act: str) -> Judged:
    """Decided now, as taking a copy along is (ACCESS P50), of what is in force and not masked.
    Raises DeniedError, traced as `act`, for what is not there."""
    read = room.read
    shelved = await read.shelf.find(document)
    if shelved is None:
        await read.missed(reader, act, document)
        raise DeniedError(NOT_THERE)
    gate = await read.gate(reader, shelved.card.patient, attempt=act)
    facts = await read.facts(shelved)
    decision = gate.may(AccessAction.EXPORT, facts)
    if decision.permitted and not (reader.kind in HOLDERS and can_be_given(shelved.card)):
        decision = NOTHING_PERMITS
    return Judged(shelved=shelved, facts=facts, gate=gate, decision=decision, door=read.door)


def can_be_given(card: Card) -> bool:
    """Own or received, in force, and not masked."""
    return card.status is DocumentStatus.CURRENT and not is_masked(card)


async def demanded(
    room: Linking, reader: Reader, patient: PatientKey, document: str, act: str
) -> Judged:
    """The same for a document of this record. Raises DeniedError, traced."""
    found = await judged(room, reader, document, act)
    if not found.decision.permitted or found.gate.patient != patient:
        if found.decision.permitted:
            found = replace(found, decision=NOTHING_PERMITS)
        await room.read.traces.write([found.entry(act)])
        raise DeniedError(NOT_THERE, rule=found.decision.rule)
    return found
