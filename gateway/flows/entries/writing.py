"""Write an entry: add one, change one, say that there is none (PRO-01, PRO-02)."""

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from msgspec import json, structs

from gateway.access.time import civil_date
from gateway.clock import Ids
from gateway.errors import DeniedError
from gateway.flows.depositing.directives import file_in_force
from gateway.flows.entries.refusals import (
    FiledError,
    FullError,
    StaleEntryError,
    UnfitError,
)
from gateway.flows.entries.sight import Look, Sight, facts_of_new, is_of_another
from gateway.flows.reading.decided.asking import NOT_THERE
from gateway.flows.reading.decided.gate import NOTHING_PERMITS
from gateway.mapping.entries.faults import Life, tidied
from gateway.mapping.entries.rules import faults_of
from gateway.records.entries.content import EntryContent, days_of
from gateway.records.entries.entry import (
    NO_SOURCE,
    STANDING,
    Entry,
    EntryState,
    Source,
    Writer,
    WriterRole,
)
from gateway.records.entries.kind import KINDS, EntryKind
from gateway.records.patients.account import Person
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import AccessAction, Reader, ReaderKind

ADDED, CHANGED, NONE_SAID = "entry-added", "entry-changed", "entry-none"
ID_LETTERS = 32
"""Of an identifier (`clock.Ids`)."""
ROLES = {
    ReaderKind.PATIENT: WriterRole.SELF,
    ReaderKind.REPRESENTATIVE: WriterRole.REPRESENTATIVE,
    ReaderKind.CAREGIVER: WriterRole.CAREGIVER,
    ReaderKind.PROFESSIONAL: WriterRole.PROFESSIONAL,
    ReaderKind.APPLICATION: WriterRole.APPLICATION,
}


def writer_of(reader: Reader, filled_with: str = "") -> Writer:
    """Raises DeniedError for a reader who writes nothing into a profile."""
    role = ROLES.get(reader.kind)
    if role is None:
        raise DeniedError(NOT_THERE)
    return Writer(
        role=role,
        id=reader.id or "",
        name="" if role is WriterRole.SELF else reader.name,
        profession=reader.profession,
        organization=reader.organisation,
        organization_name=reader.organisation_name,
        filled_with=filled_with,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteEntries:
    look: Look
    ids: Ids

    async def add(
        self,
        reader: Reader,
        patient: PatientKey,
        kind: EntryKind,
        content: EntryContent,
        *,
        key: str = "",
        filled_with: str = "",
        source: Source = NO_SOURCE,
    ) -> str:
        """The entry's id. The same content is not added again with the same `key`, that of a form.
        Raises DeniedError, UnfitError, and FullError where there are as many as there may be
        (FiledError: as a document)."""
        sight, person = await self._to_add(reader, patient, kind, ADDED)
        if kind is EntryKind.DIRECTIVES:
            await self._demand_unfiled(sight)
        content = fitted(kind, content, person.identity.birth_date or "", sight.gate.now)
        new = self._new(sight, kind, content, source)
        state = EntryState.ACTIVE
        if person.masks_new and KINDS[kind].type_code:
            state = EntryState.HIDDEN  # VAULT CHO-08
        entry = structs.replace(new, state=state, writer=writer_of(reader, filled_with))
        if key:
            said = [key, kind.value, json.encode(content).decode()]
            named = sha256(sight.gate.patient + json.encode(said)).hexdigest()[:ID_LETTERS]
            entry = structs.replace(entry, id=named)
        await self._add(sight, entry, ADDED)
        return entry.id

    async def none(self, reader: Reader, patient: PatientKey, kind: EntryKind) -> None:
        """« Je n'ai rien à ajouter », with its date. Raises StaleEntryError where there is
        something."""
        sight, _ = await self._to_add(reader, patient, kind, NONE_SAID)
        kept = await self.look.entries.of(sight.gate.patient, [kind])
        if any(one.state in STANDING for one in kept):
            raise StaleEntryError("There are entries of this kind.")
        if not kept:
            new = self._new(sight, kind, None, NO_SOURCE)
            absent = structs.replace(new, state=EntryState.ABSENT)
            try:
                await self._add(sight, absent, NONE_SAID)
            except FullError:
                raise StaleEntryError("There are entries of this kind.") from None

    async def change(
        self,
        reader: Reader,
        patient: PatientKey,
        identifier: str,
        content: EntryContent,
        *,
        version: int | None = None,
        filled_with: str = "",
    ) -> None:
        """`version` is that of the form. Raises DeniedError for what is not there, NotOwnEntryError
        for another's, UnfitError, StaleEntryError."""
        replace = AccessAction.REPLACE
        held = await self.look.held(reader, patient, identifier, replace, act=CHANGED)
        entry = held.version(version)
        if type(content) is not KINDS[entry.kind].content or entry.state not in STANDING:
            raise StaleEntryError("The entry is of another kind.")
        person = await self._person(held.sight)
        content = fitted(entry.kind, content, person.identity.birth_date or "", held.sight.gate.now)
        after = structs.replace(
            entry,
            content=content,
            writer=writer_of(reader, filled_with or entry.writer.filled_with),
            written_at=held.sight.gate.now,
            version=entry.version + 1,
        )
        if not await self.look.entries.change(after, acts=[held.trace]):
            raise StaleEntryError("The entry was changed meanwhile.")

    async def _to_add(
        self, reader: Reader, patient: PatientKey, kind: EntryKind, act: str
    ) -> tuple[Sight, Person]:
        gate = await self.look.asking.gate(reader, patient, attempt=act)
        sight = Sight(gate=gate, entries=(), sources={})
        decision = gate.may(AccessAction.DEPOSIT, facts_of_new(kind, reader))
        if decision.permitted and is_of_another(kind, reader):
            decision = NOTHING_PERMITS
        if not decision.permitted:
            refused = self.look.told(gate, decision, act, kind)
            await self.look.asking.traces.write([refused])
            raise DeniedError(decision.because, rule=decision.rule)
        return sight, await self._person(sight)

    async def _demand_unfiled(self, sight: Sight) -> None:
        """One in force, of either form (PRO-06). Raises FiledError."""
        if await file_in_force(self.look.asking.shelf, sight.gate.patient) is not None:
            raise FiledError("The advance directives in force are a document.")

    async def _person(self, sight: Sight) -> Person:
        person = await self.look.asking.people.person(sight.gate.patient)
        if person is None:
            raise DeniedError(NOT_THERE)
        return person

    def _new(
        self, sight: Sight, kind: EntryKind, content: EntryContent | None, source: Source
    ) -> Entry:
        gate = sight.gate
        return Entry(
            id=self.ids.identifier(),
            patient=gate.patient,
            kind=kind,
            content=content,
            writer=writer_of(gate.reader),
            added_at=gate.now,
            written_at=gate.now,
            source=source,
        )

    async def _add(self, sight: Sight, entry: Entry, act: str) -> None:
        decision = sight.gate.may(AccessAction.DEPOSIT, facts_of_new(entry.kind, sight.gate.reader))
        trace = self.look.trace(sight, decision, act, entry)
        if not await self.look.entries.add(entry, acts=[trace]):
            raise FullError(f"There are as many entries of {entry.kind.value} as there may be.")


def fitted(kind: EntryKind, content: EntryContent, birth: str, now: datetime) -> EntryContent:
    """As it is kept. Raises UnfitError; `birth` is an ISO date, as precise as it is known."""
    content, born = tidied(content), days_of(birth)
    life = Life(born=born[0] if born else date.min, today=civil_date(now), now=now)
    if faults := faults_of(kind, content, life):
        raise UnfitError(faults)
    return content
