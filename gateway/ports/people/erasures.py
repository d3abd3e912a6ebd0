"""Spaces whose time is over, and what is left of those that were erased."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from gateway.records.patients.account import NewTrace, Person
from gateway.records.patients.erasure import Erasure, Tombstone
from gateway.records.patients.patient import PatientKey
from gateway.records.task import NewTask


@dataclass(frozen=True, slots=True, kw_only=True)
class Follows:
    """Entries of the log in the commit that destroys the keys; and in the one by which the last row
    goes, entries that tell it, and work."""

    acts: Sequence[NewTrace] = ()
    ended: Sequence[NewTrace] = ()
    then: Sequence[NewTask] = ()


class Erasures(Protocol):
    async def due(self, *, asked_before: datetime, closed_before: datetime) -> list[Person]:
        """Closed spaces whose deletion was asked for, or that were closed, before these instants;
        without traits where the key is lost. A person whose line is damaged is left out."""

    async def lost(self, patient: PatientKey) -> Person | None:
        """The line of a record whose key is missing or damaged, without its traits; None of any
        other."""

    async def keyless(self, *, limit: int) -> list[PatientKey]:
        """Records whose key is missing, though nobody erased them."""

    async def held(self, patient: PatientKey) -> list[str]:
        """Receipts that wait for this person, or for a name that leads there, oldest first."""

    async def erase(
        self, person: Person, draft: Erasure, *, follows: Callable[[Erasure], Follows]
    ) -> Erasure | None:
        """Destroys the keys of the record in one commit, behind which nobody reads anything of it;
        `draft` with everything that goes, as `follows` hears it. The space is `erasing` until
        `finish`. None, and nothing is done, where the space is not closed as `person` was read, or
        another process erases at this moment."""

    async def unfinished(self) -> list[str]:
        """Numbers of erasures of which rows are left, the oldest first."""

    async def finish(self, identifier: str) -> bool:
        """Takes all rows of it, a few in each commit. False where there are none, or another
        process is at it: nothing is lost by asking again, whoever died midway."""

    async def receipts(self, patient: PatientKey) -> list[Erasure]:
        """Of erasures under this name, the latest first."""

    async def receipt(self, identifier: str) -> Erasure | None: ...

    async def forget_place(self, task: int) -> None:
        """Of a task that was carried out: where it was sent goes."""

    async def tombstones(self) -> list[Tombstone]:
        """All of them, the oldest first."""
