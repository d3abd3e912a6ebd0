"""What an operator may ask of the patient index, and change in it."""

from typing import Protocol

from gateway.records.intake.filing import IdentityChange
from gateway.records.patients.account import NewTrace, Person, SenderAccount
from gateway.records.patients.patient import PatientIdentity, PatientKey


class PatientIndex(Protocol):
    async def person(self, patient: PatientKey) -> Person | None: ...

    async def person_by_local_id(self, identifier: str) -> Person | None:
        """By "root^extension"."""

    async def persons_like(self, identity: PatientIdentity) -> list[Person]:
        """Persons who share a set of traits with `identity`: candidates, not answers."""

    async def change_identity(
        self, change: IdentityChange, *, act: NewTrace | None = None, held: str | None = None
    ) -> bool:
        """Traced in the same commit. False, and nothing is changed or traced, where one of its
        local identifiers means another person by now, or the receipt `held` waits no more."""

    async def sender_named(self, name: str) -> SenderAccount | None: ...
