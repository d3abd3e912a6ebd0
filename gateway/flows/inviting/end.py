"""End a window: who said nothing until 24:00 of its last day has a space from then on, or, where
the switch says so, goes on being invited (VAULT ACC-02, ACC-13, POL-02).

It is written down once on whatever node, also where the day went by while nobody served; a page
that comes before that does it for its own person (`standing`).
"""

import asyncio
from dataclasses import dataclass
from datetime import date

import orjson
import structlog

from gateway.access.time import civil_date
from gateway.clock import Clock
from gateway.flows.entering.entrance import Entrance
from gateway.flows.inviting.invite import TELL, task_of
from gateway.ports.people.entering.invitations import Invitations, Invited
from gateway.records.patients.account import AccountState, NewTrace, Person
from gateway.records.patients.invitation import Invitation, OpeningPolicy
from gateway.records.patients.patient import PatientKey

log = structlog.get_logger()
AT_ONCE = 200
MADE, LEFT_OPEN = "window-ends", "window-left-open"
RULE = "POL-02"


@dataclass(slots=True, kw_only=True)
class EndWindows:
    """Asked often, it looks for windows that are over once a civil day: each ends at 24:00."""

    invitations: Invitations
    clock: Clock
    policy: OpeningPolicy
    _done: date | None = None

    async def __call__(self) -> int:
        """How many were ended. What fails is tried again at the next call."""
        now = self.clock.now()
        today = civil_date(now)
        if today == self._done:
            return 0
        count, after, is_first = 0, None, True
        while is_first or after is not None:
            over, after = await self.invitations.over(now, after=after, limit=AT_ONCE)
            ended = (end(self.invitations, self.policy, one) for one in over)
            count += sum(await asyncio.gather(*ended))
            is_first = False
        self._done = today
        if count:
            log.info("windows.ended", count=count)
        return count


async def standing(entrance: Entrance, person: Person) -> Person:
    """The person as of this second: a window that is over is ended first."""
    if person.state is not AccountState.INVITED or person.deceased:
        return person
    invitation, now = await entrance.invited.invitation(person.key), entrance.clock.now()
    if invitation is None or invitation.ends_at is None or now < invitation.ends_at:
        return person
    await end(entrance.invited, entrance.policy, invitation)
    return await entrance.people.person(person.key) or person


async def end(invited: Invited, policy: OpeningPolicy, invitation: Invitation) -> bool:
    """The switch counts as it stands at the instant at which the window is over."""
    ends_at = invitation.ends_at
    if ends_at is None:
        return False
    creates = policy.automatic_creation.at(ends_at)
    said = {"at": ends_at.isoformat(), **policy.said(ends_at)}
    tell = task_of(invitation.patient, ends_at, TELL, ends_at=ends_at)
    return await invited.end(
        invitation,
        at=ends_at,
        created=creates,
        act=_act(invitation.patient, MADE if creates else LEFT_OPEN, said),
        then=[tell] if creates else [],
    )


def _act(patient: PatientKey, action: str, said: dict[str, object]) -> NewTrace:
    return NewTrace(
        patient=patient,
        action=action,
        permitted=True,
        rule=RULE,
        kind="system",
        actor="",
        actor_name="Mon espace santé",
        door="",
        details=orjson.dumps(said),
    )
