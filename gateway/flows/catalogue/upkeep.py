"""What a calendar does for services (VAULT APP-07): the list every 90 days, and an end after a year
in which nobody used one."""

from dataclasses import dataclass
from datetime import timedelta

import orjson

from gateway.access.time import in_force
from gateway.clock import Clock
from gateway.flows.sending.notices.notify import notice_of
from gateway.flows.sending.notices.words import SERVICE_UNUSED, SERVICES_LISTED
from gateway.ports.people.catalogue import Launches
from gateway.ports.people.people import People
from gateway.ports.people.services import ServiceTokens
from gateway.records.catalogue.launches import Use
from gateway.records.patients.account import Choice, ChoiceKind, NewTrace

LISTED_EVERY, UNUSED_AFTER = timedelta(days=90), timedelta(days=365)
A_STEP = 100
UNUSED, RULE = "service-unused", "APP-07"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceUpkeep:
    people: People
    launches: Launches
    copied: ServiceTokens
    clock: Clock

    async def __call__(self) -> int:
        """Some of it a ring; how many agreements and patients it looked at."""
        return await self._stop_unused() + await self._tell()

    async def _stop_unused(self) -> int:
        since = self.clock.now() - UNUSED_AFTER
        old = await self.launches.unused(since=since, limit=A_STEP)
        for use in old:
            await self._stop(use)
        return len(old)

    async def _stop(self, use: Use) -> None:
        """The fact ends first: a process that dies here looks at it again."""
        now = self.clock.now()
        person = await self.people.person(use.patient)
        patient = person.key if person else use.patient
        choices = await self.people.choices(patient)
        if any(_is_of(one, use) and in_force(one.since, one.until, now) for one in choices):
            ended = Choice(
                kind=ChoiceKind.APPLICATION, target=use.service, since=now, until=now, by=""
            )
            act = NewTrace(
                patient=patient,
                action=UNUSED,
                permitted=True,
                rule=RULE,
                kind="system",
                actor=use.service,
                actor_name="",
                details=orjson.dumps({"last_use": use.last_at.isoformat()}),
            )
            told = notice_of(SERVICE_UNUSED, patient, now)
            await self.people.choose(patient, ended, act=act, then=[told])
        await self.copied.drop(patient, use.service)
        await self.launches.drop(patient, use.service)
        await self.launches.forget(patient, use.service)

    async def _tell(self) -> int:
        """N10; of agreements that a date ended, what was counted is forgotten."""
        now = self.clock.now()
        found = await self.launches.untold(since=now - LISTED_EVERY, limit=A_STEP)
        for patient in found:
            choices = await self.people.choices(patient)
            held = {
                one.target
                for one in choices
                if one.kind is ChoiceKind.APPLICATION and in_force(one.since, one.until, now)
            }
            for use in await self.launches.uses(patient):
                if use.service not in held:
                    await self.launches.forget(patient, use.service)
            told = [notice_of(SERVICES_LISTED, patient, now)] if held else []
            await self.launches.told(patient, at=now, then=told)
        return len(found)


def _is_of(choice: Choice, use: Use) -> bool:
    return choice.kind is ChoiceKind.APPLICATION and choice.target == use.service
