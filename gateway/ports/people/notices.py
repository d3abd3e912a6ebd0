"""Which notices somebody has read, and which were thrown away."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import PatientKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """Numbers of entries of one record's log."""

    read: frozenset[int] = frozenset()
    gone: frozenset[int] = frozenset()


class NoticeMarks(Protocol):
    async def of(self, patient: PatientKey, reader: str) -> Marked:
        """`read` by this reader (a patient key in hex), `gone` for everybody."""

    async def read(self, patient: PatientKey, reader: str, numbers: Sequence[int]) -> None: ...

    async def drop(self, patient: PatientKey, numbers: Sequence[int], *, act: NewTrace) -> None:
        """With its entry in the log, in one commit."""
