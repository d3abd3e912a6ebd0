"""Where copies of records stand that people asked for, until they end."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from gateway.records.patients.account import NewTrace
from gateway.records.patients.export import Export, Plan
from gateway.records.patients.patient import PatientKey
from gateway.records.task import NewTask


class Exports(Protocol):
    async def begin(self, export: Export, *, act: NewTrace, then: Sequence[NewTask] = ()) -> bool:
        """In place of what the same person had of this record, with its entry in the log and its
        task in one commit. False, and nothing written, while one is being made."""

    async def find(self, export: str) -> Export | None:
        """None too where the key of its record is destroyed."""

    async def latest(self, patient: PatientKey, asker: PatientKey) -> Export | None:
        """Of this record, asked for by this person."""

    async def clear(self, export: str) -> None:
        """Drops every piece: it is made anew."""

    async def put(self, export: str, file: int, number: int, octets: bytes) -> None:
        """One piece of a file that was made. Raises LookupError where the export is gone."""

    async def piece(self, export: str, file: int, number: int) -> bytes:
        """Raises LookupError where it is gone."""

    async def finish(
        self, export: Export, plan: Plan, *, act: NewTrace, then: Sequence[NewTask] = ()
    ) -> bool:
        """It is ready, as `export` says. False where it is not being made any more."""

    async def fail(self, export: str) -> None:
        """It will not be ready; its pieces go."""

    async def plan(self, export: str) -> Plan:
        """Raises LookupError where there is none."""

    async def count(self, export: str, now: datetime, *, most: int, act: NewTrace) -> bool:
        """One more download, with its entry in the log. False, and nothing written, where there
        were `most`, or its time is over."""

    async def drop_ended(
        self, now: datetime, *, limit: int, say: Callable[[Export], NewTrace]
    ) -> int:
        """Takes away what has ended, the oldest first, with what `say` tells the log of each that
        was ready; how many."""
