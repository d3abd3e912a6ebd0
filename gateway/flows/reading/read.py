"""Read: every face asks these verbs, page and FHIR alike; each decides, traces, then answers.

A body is given only against an `Opened`, which only a permitted and traced decision makes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from msgspec import structs

from gateway.flows.reading.coded.corrections import corrected_by, in_force, oldest_first, shown
from gateway.flows.reading.decided.asking import GONE, Asked
from gateway.flows.reading.decided.facts import document_facts, facts_as_current, patient_reader
from gateway.flows.reading.decided.told import access_notices
from gateway.flows.reading.decided.trace import seen_in, trace_of
from gateway.flows.reading.explain import HOLDERS, Sight, names_needed, sight_of
from gateway.flows.reading.history import ReadHistory
from gateway.flows.reading.listing import (
    EVERY,
    NO_FILTER,
    Filters,
    Listing,
    Sort,
    is_asked,
    listing_of,
)
from gateway.flows.reading.search import as_seen, candidates
from gateway.records.documents.document import RESULTS_TYPE
from gateway.records.documents.observation import Observation
from gateway.records.documents.shelved import Card, DocumentStatus, Shelved
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import (
    NORMAL,
    AccessAction,
    Decision,
    FactStatus,
    NoticeKind,
    Origin,
    Reader,
)

MAX_VERSIONS = 100
"""Older versions that are looked at, for what they bring and for « Versions précédentes »."""
MAX_LATER = 40
"""Later messages of the laboratory that are looked through for corrections."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened(Asked):
    """A document that this reader may read now, and why; the key to its body and results."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadShelf(ReadHistory):
    """The verbs of reading."""

    async def list_documents(
        self,
        reader: Reader,
        patient: PatientKey,
        *,
        sort: Sort = Sort.DATE,
        with_archived: bool = False,
    ) -> Listing:
        """The cards this reader may see, newest first; raises DeniedError for no such record."""
        filters = EVERY if with_archived else NO_FILTER
        if sort is not Sort.DATE:
            filters = replace(filters, sort=sort)
        return await self._listing(AccessAction.LIST, reader, patient, filters)

    async def search(self, reader: Reader, patient: PatientKey, filters: Filters) -> Listing:
        """The same, of the cards that match; the words are not kept (VAULT DOC-03)."""
        return await self._listing(AccessAction.SEARCH, reader, patient, filters)

    async def open_document(self, reader: Reader, document: str, *, action: str = "open") -> Opened:
        """`action` is what the trace says: open, preview, download. Raises DeniedError."""
        asked = await self.demand(reader, AccessAction.OPEN, document, traced_as=action)
        if reader.kind in HOLDERS and not asked.shelved.card.read:
            await self.shelf.mark_read(document, at=asked.gate.now)
        return Opened(
            shelved=replace(asked.shelved, card=as_seen(asked.shelved.card, reader)),
            facts=asked.facts,
            decision=asked.decision,
            gate=asked.gate,
        )

    async def read_body(self, opened: Opened) -> bytes:
        """The document's own bytes, equal to those received."""
        return await self.shelf.body(opened.card.id)

    async def observations(
        self, opened: Opened, *, among: Sequence[Card] | None = None
    ) -> list[Observation]:
        """The discrete results of a document, in its order; `among` are the record's current cards,
        where they are at hand.

        Those of messages without a document are the order's as they stand now: with the rows that
        the versions before brought and this one does not, and what later messages corrected. An
        older version is shown as it was.
        """
        own = await self.shelf.observations(opened.card.id)
        card = opened.card
        if card.mime_type != RESULTS_TYPE or card.status is not DocumentStatus.CURRENT:
            return [shown(one) for one in own]
        versions = [(_sent(opened.shelved), own)]
        for one in await self._versions_of(opened):
            versions.append((await self._sent(one), await self.shelf.observations(one.id)))
        rows = in_force(oldest_first(list(reversed(versions))))
        for later in await self._later_results(opened, among):
            rows = await self._corrected(opened, rows, later)
        return [shown(one) for one in rows]

    async def _versions_of(self, opened: Opened) -> list[Card]:
        """The versions before, newest first, that nobody hid from this reader: their rows are this
        document's wherever it does not bring its own."""
        older = (await self.shelf.versions(opened.card.id))[:MAX_VERSIONS]
        return [
            card
            for card in older
            if opened.gate.may(AccessAction.OPEN, facts_as_current(card)).permitted
        ]

    async def _sent(self, card: Card) -> str:
        shelved = await self.shelf.find(card.id)
        return _sent(shelved) if shelved else ""

    async def _later_results(self, opened: Opened, among: Sequence[Card] | None) -> list[Card]:
        """Other current results of the same laboratory that came after, oldest first."""
        own, cards = opened.card, among
        if cards is None:
            cards = await self.shelf.cards(opened.gate.patient)
        same = [
            one
            for one in cards
            if one.mime_type == RESULTS_TYPE
            and one.organization_name == own.organization_name
            and one.id != own.id
            and one.deposited_at >= own.deposited_at
        ]
        return list(reversed(same[:MAX_LATER]))

    async def _corrected(
        self, opened: Opened, rows: list[Observation], later: Card
    ) -> list[Observation]:
        """With what `later` corrects, if this reader may open it: that is traced as its opening."""
        decision = opened.gate.may(AccessAction.OPEN, document_facts(later))
        if not decision.permitted:
            return rows
        made = corrected_by(rows, await self.shelf.observations(later.id))
        if made != rows and await self._sent(later) < _sent(opened.shelved):
            return rows
        if made != rows:
            trace = trace_of(
                opened.gate, decision, action="preview", document=later.id, door=self.door
            )
            await self.traces.write([trace])
        return made

    async def versions(self, opened: Opened) -> list[Card]:
        """Older versions that this reader may open, newest first (« Versions précédentes »)."""
        older = await self.shelf.versions(opened.card.id)
        decided = (
            (card, opened.gate.may(AccessAction.OPEN, document_facts(card, successor=opened.facts)))
            for card in older[:MAX_VERSIONS]
        )
        seen = (card for card, decision in decided if decision.permitted)
        return [as_seen(card, opened.gate.reader) for card in seen]

    async def newer(self, opened: Opened) -> Card | None:
        """The version that follows this one, where this reader may open it; a deleted one is
        nobody's any more, and one that left the record (a merge that was undone) is another's."""
        follower = await self.shelf.find(opened.shelved.superseded_by or "")
        if follower is None or follower.card.patient != opened.gate.patient:
            return None
        decision = opened.gate.may(AccessAction.OPEN, await self.facts(follower))
        return follower.card if decision.permitted else None

    async def who_may_see(self, opened: Opened) -> Sight | None:
        """« Qui peut voir ce document, et pourquoi », for the holder's side only; else None."""
        if opened.gate.reader.kind not in HOLDERS:
            return None
        choices = await self.people.choices(opened.gate.patient)
        names = {target: await self._name_of(target) for target in names_needed(choices)}
        professionals = await self.people.professionals()
        return sight_of(opened.gate, opened.shelved, opened.facts, choices, professionals, names)

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
        return asked.decision if asked else GONE

    async def may_notify(
        self, shelved: Shelved, notice: NoticeKind, reader: Reader | None = None
    ) -> Decision:
        """May the patient, or this addressee, be told of this document now? That its author took
        it away too: it is decided as while it was there (ACCESS section 8, VAULT DOC-10)."""
        circumstances = replace(NORMAL, notice=notice)
        reader = reader or patient_reader(shelved.card.patient)
        asked = await self.ask(
            reader, AccessAction.NOTIFY, shelved.card.id, circumstances=circumstances
        )
        return asked.decision if asked else GONE

    async def may_tell(
        self,
        patient: PatientKey,
        notice: NoticeKind,
        actor: str,
        reader: Reader | None = None,
        *,
        document: str | None = None,
    ) -> Decision:
        """May the patient, or this addressee, be told of an access by `actor` now? Raises
        DeniedError for nobody.

        Of an access to one document only whom that document's own notices would reach, though it
        was replaced or deleted since: else the notice betrays what the history leaves out.
        """
        circumstances = replace(NORMAL, notice=notice, actor=actor)
        asked = reader or patient_reader(patient)
        gate = await self.gate(asked, patient, circumstances=circumstances)
        shelved = await self.shelf.find(document) if document else None
        if document and shelved is None:
            return GONE
        facts = await self.facts(shelved) if shelved else None
        if facts is not None:
            facts = structs.replace(facts, status=FactStatus.CURRENT)
        decision = gate.may(AccessAction.NOTIFY, facts)
        trace = trace_of(
            gate, decision, action=AccessAction.NOTIFY, document=document, door=self.door
        )
        await self.traces.write([trace])
        return decision

    async def _listing(
        self, action: AccessAction, reader: Reader, patient: PatientKey, filters: Filters
    ) -> Listing:
        gate, cards = await self.gate_with(
            reader,
            patient,
            lambda: candidates(self.shelf, reader, patient, filters),
            attempt=action,
        )
        standing = gate.standing()
        may = gate.each(action)
        asked = (card for card in cards if is_asked(card, filters))
        decided = [(card, may(document_facts(card))) for card in asked]
        seen = seen_in((card.id, decision) for card, decision in decided)
        told = gate.told()
        trace = trace_of(gate, told, action=action, door=self.door, seen=seen)
        await self.traces.write([trace], then=access_notices(gate, told))
        permitted = [card for card, decision in decided if decision.permitted]
        if reader.kind not in HOLDERS:
            permitted = [as_seen(card, reader) for card in permitted]
        return listing_of(permitted, filters, standing)

    async def _name_of(self, relative: str) -> str:
        """The name of a relative by the hexadecimal patient key, "" where we know nobody."""
        try:
            person = await self.people.person(PatientKey(bytes.fromhex(relative)))
        except ValueError:
            return ""
        if person is None:
            return ""
        identity = person.identity
        return " ".join(name for name in (identity.birth_given, identity.birth_family) if name)


def _sent(shelved: Shelved) -> str:
    """When the message was made (MSH-7), "" where it does not say."""
    return shelved.document.creation_time or ""
