"""What ACCESS decides on: an entry is a document whose author is its writer (VAULT PRO-11).

What was read in a document is hidden with it: from professionals by its mask, from representatives,
from the patient while it waits (PRO-04, REP-07, DOC-11). That the document was taken away hides
nothing that was accepted.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from msgspec import structs

from gateway.access.rules.rule import PATIENT_SIDE
from gateway.errors import DeferredError, DeniedError
from gateway.flows.entries.refusals import NotOwnEntryError, StaleEntryError
from gateway.flows.filing.acts import hiding_in
from gateway.flows.reading.decided.asking import MAX_LOOKS, NOT_THERE, Asking
from gateway.flows.reading.decided.facts import MASKED, NO_TYPE, NORMAL_CODES
from gateway.flows.reading.decided.gate import NOTHING_PERMITS, Gate
from gateway.flows.reading.decided.trace import UNFILED, trace_of
from gateway.ports.entries import Entries
from gateway.records.documents.shelved import Shelved
from gateway.records.entries.entry import GONE, Entry, EntryState
from gateway.records.entries.entry import PATIENT_SIDE as OWN_ROLES
from gateway.records.entries.kind import KINDS, EntryKind
from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import (
    AccessAction,
    Decision,
    DocumentFacts,
    FactStatus,
    Reader,
    ReaderKind,
)

NO_DOCUMENT = DocumentFacts(type=NO_TYPE)
BROUGHT = frozenset({AccessAction.DEPOSIT, AccessAction.REPLACE})
WRITES = BROUGHT | {AccessAction.DELETE}
FOR_ANOTHER = frozenset({ReaderKind.REPRESENTATIVE, ReaderKind.CAREGIVER})


def facts_of(entry: Entry, source: DocumentFacts | None = None) -> DocumentFacts:
    """`source` are the facts of the document that it was read in."""
    writer = entry.writer
    codes = {MASKED} if entry.state is EntryState.HIDDEN else set()
    facts = DocumentFacts(
        type=KINDS[entry.kind].type_code or NO_TYPE,
        author=tuple(one for one in (writer.id, *(source.author if source else ())) if one),
        organisation=writer.organization,
        by_patient=is_of_patient(entry),
        codes=tuple(sorted(codes)) or NORMAL_CODES,
        deposited=entry.added_at,
        status=FactStatus.DELETED if entry.state in GONE else FactStatus.CURRENT,
    )
    if source is None:
        return facts
    return structs.replace(
        facts,
        codes=tuple(sorted(codes | set(source.codes))),
        deposited=source.deposited,
        hidden_from=source.hidden_from,
        announced=source.announced,
        hides=source.hides,
    )


def is_of_patient(entry: Entry) -> bool:
    """Written on the patient's side, or accepted there; no more where a professional marked it
    sure (VAC-01)."""
    if entry.confirmed is not None:
        return entry.confirmed.by.role in OWN_ROLES
    return entry.is_own


def facts_for(
    action: AccessAction, kind: EntryKind, facts: DocumentFacts, reader: Reader
) -> DocumentFacts:
    """The patient's side brings patient types only (ACCESS F35): what it writes into a rubrique is
    of its own type then, and read as the rubrique's (decision 053)."""
    if action in BROUGHT and reader.kind in PATIENT_SIDE:
        return structs.replace(facts, type=KINDS[kind].own_type)
    return facts


def is_of_another(kind: EntryKind, reader: Reader) -> bool:
    """Advance directives are a person's own act: no caregiver writes them, and no tuteur whom, as
    far as is recorded here, no judge allowed it (VAULT REP-12)."""
    return kind is EntryKind.DIRECTIVES and reader.kind in FOR_ANOTHER


def facts_of_new(kind: EntryKind, reader: Reader) -> DocumentFacts:
    """Of what this reader would add."""
    own = reader.kind in PATIENT_SIDE
    author = (reader.id,) if reader.id else ()
    facts = DocumentFacts(
        type=KINDS[kind].type_code or NO_TYPE,
        author=author,
        organisation=reader.organisation,
        by_patient=own,
    )
    return facts_for(AccessAction.DEPOSIT, kind, facts, reader)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """Entries of one record before one reader, undecided; `sources` the facts of the documents
    that they were read in, by id."""

    gate: Gate
    entries: tuple[Entry, ...]
    sources: Mapping[str, DocumentFacts]

    def facts(self, entry: Entry) -> DocumentFacts:
        return facts_of(entry, self.sources.get(entry.source.document))

    def may(self, entry: Entry, action: AccessAction) -> Decision:
        if action in WRITES and is_of_another(entry.kind, self.gate.reader):
            return NOTHING_PERMITS
        facts = facts_for(action, entry.kind, self.facts(entry), self.gate.reader)
        return self.gate.may(action, facts)

    def hiding(self, entry: Entry) -> tuple[str, ...]:
        """The codes by which the author of its document hid it from somebody."""
        source = self.sources.get(entry.source.document)
        return hiding_in(source.codes) if source else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Who may look, and at what."""

    asking: Asking
    entries: Entries

    async def over(
        self,
        reader: Reader,
        patient: PatientKey,
        read: Callable[[PatientKey], Awaitable[Sequence[Entry]]],
        *,
        attempt: str,
    ) -> Sight:
        """What `read` gives, all of the very record that decides; none where it is shut. Raises
        DeniedError for no such record, DeferredError where it does not come to rest."""
        for _ in range(MAX_LOOKS):
            gate = await self.asking.gate(reader, patient, attempt=attempt)
            entries = () if gate.is_shut else await read(gate.patient)
            if {one.patient for one in entries} <= {gate.patient}:
                return await self.sight(gate, entries)
        raise DeferredError("This record is being changed now.")

    async def sight(self, gate: Gate, entries: Sequence[Entry]) -> Sight:
        """With what their documents say of them. One whose document went to another record (a
        merge that was undone, decision 010) is somebody else's."""
        wanted = sorted({one.source.document for one in entries} - {""})
        sources = {"": NO_DOCUMENT}
        for document, shelved in (await self._shelved(wanted)).items():
            if shelved.card.patient == gate.patient:
                sources[document] = await self.asking.facts(shelved)
        ours = tuple(one for one in entries if one.source.document in sources)
        del sources[""]
        return Sight(gate=gate, entries=ours, sources=sources)

    async def _shelved(self, wanted: Sequence[str]) -> Mapping[str, Shelved]:
        return await self.asking.shelf.find_each(wanted) if wanted else {}

    def trace(self, sight: Sight, decision: Decision, act: str, entry: Entry) -> NewTrace:
        """One act on one entry; of what was written no word (VAULT section 7)."""
        hidden = sight.hiding(entry)
        return self.told(sight.gate, decision, act, entry.kind, entry.id, hidden=hidden)

    def told(
        self,
        gate: Gate,
        decision: Decision,
        act: str,
        kind: EntryKind,
        entry: str = "",
        *,
        hidden: Sequence[str] = (),
    ) -> NewTrace:
        said: dict[str, object] = {"kind": kind.value}
        if entry:
            said["entry"] = entry
        if hidden:
            said[UNFILED] = list(hidden)
        return trace_of(gate, decision, action=act, door=self.asking.door, said=said)

    async def held(
        self,
        reader: Reader,
        patient: PatientKey,
        identifier: str,
        action: AccessAction,
        *,
        act: str,
    ) -> "Held":
        """An entry with which this reader may do that. Raises DeniedError for what is not there or
        not for this reader, NotOwnEntryError for what it sees and may not do; both are traced."""
        entry = await self.entries.find(identifier)
        gate = await self.asking.gate(reader, patient, attempt=act)
        sight = await self.sight(gate, [entry] if entry else [])
        if entry is None or entry.patient != gate.patient or not sight.entries:
            await self.asking.missed(reader, act)
            raise DeniedError(NOT_THERE)
        decision = sight.may(entry, action)
        if action is AccessAction.DEPOSIT and decision.permitted:  # which asks for no consent
            seen = sight.may(entry, AccessAction.LIST)
            decision = decision if seen.permitted else seen
        if not decision.permitted or entry.state in GONE:
            await self.asking.traces.write([self.trace(sight, decision, act, entry)])
            if entry.state not in GONE and sight.may(entry, AccessAction.LIST).permitted:
                raise NotOwnEntryError(decision.because, rule=decision.rule)
            raise DeniedError(NOT_THERE)
        return Held(entry=entry, trace=self.trace(sight, decision, act, entry), sight=sight)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """An entry with which its reader may do what was asked, and what the log tells of that."""

    entry: Entry
    trace: NewTrace
    sight: Sight

    def version(self, version: int | None) -> Entry:
        """As the form knew it. Raises StaleEntryError; None is of who holds no form."""
        if version is not None and version != self.entry.version:
            raise StaleEntryError(f"The entry is at version {self.entry.version}.")
        return self.entry
