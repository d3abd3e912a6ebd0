"""What the operators' desk asks of the store: merges, and acts that wait for a second person."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from gateway.records.patients.account import NewTrace
from gateway.records.patients.index import Merge, Proposal
from gateway.records.patients.patient import PatientKey


class Merges(Protocol):
    async def list(self, *, limit: int) -> list[Merge]:
        """Newest first."""

    async def undo(self, identifier: str, trace: NewTrace, *, at: datetime) -> Merge:
        """Every name leads again where it led before, in one transaction with its trace.

        Raises RefusedError for a merge that is not there, was undone, or says nothing any more.
        """


class Proposals(Protocol):
    async def add(self, proposal: Proposal, *, act: NewTrace | None = None) -> bool:
        """Traced in the same commit. False, and neither is kept, where its receipt is not held any
        more."""

    async def open(self, *, limit: int) -> list[Proposal]:
        """Those that wait for a second person, oldest first; what is said of a receipt that is not
        held any more waits for nobody."""

    async def of_receipt(self, receipt: str) -> list[Proposal]:
        """Those about this receipt that wait, oldest first."""

    async def find(self, identifier: str) -> Proposal | None:
        """One that waits; None where it is settled or was never there."""

    async def settle(
        self, identifier: str, *, outcome: str, at: datetime, act: NewTrace | None = None
    ) -> bool:
        """True for exactly one caller, whose act is traced in the same commit."""

    async def part(self, receipt: str, patients: Sequence[PatientKey], *, act: NewTrace) -> None:
        """The receipt waits for none of these any more, by whatever name; traced in the same
        commit. It stays held."""

    async def claim(self, receipt: str, *, at: datetime, until: datetime) -> bool:
        """True for one caller on all nodes, who settles this receipt alone until he gives it back;
        one who died has it no longer than `until`."""

    async def give_back(self, receipt: str, *, until: datetime) -> None:
        """Does nothing where the claim ended and somebody else has it since."""
