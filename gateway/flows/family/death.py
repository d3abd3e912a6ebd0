"""A death that the caisse tells, and one that it takes back (VAULT DSK-10).

Login, notices and applications stop at once, and nothing opens by itself: what is deposited is
still filed, professionals read as before, and heirs have no access here (ACCESS F02).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from gateway.access.time import civil_date, in_force
from gateway.clock import Clock
from gateway.errors import RefusedError
from gateway.flows.desk.command import typed_entry
from gateway.ports.people.people import People
from gateway.records.patients.account import Choice, ChoiceKind, NewTrace, Person
from gateway.records.patients.patient import PatientKey

RECORDED, MISTAKEN = "death-recorded", "death-mistaken"
RULE = "DSK-10"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDeath:
    people: People
    clock: Clock

    async def __call__(self, patient: PatientKey, on: date, *, by: str, reason: str) -> bool:
        """False where it is recorded already, of whatever day. Raises RefusedError for nobody, and
        for a day that has not come or is before the birth."""
        person, now = await self._person(patient), self.clock.now()
        if on > civil_date(now):
            raise RefusedError("the day of the death has not come")
        born = person.identity.birth_date
        if born and on.isoformat()[: len(born)] < born:
            raise RefusedError("the day of the death is before the birth")
        if person.deceased:
            return False
        said = Choice(
            kind=ChoiceKind.DECEASED, target="", since=now, by=by, scopes=(on.isoformat(),)
        )
        await self.people.choose(person.key, said, act=_act(person, RECORDED, by, reason, on))
        return True

    async def mistaken(self, patient: PatientKey, *, by: str, reason: str) -> None:
        """The person signs in as before, and is told again. Raises RefusedError where no death is
        recorded."""
        person, now = await self._person(patient), self.clock.now()
        on = recorded_in(await self.people.choices(person.key), now)
        if not person.deceased or on is None:
            raise RefusedError("no death is recorded of this person")
        over = Choice(kind=ChoiceKind.DECEASED, target="", since=now, until=now, by=by)
        await self.people.choose(person.key, over, act=_act(person, MISTAKEN, by, reason, on))

    async def _person(self, patient: PatientKey) -> Person:
        person = await self.people.person(patient)
        if person is None:
            raise RefusedError("this person is not known here")
        return person


def recorded_in(choices: Iterable[Choice], now: datetime) -> date | None:
    """The day of the death that stands."""
    for one in choices:
        if one.kind is ChoiceKind.DECEASED and in_force(one.since, one.until, now):
            return date.fromisoformat(one.scopes[0])
    return None


def _act(person: Person, action: str, by: str, reason: str, on: date) -> NewTrace:
    said = {"reason": reason, "on": on.isoformat()}
    return typed_entry(person.key, action, rule=RULE, by=by, said=said)
