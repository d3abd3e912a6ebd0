"""Whose space is a child's, and that it is one no more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from gateway.records.patients.account import AccountState, Choice, NewTrace, Person
from gateway.records.patients.patient import PatientKey
from gateway.records.task import NewTask


@dataclass(frozen=True, slots=True, kw_only=True)
class Represented:
    """A record for which a parent or guardian was ever named, first at `since`. `name` is the name
    that the facts are kept under, `told` and `handed` the last MAJORITY_TOLD and MAJORITY."""

    name: PatientKey
    person: Person
    since: datetime
    told: datetime | None = None
    handed: datetime | None = None


class Majorities(Protocol):
    async def represented(
        self, *, after: PatientKey | None, limit: int
    ) -> tuple[list[Represented], PatientKey | None]:
        """A page of them in the order of their names, and the name to go on after; None at the
        end. What cannot be read any more is left out."""

    async def come_of_age(
        self,
        patient: PatientKey,
        fact: Choice,
        *,
        unless_since: datetime,
        state: AccountState | None,
        act: NewTrace,
        then: Sequence[NewTask],
    ) -> bool:
        """The fact, its entry in the log, the new `state` of an account that is `created` or
        `active`, and what follows, in one commit. False, and nothing is written, where a fact of
        this kind stands that is not older than `unless_since`: another node was here."""
