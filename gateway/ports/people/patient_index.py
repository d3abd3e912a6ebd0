"""What an operator may ask of the patient index, and change in it."""

from typing import Protocol

from gateway.records.intake.filing import IdentityChange
from gateway.records.patients.account import Person, SenderAccount
from gateway.records.patients.patient import PatientIdentity, PatientKey


class PatientIndex(Protocol):
    async def person(self, patient: PatientKey) -> Person | None: ...

    async def person_by_local_id(self, identifier: str) -> Person | None:
        """By "root^extension"."""

    async def persons_like(self, identity: PatientIdentity) -> list[Person]:
        """Persons who share a set of traits with `identity`: candidates, not answers."""

    async def change_identity(self, change: IdentityChange) -> bool:
        """False, and nothing is changed, where one of its local identifiers means another person
        by now."""

    async def sender_named(self, name: str) -> SenderAccount | None: ...
