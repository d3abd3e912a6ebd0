"""Spaces that their owner does not want, leaves, comes back to, or has deleted."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from gateway.records.patients.account import Choice, NewTrace, Tie
from gateway.records.patients.leaving import Deletion, Ended
from gateway.records.patients.patient import PatientKey
from gateway.records.task import NewTask


class Departures(Protocol):
    """Each change is one commit with its entry in the log and what follows; where the space is in
    no state for it, False or None is the answer and nothing is written."""

    async def oppose(
        self, patient: PatientKey, *, at: datetime, act: NewTrace, then: Sequence[NewTask] = ()
    ) -> datetime | None:
        """Of a space that waits. The instant of the opposition that stands: of one that stood
        already only the entry is written."""

    async def close(
        self,
        patient: PatientKey,
        *,
        at: datetime,
        acts: Sequence[NewTrace],
        then: Sequence[NewTask] = (),
        asks_deletion: bool = False,
    ) -> bool:
        """Of a space that is made. Its sessions end, applications lose their tokens and what was
        agreed with them; an archive begins at `at`. `acts` has the closing first."""

    async def reopen(
        self, patient: PatientKey, *, act: NewTrace, then: Sequence[NewTask] = ()
    ) -> bool:
        """A closed space is active as it was; a deletion that was asked for is not any more."""

    async def ask_deletion(
        self,
        patient: PatientKey,
        *,
        at: datetime,
        act: NewTrace,
        then: Sequence[NewTask] = (),
        proposed: Choice | None = None,
    ) -> bool:
        """Of a closed space. `proposed` must stand still, and ends."""

    async def take_back(
        self, patient: PatientKey, *, act: NewTrace, then: Sequence[NewTask] = ()
    ) -> bool:
        """The deletion of a closed space is not wanted any more."""

    async def ended(self, *, limit: int) -> list[Ended]:
        """Erasures that are under way or done, the latest first."""

    async def deletions(self, *, limit: int) -> list[Deletion]:
        """Those that were asked for and are not done, the first one due first."""

    async def proposed(self, now: datetime, *, limit: int) -> list[Tie]:
        """Deletions on paper that wait for a second person, oldest first."""
