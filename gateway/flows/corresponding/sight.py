"""What one reader may see of a box: mails of which no document is hidden from him.

A mail that carries what is hidden from somebody is hidden from him altogether: its words, and the
copies beside the document, would tell of it (REP-07, DOC-11). So is what follows in its
conversation, which speaks of it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from msgspec import structs

from gateway.errors import DeniedError
from gateway.flows.corresponding.admitting import refused_senders
from gateway.flows.filing.acts import hiding_in
from gateway.flows.reading.decided.asking import NOT_THERE, Asking
from gateway.flows.reading.decided.facts import NO_TYPE
from gateway.flows.reading.decided.gate import NOTHING_PERMITS, Gate
from gateway.flows.reading.decided.trace import trace_of
from gateway.ports.correspondence import Correspondence
from gateway.records.correspondence.letter import KeptMail
from gateway.records.documents.shelved import Card
from gateway.records.patients.account import Choice
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import (
    NORMAL,
    AccessAction,
    Decision,
    DocumentFacts,
    FactStatus,
    NoticeKind,
    Reader,
    ReaderKind,
)

WRITERS = frozenset({ReaderKind.PATIENT, ReaderKind.REPRESENTATIVE, ReaderKind.CAREGIVER})
"""Whose box it is, and who may write for him (VAULT REP-09)."""
WORDS = DocumentFacts(type=NO_TYPE)
"""A message without a document: what a reader of the patient's side may read of a record at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """`mails` the oldest first, `cards` the documents that belong to them by id, of this very
    record; `choices` all of it."""

    gate: Gate
    decision: Decision
    mails: tuple[KeptMail, ...]
    cards: Mapping[str, Card]
    choices: Sequence[Choice]

    @property
    def refused(self) -> frozenset[str]:
        return refused_senders(list(self.choices), self.gate.now)

    def hidden_in(self, conversation: str) -> dict[str, tuple[str, ...]]:
        """Documents of its mails that their author hid from somebody, with those codes."""
        named = {document for one in self.of(conversation) for document in one.about}
        cards = (self.cards[one] for one in sorted(named & self.cards.keys()))
        found = {card.id: hiding_in(card.codes) for card in cards}
        return {document: codes for document, codes in found.items() if codes}

    def of(self, conversation: str) -> tuple[KeptMail, ...]:
        return tuple(one for one in self.mails if one.conversation == conversation)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Who may look, and at what."""

    asking: Asking
    correspondence: Correspondence

    async def __call__(self, reader: Reader, patient: PatientKey, act: str) -> Sight:
        """Raises DeniedError, traced as `act`, where nothing of a box is this reader's."""
        sight = await self._sight(reader, patient, attempt=act)
        if not sight.decision.permitted:
            trace = trace_of(sight.gate, sight.decision, action=act, door=self.asking.door)
            await self.asking.traces.write([trace])
            raise DeniedError(NOT_THERE)
        return sight

    async def unread(self, reader: Reader, patient: PatientKey) -> int:
        if not await self.correspondence.has_unread(patient):
            return 0
        try:
            sight = await self._sight(reader, patient, attempt=None, unread_only=True)
        except DeniedError:
            return 0
        return len(sight.mails)

    async def may_hear(self, patient: PatientKey, mail: str, reader: Reader) -> bool:
        """Whether a notice of this message may go to this addressee now, traced (VAULT N3)."""
        circumstances = replace(NORMAL, notice=NoticeKind.NEW_DOCUMENT)
        gate = await self.asking.gate(reader, patient, circumstances=circumstances)
        kept = await self.correspondence.mail(mail)
        if kept is None:
            return False
        decided = gate.may(AccessAction.NOTIFY, WORDS)
        _, hidden = await self.judged(gate, kept.about, AccessAction.NOTIFY)
        if decided.permitted and hidden:
            decided = NOTHING_PERMITS
        trace = trace_of(gate, decided, action=AccessAction.NOTIFY, door=self.asking.door)
        await self.asking.traces.write([trace])
        return decided.permitted

    async def _sight(
        self,
        reader: Reader,
        patient: PatientKey,
        *,
        attempt: str | None,
        unread_only: bool = False,
    ) -> Sight:
        gate = await self.asking.gate(reader, patient, attempt=attempt)
        return await self.through(gate, unread_only=unread_only)

    async def through(
        self,
        gate: Gate,
        *,
        unread_only: bool = False,
        action: AccessAction = AccessAction.LIST,
    ) -> Sight:
        """What this reader sees of the box; without a mail where nothing of it is theirs. Each
        document is judged for `action`."""
        decision = gate.may(AccessAction.LIST, WORDS)
        if gate.reader.kind not in WRITERS:
            decision = NOTHING_PERMITS
        if not decision.permitted:
            return Sight(gate=gate, decision=decision, mails=(), cards={}, choices=())
        mails = await self.correspondence.mails(gate.patient, unread_only=unread_only)
        cards, hidden = await self.judged(
            gate, {about for one in mails for about in one.about}, action
        )
        seen = [one for one in mails if hidden.isdisjoint(one.about)]
        choices = () if unread_only else await self.asking.people.choices(gate.patient)
        return Sight(gate=gate, decision=decision, mails=tuple(seen), cards=cards, choices=choices)

    async def judged(
        self,
        gate: Gate,
        documents: Collection[str],
        action: AccessAction = AccessAction.LIST,
    ) -> tuple[Mapping[str, Card], frozenset[str]]:
        """Those of this very record by id, and which of them this reader may not see. That one was
        replaced or taken away hides no word of the mail it came in."""
        if not documents:
            return {}, frozenset()
        every = await self.asking.shelf.cards(gate.patient, current_only=False)
        cards = {
            one.id: one for one in every if one.id in documents and one.patient == gate.patient
        }
        hidden = set()
        for card in cards.values():
            facts = await self.asking.facts_of_card(card)
            if not gate.may(action, structs.replace(facts, status=FactStatus.CURRENT)).permitted:
                hidden.add(card.id)
        return cards, frozenset(hidden)
