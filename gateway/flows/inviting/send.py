"""Send what an invitation says: the code, made at this second and nowhere kept but as a hash; the
reminder of its end; that the space was made (VAULT ACC-01, ACC-13, ACC-23).

The code is kept before its message leaves, and the window after: who is broken off between the two
sends another code, and the older one dies. What is due of somebody who chose meanwhile is dropped.
"""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import orjson
import structlog

from gateway.access.time import is_minor
from gateway.clock import Clock, Ids
from gateway.errors import DeferredError
from gateway.flows.entering.provisional import ACT as CODE_MADE
from gateway.flows.entering.provisional import digest_of, new_code
from gateway.flows.inviting.invite import ENDS, REMIND, SEND, STEP, task_of
from gateway.flows.inviting.words import (
    CREATED,
    INVITATION,
    REMINDER,
    SUBJECTS,
    created_words,
    invited_words,
    reminder_words,
)
from gateway.flows.reading.decided.facts import latest_day
from gateway.flows.sending.notices.addressees import letter_to
from gateway.flows.sending.outcome import Told
from gateway.ports.people.entering.activations import Activations
from gateway.ports.people.entering.invitations import Invitations
from gateway.ports.people.people import People, Traces
from gateway.ports.tasks import Outbox
from gateway.records.patients.account import AccountState, NewTrace, Person
from gateway.records.patients.activation import Activation
from gateway.records.patients.invitation import (
    MOST_REMINDERS,
    Channel,
    Invitation,
    OpeningPolicy,
    code_end,
    reminder_at,
)
from gateway.records.task import Task

log = structlog.get_logger()
INVITED, REMINDED, TOLD = "invited", "invitation-reminder", "notified"
SENT, NOT_NEEDED, GONE, NO_CONTACT = "sent", "not-needed", "gone", "no-contact"
RULE = "ACC-01"


@dataclass(frozen=True, slots=True, kw_only=True)
class SendInvitations:
    people: People
    invitations: Invitations
    activations: Activations
    traces: Traces
    outbox: Outbox
    clock: Clock
    ids: Ids
    policy: OpeningPolicy

    async def carry(self, tasks: list[Task]) -> Told:
        """INVITATION tasks, side by side: their commits are shared."""
        return await asyncio.gather(*map(self._tried, tasks))

    async def _tried(self, task: Task) -> str | DeferredError:
        try:
            return await self._one(task)
        except DeferredError as error:
            return error
        except Exception:
            log.exception("task.failed", task=task.id, kind=task.kind.value)
            return DeferredError("internal error")

    async def _one(self, task: Task) -> str:
        if task.patient is None:
            return GONE
        said = json.loads(task.payload)
        invitation = await self.invitations.invitation(task.patient)
        person = await self.people.person(task.patient)
        if invitation is None or person is None or person.deceased:
            return GONE
        if said[STEP] == SEND:
            return await self.send(invitation, person)
        if invitation.ends_at is None or invitation.ends_at.isoformat() != said[ENDS]:
            return NOT_NEEDED
        if said[STEP] == REMIND:
            return await self._remind(invitation, person, invitation.ends_at)
        return await self._tell(invitation, person, invitation.ends_at)

    async def send(self, invitation: Invitation, person: Person) -> str:
        """The message with a new code; from now on the window runs."""
        if person.state is not AccountState.INVITED or invitation.sent_at is not None:
            return NOT_NEEDED
        now = self.clock.now()
        place = await self._place(invitation, person, now)
        if place is None:
            return NO_CONTACT
        ends_at = self.policy.window_end(invitation.channel, now)
        code = await self._new_code(invitation, now, ends_at)
        body = invited_words(
            code,
            ends_at,
            sender=self.policy.sender,
            creates=self.policy.automatic_creation.at(ends_at),
            child=bool(invitation.parent),
        )
        await self._leave(place, INVITATION, body)
        sent = replace(invitation, sent_at=now, ends_at=ends_at)
        remind = task_of(invitation.patient, reminder_at(ends_at), REMIND, ends_at=ends_at)
        acted = self._entry(sent, INVITED, place[0], now)
        await self.invitations.change(invitation, sent, act=acted, then=[remind])
        return SENT

    async def _new_code(self, invitation: Invitation, now: datetime, ends_at: datetime) -> str:
        code, salt = new_code(self.ids.octets), self.ids.octets(16)
        activation = Activation(
            patient=invitation.patient,
            salt=salt,
            digest=await asyncio.to_thread(digest_of, salt, code),
            serial=invitation.serial,
            made_at=now,
            expires_at=code_end(ends_at),
            email=invitation.email,
            mobile=invitation.mobile,
            parent=invitation.parent,
        )
        said = {"until": activation.expires_at.isoformat(), "channel": invitation.channel.value}
        await self.activations.hand_over(activation, act=_by_clock(invitation, CODE_MADE, said))
        return code

    async def _remind(self, invitation: Invitation, person: Person, ends_at: datetime) -> str:
        """Counted before it leaves: one may be lost, and never one too many sent."""
        now = self.clock.now()
        chose = person.state is not AccountState.INVITED
        if chose or now >= ends_at or invitation.reminders >= MOST_REMINDERS:
            return NOT_NEEDED
        place = await self._place(invitation, person, now)
        if place is None:
            return NO_CONTACT
        counted = replace(invitation, reminders=invitation.reminders + 1)
        acted = self._entry(counted, REMINDED, place[0], now)
        if not await self.invitations.change(invitation, counted, act=acted):
            return NOT_NEEDED
        body = reminder_words(
            ends_at,
            sender=self.policy.sender,
            creates=self.policy.automatic_creation.at(ends_at),
            child=bool(invitation.parent),
        )
        await self._leave(place, REMINDER, body)
        return SENT

    async def _tell(self, invitation: Invitation, person: Person, ends_at: datetime) -> str:
        """Not who activated or closed it since."""
        if person.state is not AccountState.CREATED:
            return NOT_NEEDED
        place = await self._place(invitation, person, self.clock.now())
        if place is None:
            return NO_CONTACT
        is_child = bool(invitation.parent)
        body = created_words(ends_at, sender=self.policy.sender, child=is_child)
        await self._leave(place, CREATED, body)
        said = {"notice": CREATED, "outcome": SENT, "channel": place[0]}
        await self.traces.write([_by_clock(invitation, TOLD, said, door="outbox")])
        return SENT

    async def _place(
        self, invitation: Invitation, person: Person, now: datetime
    ) -> tuple[str, str] | None:
        """Channel and address; the contacts of a parent are no adult's. A letter bears the name,
        and the postal address where the list had one."""
        came_of_age = bool(invitation.parent) and not is_minor(
            latest_day(person.identity.birth_date), now
        )
        if invitation.channel is Channel.EMAIL and not came_of_age:
            return Channel.EMAIL.value, invitation.email
        name = await letter_to(self.people, person.key)
        if name is None:
            return None
        lines = [name[1], "" if came_of_age else invitation.postal]
        return name[0], ", ".join(filter(None, lines))

    async def _leave(self, place: tuple[str, str], template: str, body: str) -> None:
        channel, to = place
        await self.outbox.send(
            channel=channel,
            to=to,
            template=template,
            lang="fr",
            subject=SUBJECTS[template],
            body=body,
        )

    def _entry(self, invitation: Invitation, action: str, channel: str, now: datetime) -> NewTrace:
        """With the switches in force, by name (VAULT "Policy switches")."""
        ends = invitation.ends_at.isoformat() if invitation.ends_at else None
        said = {"channel": channel, "window_ends": ends, **self.policy.said(now)}
        return _by_clock(invitation, action, said, door="outbox")


def _by_clock(
    invitation: Invitation, action: str, said: Mapping[str, object], *, door: str = ""
) -> NewTrace:
    return NewTrace(
        patient=invitation.patient,
        action=action,
        permitted=True,
        rule=RULE,
        kind="system",
        actor="",
        actor_name="Mon espace santé",
        door=door,
        details=orjson.dumps(said),
    )
