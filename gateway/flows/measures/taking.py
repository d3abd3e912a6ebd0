"""Take measures as FHIR, of an application of a patient or of the patient's own session (MEA-09).

All or none are refused. What an application sends again is kept once, and corrects what it sent
under the same identifier (MEA-03); what a person sends is an entry of that person.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.errors import DeniedError
from gateway.flows.entries.room import MedicalProfile
from gateway.flows.entries.synchronising import Sent as Synchronised
from gateway.flows.reading.decided.asking import NOT_THERE
from gateway.mapping.fhir.json import Json
from gateway.mapping.fhir.measures.bundle import is_of_measures, read_bundle, response_of
from gateway.mapping.fhir.measures.emit import PREFIX
from gateway.mapping.fhir.measures.read import Life, Sent, read_observation
from gateway.mapping.fhir.values import obj, text, unique_id
from gateway.ports.people.people import PatientNames
from gateway.records.entries.kind import EntryKind
from gateway.records.entries.measure import Measure
from gateway.records.intake.finding import Finding
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Reader, ReaderKind

ATTEMPT = "entry-added"


@dataclass(frozen=True, slots=True, kw_only=True)
class Took:
    """`findings` say why nothing was taken; else `place` is the id of a lone Observation, which was
    `made` now or known, and `answer` the response of a Bundle. `written` counts what is new or
    corrected."""

    findings: tuple[Finding, ...] = ()
    place: str = ""
    made: bool = False
    answer: Json | None = None
    written: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeMeasures:
    medical: MedicalProfile
    names: PatientNames

    def takes(self, resource: Json) -> bool:
        """An Observation, or a transaction of Device and Observation."""
        return resource.get("resourceType") == "Observation" or is_of_measures(resource)

    async def __call__(self, reader: Reader, patient: PatientKey, resource: Json) -> Took:
        """Raises DeniedError for another's record, and for who may not write into this one."""
        asking = self.medical.write.look.asking
        gate = await asking.gate(reader, patient, attempt=ATTEMPT)
        is_own = reader.kind is not ReaderKind.APPLICATION
        if is_own and not gate.standing().permitted:  # an application may bring what it cannot read
            raise DeniedError(NOT_THERE)
        life = Life(gate.record.birth_date.isoformat(), gate.now)
        if resource.get("resourceType") == "Observation":
            sent = [read_observation(resource, life)]
            wrong = [*sent[0].findings]
        else:
            sent, wrong = read_bundle(resource, life)
        await self._same_person(sent, gate.patient, patient)
        if wrong:
            return Took(findings=tuple(wrong))
        kept = [(one, one.measure) for one in sent if one.measure is not None]
        ids, written = await self._keep(reader, patient, kept)
        places = {one.where: place for (one, _), place in zip(kept, ids, strict=True)}
        if resource.get("resourceType") == "Bundle":
            return Took(answer=response_of(resource, sent, places), written=written)
        place, made = places[sent[0].where]
        return Took(place=place, made=made, written=written)

    async def _same_person(self, sent: Sequence[Sent], *keys: PatientKey) -> None:
        """Every subject that is named is the person of this record: by an identifier, or by the id
        that a search calls `patient`."""
        for one in sent:
            identifier = obj(one.subject, "identifier")
            reference = text(one.subject, "reference") or ""
            if named := unique_id(identifier):
                oid, _, value = named.partition("^")
                if self.names.patient_key(oid, value) not in keys:
                    raise DeniedError(NOT_THERE)
            elif reference and reference not in {f"Patient/{key.hex()}" for key in keys}:
                raise DeniedError(NOT_THERE)

    async def _keep(
        self, reader: Reader, patient: PatientKey, kept: Sequence[tuple[Sent, Measure]]
    ) -> tuple[list[tuple[str, bool]], int]:
        """The id of each in its order, and whether it was made now; how many were written."""
        if reader.kind is ReaderKind.APPLICATION:
            sent = [
                Synchronised(kind=EntryKind.MEASURE, content=one, identifier=said.identifier)
                for said, one in kept
            ]
            taken = await self.medical.synchronise(reader, patient, sent)
            new = {*taken.added}
            written = len(taken.added) + len(taken.corrected)
            return [(PREFIX + name, name in new) for name in taken.ids], written
        made = []
        for said, one in kept:
            name = await self.medical.write.add(
                reader, patient, EntryKind.MEASURE, one, key=f"fhir {said.identifier or one.same()}"
            )
            made.append((PREFIX + name, True))
        return made, len(made)
