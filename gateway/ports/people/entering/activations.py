"""Spaces that wait for their owner, and credentials that change with everything that follows."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from gateway.records.patients.account import Choice, ChoiceKind, Login, NewTrace, Tie
from gateway.records.patients.activation import Activated, Activation
from gateway.records.patients.patient import PatientKey
from gateway.records.task import NewTask


class Activations(Protocol):
    async def hand_over(self, activation: Activation, *, act: NewTrace) -> None:
        """Keeps a code with its entry of the log; an older one of the same person dies."""

    async def handed_over(self, patient: PatientKey) -> Activation | None:
        """The latest code of this record, one that ended or was used too."""

    async def is_free(self, login: str, patient: PatientKey) -> bool:
        """Whether this login is nobody's, or this person's own."""

    async def activate(
        self,
        login: Login,
        *,
        digest: bytes,
        by_code: bool = True,
        act: NewTrace,
        then: Sequence[NewTask] = (),
    ) -> Activated:
        """Spends the code of this digest, keeps the login and makes the space active, in one
        commit with its entry of the log; every open session of the person ends. Not `by_code`: the
        person was identified otherwise, the code may have ended, and no space is active yet."""

    async def activate_child(
        self, child: PatientKey, *, digest: bytes, act: NewTrace, then: Sequence[NewTask] = ()
    ) -> bool:
        """Spends the code of this digest and makes active a space that nobody activated, in one
        commit with its entry of the log; there is no login. False, and nothing is done, where the
        code was used, replaced or ended meanwhile, or the space waits no more."""

    async def renew(self, login: Login, *, act: NewTrace, then: Sequence[NewTask] = ()) -> bool:
        """A new password of an active space, in one commit with its entry; every open session of
        the person ends. False, and nothing is done, where the space is not active."""


class Representatives(Protocol):
    """Who stands for somebody, on the word of operators."""

    async def proposed(
        self, kinds: Sequence[ChoiceKind], now: datetime, *, limit: int
    ) -> list[Tie]:
        """What waits for a second person, the oldest first; of erased persons nothing."""

    async def represent(
        self,
        patient: PatientKey,
        facts: Sequence[Choice],
        proposed: Choice,
        *,
        opens: bool,
        act: NewTrace,
        then: Sequence[NewTask] = (),
    ) -> bool:
        """The facts of a proposal that still stands are kept and the proposal ended, in one commit;
        with `opens` the space of a child is active too. False, and nothing is done, where it stands
        no more."""
