"""Attestations in memory, as the store keeps them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from gateway.clock import SystemIds
from gateway.flows.attesting.room import Attesting
from gateway.flows.entries.room import MedicalProfile
from gateway.flows.reading.read import ReadShelf
from gateway.ports.people.people import Sessions, Traces
from gateway.records.patients.account import NewTrace
from gateway.records.patients.attestation import Attestation, Checkable
from gateway.records.patients.patient import PatientKey


@dataclass
class MemoryAttestations:
    """The port `Attestations`."""

    traces: Traces
    kept: dict[str, Attestation] = field(default_factory=dict)

    async def add(self, made: Attestation, *, act: NewTrace) -> None:
        self.kept[made.id] = made
        await self.traces.write([act])

    async def of(self, patient: PatientKey) -> Sequence[Attestation]:
        found = [one for one in self.kept.values() if one.patient == patient]
        return sorted(found, key=lambda one: one.made_at, reverse=True)

    async def find(self, attestation: str) -> Attestation | None:
        return self.kept.get(attestation)

    async def withdraw(self, attestation: str, at: datetime, *, act: NewTrace) -> bool:
        one = self.kept.get(attestation)
        if one is None or one.withdrawn_at is not None:
            return False
        self.kept[attestation] = replace(one, withdrawn_at=at)
        await self.traces.write([act])
        return True

    async def check(self, code: str) -> Checkable | None:
        found = (one for one in self.kept.values() if one.code == code)
        one = next(found, None)
        if one is None:
            return None
        return Checkable(patient=one.patient, is_withdrawn=one.withdrawn_at is not None)


def attesting_of(
    read: ReadShelf, medical: MedicalProfile, kept: MemoryAttestations, sessions: Sessions
) -> Attesting:
    return Attesting(
        asking=read,
        listing=medical.listing,
        attestations=kept,
        sessions=sessions,
        ids=SystemIds(),
    )
