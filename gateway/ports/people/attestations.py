"""Where attestations stand that were made of records."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from gateway.records.patients.account import NewTrace
from gateway.records.patients.attestation import Attestation, Checkable
from gateway.records.patients.patient import PatientKey


class Attestations(Protocol):
    """Each change is one commit with its entry in the log. Nothing is filtered by access."""

    async def add(self, made: Attestation, *, act: NewTrace) -> None: ...

    async def of(self, patient: PatientKey) -> Sequence[Attestation]:
        """Of a record, the newest first."""

    async def find(self, attestation: str) -> Attestation | None:
        """None too where the key of its record is destroyed."""

    async def withdraw(self, attestation: str, at: datetime, *, act: NewTrace) -> bool:
        """False, and nothing written, where it is withdrawn already or gone."""

    async def check(self, code: str) -> Checkable | None:
        """By its whole code."""
