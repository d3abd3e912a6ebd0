"""`bundle.json` of a copy: the same facts as its other files, for programs (VAULT EXP-02)."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from gateway.access.time import in_force
from gateway.flows.exporting.pieces import Writing
from gateway.flows.reading.decided.at_once import at_once
from gateway.mapping.fhir.clinical import Clinical, clinical_of
from gateway.mapping.fhir.measures.emit import PREFIX, measure_observation
from gateway.mapping.fhir.written import collection
from gateway.mapping.fhir.written.emit_appointment import appointment
from gateway.mapping.fhir.written.emit_audit import audit_event
from gateway.mapping.fhir.written.emit_choices import (
    CONSENTS,
    RELATED,
    consent,
    consent_of_hide,
    related_person,
)
from gateway.mapping.fhir.written.emit_patient import patient as patient_resource
from gateway.mapping.fhir.written.making import Json
from gateway.ports.people.people import People
from gateway.records.agenda.appointment import Appointment
from gateway.records.documents.shelved import Card, Shelved
from gateway.records.entries.entry import Entry, EntryState
from gateway.records.entries.measure import Measure
from gateway.records.patients.account import Choice, ChoiceKind, Person, Trace
from gateway.records.patients.export import Export
from gateway.records.patients.patient import PatientKey

FEEDING = frozenset({ChoiceKind.FEEDING_OPPOSED, ChoiceKind.FEEDING_ALLOWED})
ONE_HOLDS = (FEEDING, frozenset({ChoiceKind.TREATING}))
"""Of these the one that was said last."""
SYSTEM = "passerelle"


@dataclass(slots=True)
class Bundling:
    """Resources in the order in which they come; the models run on a thread."""

    export: Export
    person: Person
    file: Writing
    _told: set[str] = field(default_factory=set)

    async def begin(self) -> None:
        await self.file.write(collection.head(self.export))
        await self._add("Patient", self.person.key.hex(), patient_resource(self.person))

    async def document(self, shelved: Shelved, path: str, contents: Sequence[Clinical]) -> None:
        """With what it holds in coded form; the same result by two doors counts once, that of the
        document that came first here (VAULT BIO-05)."""
        made = await asyncio.to_thread(collection.reference_beside, shelved, path)
        await self._add("DocumentReference", shelved.card.id, made)
        for one in contents:
            if (name := one.same_as or one.id) not in self._told:
                self._told.add(name)
                await self._add(one.type, one.id, one.body)

    async def choices(
        self, people: People, choices: Iterable[Choice], cards: Sequence[Card], now: datetime
    ) -> None:
        """What holds now."""
        whose = self._whose()
        for number, one in enumerate(_standing(choices, now)):
            if one.kind in CONSENTS:
                name = f"choice-{number}"
                await self._add("Consent", name, consent(name, one, whose))
            elif one.kind in RELATED:
                name = f"related-{number}"
                related = await _person(people, one.target)
                await self._add("RelatedPerson", name, related_person(name, one, related, whose))
        for card in cards:
            held = [one for one in card.hides if in_force(one.since, one.until, now)]
            for number, hide in enumerate(held):
                name = f"{card.id}-h{number}"
                await self._add("Consent", name, consent_of_hide(name, card.id, hide, whose))

    async def profile(self, entries: Sequence[Entry]) -> None:
        """What was written into the medical profile; what documents tell is in theirs."""
        kept = [one for one in entries if one.state is not EntryState.PROPOSED]
        for kind, name, body in await asyncio.to_thread(self._profile, kept):
            await self._add(kind, name, body)

    async def entries(self, traces: Sequence[Trace]) -> None:
        made = await asyncio.to_thread(self._events, traces)
        for trace, event in zip(traces, made, strict=True):
            await self._add("AuditEvent", str(trace.number), event)

    async def appointments(self, seen: Sequence[Appointment], asker: str) -> None:
        """With the note of who asks, and no other's."""
        whose = self._whose()
        for one in seen:
            note = one.beside.note_of(asker)
            made = await asyncio.to_thread(appointment, one, whose, note=note)
            await self._add("Appointment", one.id, made)

    async def end(self) -> None:
        await self.file.write(collection.TAIL)

    def _events(self, traces: Sequence[Trace]) -> list[bytes]:
        whose = self._whose()
        return [audit_event(one, whose, self.export.base or SYSTEM) for one in traces]

    def _profile(self, entries: Sequence[Entry]) -> list[tuple[str, str, bytes]]:
        """Type, id and JSON of each."""
        found, whose = [], self._whose()
        for entry in entries:
            if isinstance(entry.content, Measure):
                body = measure_observation(entry, entry.content, whose)
                found.append(("Observation", PREFIX + entry.id, body))
            elif (one := clinical_of(entry, whose)) is not None:
                found.append((one.type, one.id, one.body))
        return found

    def _whose(self) -> Json:
        return {"reference": f"Patient/{self.person.key.hex()}"}

    async def _add(self, kind: str, identifier: str, resource: bytes) -> None:
        made = collection.entry(self.export.base, kind, identifier, resource)
        await self.file.write(b"," + made if self.file.rows else made)
        self.file.rows += 1


async def _person(people: People, target: str) -> Person | None:
    """By a patient key in hexadecimal; None for what is none."""
    try:
        return await people.person(PatientKey(bytes.fromhex(target)))
    except ValueError:
        return None


def _standing(choices: Iterable[Choice], now: datetime) -> list[Choice]:
    held = [one for one in at_once(choices, now) if in_force(one.since, one.until, now)]
    for kinds in ONE_HOLDS:
        several = [one for one in held if one.kind in kinds]
        last = max(several, key=lambda one: one.since, default=None)
        held = [one for one in held if one.kind not in kinds or one is last]
    return held
