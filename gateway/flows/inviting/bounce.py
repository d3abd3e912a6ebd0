"""Bounced: the e-mail of an invitation came back, so a letter follows, with a window of its own
(VAULT ACC-02)."""

from dataclasses import dataclass, replace

from gateway.clock import Clock
from gateway.errors import RefusedError
from gateway.flows.inviting.invite import SEND, task_of
from gateway.flows.log.commanded import commanded
from gateway.ports.people.entering.invitations import Invitations
from gateway.ports.people.people import People
from gateway.records.patients.account import AccountState
from gateway.records.patients.invitation import Channel
from gateway.records.patients.patient import PatientKey

ACT = "invitation-bounced"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounced:
    people: People
    invitations: Invitations
    clock: Clock

    async def __call__(self, patient: PatientKey, *, by: str, reason: str) -> None:
        """The address is forgotten, and the code of the e-mail ends with that of the letter. Raises
        RefusedError where no invitation is under way by e-mail."""
        person = await self.people.person(patient)
        before = await self.invitations.invitation(person.key) if person else None
        if person is None or before is None:
            raise RefusedError("nobody was invited under this INS")
        if person.state is not AccountState.INVITED:
            raise RefusedError(
                f"the space of this person is {person.state.value}: nothing was done"
            )
        if before.channel is not Channel.EMAIL or before.sent_at is None:
            raise RefusedError("the last invitation of this person did not leave by e-mail")
        after = replace(
            before,
            channel=Channel.LETTER,
            email="",
            sent_at=None,
            ends_at=None,
            bounced=True,
        )
        letter = task_of(before.patient, self.clock.now(), SEND)
        act = commanded(before.patient, ACT, by=by, reason=reason)
        if not await self.invitations.change(before, after, act=act, then=[letter]):
            raise RefusedError("this person chose meanwhile: nothing was done")
