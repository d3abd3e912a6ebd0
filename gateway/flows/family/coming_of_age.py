"""Coming of age: once a civil day, whoever becomes an adult is told, and given the own space.

Who loses access loses it without this (`majority`); what is done here is what must follow, once on
whatever node, also where the day went by while nobody served (VAULT REP-10, REP-11).
"""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import orjson
import structlog

from gateway.access.time import civil_date, of_age_at
from gateway.clock import Clock
from gateway.flows.family.majority import TOLD_BEFORE, is_left_by_parents
from gateway.flows.reading.decided.facts import latest_day
from gateway.flows.sending.notices.addressees import addressees
from gateway.flows.sending.notices.end import LEFT
from gateway.flows.sending.notices.notify import UNTIL
from gateway.flows.sending.notices.words import CAME_OF_AGE, COMES_OF_AGE
from gateway.ports.people.entering.majority import Majorities, Represented
from gateway.ports.people.people import People
from gateway.records.duration import PARIS
from gateway.records.patients.account import AccountState, Choice, ChoiceKind, NewTrace, Person
from gateway.records.patients.patient import PatientKey
from gateway.records.task import NewTask, TaskKind

log = structlog.get_logger()
AT_ONCE = 200
MORNING = 9
"""No message to a telephone before this hour of Paris, where a day is all that matters."""
OPEN = frozenset({AccountState.ACTIVE, AccountState.CREATED})
RULE = "majority"


@dataclass(slots=True, kw_only=True)
class ComingOfAge:
    """Asked often, it looks through all records of children once a civil day of Paris."""

    majorities: Majorities
    people: People
    clock: Clock
    _done: date | None = None

    async def __call__(self) -> int:
        """How many were told or handed over. What fails is tried again at the next call."""
        today = civil_date(self.clock.now())
        if today == self._done:
            return 0
        count, after, is_first = 0, None, True
        while is_first or after is not None:
            lines, after = await self.majorities.represented(after=after, limit=AT_ONCE)
            for line in lines:
                count += await self._look_at(line)
            is_first = False
        self._done = today
        if count:
            log.info("majority.done", count=count)
        return count

    async def _look_at(self, line: Represented) -> bool:
        now, birth = self.clock.now(), latest_day(line.person.identity.birth_date)
        at = of_age_at(birth)
        if line.person.state not in OPEN or line.since >= at or now < at - TOLD_BEFORE:
            return False
        if now < at:
            known = line.told is not None and line.told >= at - TOLD_BEFORE
            return False if known else await self._tell(line.person, at, now)
        if line.handed is not None and line.handed >= at:
            return False
        choices = await self.people.choices(line.person.key)
        if not is_left_by_parents(birth, choices, now):
            return False
        return await self._hand_over(line.person.key, at, now)

    async def _tell(self, person: Person, at: datetime, now: datetime) -> bool:
        """The child and each who represents it: a message each, tried again each for itself."""
        child, birth = person.key, latest_day(person.identity.birth_date)
        told = addressees(child, await self.people.choices(child), now, birth=birth)
        due_at = min(_morning(now), at - timedelta(seconds=1))
        names = [one.id or "" for one in told]
        then = [_notice(child, COMES_OF_AGE, one, max(now, due_at), until=at) for one in names]
        fact = _fact(ChoiceKind.MAJORITY_TOLD, now)
        return await self.majorities.come_of_age(
            child,
            fact,
            unless_since=at - TOLD_BEFORE,
            state=None,
            act=_act(child, fact, at),
            then=then,
        )

    async def _hand_over(self, adult: PatientKey, at: datetime, now: datetime) -> bool:
        then = [_notice(adult, CAME_OF_AGE, adult.hex(), now)]
        fact = _fact(ChoiceKind.MAJORITY, now)
        return await self.majorities.come_of_age(
            adult,
            fact,
            unless_since=at,
            state=AccountState.CREATED,
            act=_act(adult, fact, at),
            then=then,
        )


def _fact(kind: ChoiceKind, now: datetime) -> Choice:
    return Choice(kind=kind, target="", since=now, by="system")


def _act(person: PatientKey, fact: Choice, at: datetime) -> NewTrace:
    """`at` is the instant of the majority."""
    return NewTrace(
        patient=person,
        action=fact.kind.value,
        permitted=True,
        rule=RULE,
        kind="system",
        actor="",
        actor_name="Mon espace santé",
        door="",
        details=orjson.dumps({"at": at.isoformat()}),
    )


def _morning(now: datetime) -> datetime:
    """Now, or nine o'clock of this day in Paris where it is earlier."""
    wall = now.astimezone(PARIS)
    return max(now, wall.replace(hour=MORNING, minute=0, second=0, microsecond=0))


def _notice(
    record: PatientKey, notice: str, to: str, due_at: datetime, *, until: datetime | None = None
) -> NewTask:
    payload: dict[str, object] = {"notice": notice, LEFT: [to]}
    if until is not None:
        payload[UNTIL] = until.isoformat()
    return NewTask(
        kind=TaskKind.NOTICE,
        subject=RULE,
        due_at=due_at,
        patient=record,
        payload=json.dumps(payload).encode(),
    )
