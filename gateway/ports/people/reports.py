"""What patients report of services, and what the desk answers (VAULT APP-08)."""

from collections.abc import Sequence
from typing import Protocol

from gateway.records.catalogue.reports import Report
from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import PatientKey
from gateway.records.task import NewTask


class Reports(Protocol):
    async def add(self, made: Report, *, act: NewTrace) -> None: ...

    async def of(self, patient: PatientKey) -> list[Report]:
        """Of a record, the newest first."""

    async def waiting(self, *, limit: int) -> list[Report]:
        """Without an answer, of anybody, the oldest first."""

    async def find(self, identifier: str) -> Report | None:
        """None too where the key of its record is destroyed."""

    async def answer(
        self, answered: Report, *, act: NewTrace, then: Sequence[NewTask] = ()
    ) -> bool:
        """True for exactly one caller; nothing is written for any other."""
