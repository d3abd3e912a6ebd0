"""Who was invited to an own space, and how far that is."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from gateway.records.intake.filing import IdentityChange
from gateway.records.patients.account import AccountState, Choice, NewTrace
from gateway.records.patients.invitation import Invitation
from gateway.records.patients.patient import PatientKey
from gateway.records.task import NewTask


class Invited(Protocol):
    async def invitation(self, patient: PatientKey) -> Invitation | None:
        """The latest of this record, whatever came of it."""

    async def end(
        self,
        invitation: Invitation,
        *,
        at: datetime,
        created: bool,
        act: NewTrace,
        then: Sequence[NewTask] = (),
    ) -> bool:
        """Its window is over: the space of an `invited` person is `created`, or stays as it is, in
        one commit with its entry. False, and nothing is done, where the person chose meanwhile,
        another node was here, or a later invitation of the record counts."""


class Invitations(Invited, Protocol):
    async def invite(
        self,
        invitation: Invitation,
        change: IdentityChange,
        *,
        parent: Choice | None,
        act: NewTrace,
        then: Sequence[NewTask],
    ) -> AccountState | None:
        """Who is `unknown` or `erased` is `invited`, in one commit with the entry and what follows;
        `parent` stands for a minor from then on. None then; else the state in which the space is,
        and nothing is done."""

    async def change(
        self,
        before: Invitation,
        after: Invitation,
        *,
        act: NewTrace,
        then: Sequence[NewTask] = (),
    ) -> bool:
        """The invitation of somebody who is still `invited` goes on, with its entry. False, and
        nothing is done, where it is not `before` any more."""

    async def over(
        self, now: datetime, *, after: PatientKey | None, limit: int
    ) -> tuple[list[Invitation], PatientKey | None]:
        """A page of those whose window is over and was not ended, in the order of their names, and
        the name to go on after; None at the end. What nobody can read any more is left out."""
