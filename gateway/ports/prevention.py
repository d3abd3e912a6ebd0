"""Where it is kept what people say of examinations, and up to when each was looked at."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import PatientKey
from gateway.records.prevention import LookedAt, Said
from gateway.records.task import NewTask


class Preventions(Protocol):
    async def said(self, patient: PatientKey) -> Sequence[Said]:
        """Of all names of the record, the last word about each thing."""

    async def say(self, said: Said, *, act: NewTrace) -> None:
        """Takes the place of what was said about the same, in one commit with its entry."""

    async def begin(self, *, since: datetime, limit: int) -> int:
        """Those whose space is active and who are not looked after yet are, from that instant on;
        how many."""

    async def due(self, *, at: datetime, limit: int) -> Sequence[LookedAt]:
        """Whose turn it is, who waits longest first."""

    async def looked(
        self,
        one: LookedAt,
        *,
        at: datetime,
        due_at: datetime,
        acts: Sequence[NewTrace] = (),
        then: Sequence[NewTask] = (),
    ) -> bool:
        """It stands as looked at until `at`, its next turn is `due_at`; with what was told, in one
        commit. False, and nothing is written, where another node did it."""

    async def leave(self, patient: PatientKey) -> None:
        """Looks after this one no more, until `begin` finds the space active again."""
