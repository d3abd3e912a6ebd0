"""Coming of age, on every engine: once, on the day or after it, whoever looks (VAULT REP-10)."""

import asyncio
import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from store_house import FixedClock, identity, put_into

from gateway.flows.family.coming_of_age import ComingOfAge
from gateway.records.intake.filing import IdentityChange
from gateway.records.patients.account import AccountState, Choice, ChoiceKind, Trace
from gateway.records.patients.patient import PatientKey
from gateway.records.task import TaskKind
from gateway.store import Store

MIDNIGHT = datetime(2026, 11, 30, 23, tzinfo=UTC)
BEFORE = timedelta(days=30)
BORN = "2008-12-01"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
CLAIRE, MARC = bytes(range(16)).hex(), bytes(range(1, 17)).hex()


@dataclass
class Home:
    """A child called Jade, and a node of the daemon with its own clock."""

    store: Store
    clock: FixedClock
    jade: PatientKey

    def node(self) -> ComingOfAge:
        return ComingOfAge(
            majorities=self.store.majorities, people=self.store.people, clock=self.clock
        )

    async def at(self, instant: datetime) -> int:
        self.clock.at = instant
        return await self.node()()

    async def state(self) -> AccountState:
        known = await self.store.people.person(self.jade)
        assert known is not None
        return known.state

    async def notices(self) -> list[tuple[str, str]]:
        """Every notice there is, with whom it is for; claimed, so that each is told once."""
        far = self.clock.at + timedelta(days=1)
        found = await self.store.tasks.claim(far, lease=timedelta(days=9_000), limit=200)
        assert {one.kind for one in found} <= {TaskKind.NOTICE}
        told = [json.loads(one.payload) for one in found]
        return sorted((one["notice"], one["left"][0]) for one in told)

    async def acts(self) -> list[Trace]:
        rows = await self.store.traces.of_patient(self.jade, limit=50)
        return [row for row in rows if row.trace.action.startswith("majority")]


async def home(
    store: Store, state: AccountState = AccountState.ACTIVE, born: str = BORN, serial: int = 1
) -> Home:
    who = identity(serial, birth_date=born)
    jade = store.keys.patient_key(who.ins_oid or "", who.ins or "")
    change = IdentityChange(key=jade, identity=who, qualified=True, state=state)
    await store.people.change_identity(change)
    for parent in (CLAIRE, MARC):
        fact = Choice(kind=ChoiceKind.PARENT, target=parent, since=LONG_AGO)
        await store.people.choose(jade, fact)
    clock = store.database.clock
    assert isinstance(clock, FixedClock)
    return Home(store, clock, jade)


async def test_thirty_days_before_the_child_and_each_parent_are_told_once(store: Store) -> None:
    house = await home(store)
    assert await house.at(MIDNIGHT - BEFORE - timedelta(seconds=1)) == 0
    assert await house.at(MIDNIGHT - BEFORE) == 1
    assert await house.at(MIDNIGHT - BEFORE) == 0, "a restart tells nobody again"
    assert await house.at(MIDNIGHT - timedelta(seconds=1)) == 0
    told = [("majority-soon", one) for one in (CLAIRE, MARC, house.jade.hex())]
    assert await house.notices() == sorted(told)
    assert await house.state() is AccountState.ACTIVE


async def test_on_the_birthday_the_space_is_handed_over_once_whatever_restarts(
    store: Store,
) -> None:
    house = await home(store)
    await house.at(MIDNIGHT - BEFORE)
    await house.notices()
    house.clock.at = MIDNIGHT
    nodes = await asyncio.gather(*(house.node()() for _ in range(4)))
    assert sorted(nodes) == [0, 0, 0, 1]
    assert await house.at(MIDNIGHT + timedelta(days=1)) == 0
    assert await house.state() is AccountState.CREATED
    assert await house.notices() == [("majority", house.jade.hex())]
    assert [row.trace.action for row in await house.acts()] == ["majority", "majority-told"]


async def test_a_daemon_that_was_down_over_the_birthday_catches_up(store: Store) -> None:
    house = await home(store)
    assert await house.at(MIDNIGHT + timedelta(days=400)) == 1
    assert await house.state() is AccountState.CREATED
    assert await house.notices() == [("majority", house.jade.hex())], "nobody is told too late"


async def test_whoever_is_told_late_is_told_before_the_day(store: Store) -> None:
    house = await home(store)
    assert await house.at(MIDNIGHT - timedelta(minutes=5)) == 1
    assert len(await house.notices()) == 3


async def test_one_node_looks_once_a_day_and_again_after_midnight(store: Store) -> None:
    house = await home(store)
    node = house.node()
    house.clock.at = MIDNIGHT - timedelta(hours=3)
    assert await node() == 1
    house.clock.at = MIDNIGHT - timedelta(seconds=1)
    assert await node() == 0
    house.clock.at = MIDNIGHT
    assert await node() == 1


async def test_who_activated_the_own_space_keeps_it(store: Store) -> None:
    house = await home(store)
    await house.at(MIDNIGHT)
    await put_into(store, house.jade, AccountState.ACTIVE)
    assert await house.at(MIDNIGHT + timedelta(days=1)) == 0
    assert await house.state() is AccountState.ACTIVE


async def test_a_guardian_in_force_keeps_the_space_as_it_is_until_the_entry_ends(
    store: Store,
) -> None:
    house = await home(store)
    end = MIDNIGHT + timedelta(days=10)
    guardian = Choice(kind=ChoiceKind.GUARDIAN, target=MARC, since=LONG_AGO, until=end)
    await store.people.choose(house.jade, guardian)
    assert await house.at(MIDNIGHT) == 0
    assert await house.state() is AccountState.ACTIVE
    assert await house.at(end + timedelta(seconds=1)) == 1
    assert await house.state() is AccountState.CREATED


async def test_a_corrected_birth_date_counts_on_its_own_day(store: Store) -> None:
    house = await home(store)
    await house.at(MIDNIGHT)
    await put_into(store, house.jade, AccountState.ACTIVE)
    known = await store.people.person(house.jade)
    assert known is not None
    later = replace(known.identity, birth_date="2009-06-01")
    await store.people.change_identity(
        IdentityChange(key=house.jade, identity=later, qualified=True)
    )
    assert await house.at(datetime(2027, 5, 31, 22, tzinfo=UTC)) == 1
    assert await house.state() is AccountState.CREATED


async def test_spaces_that_are_closed_or_of_adults_are_left_alone(store: Store) -> None:
    closed = await home(store, AccountState.CLOSED)
    adult = await home(store, born="1984-03-12", serial=2)
    assert await closed.at(MIDNIGHT) == 0
    assert (await closed.state(), await adult.state()) == (
        AccountState.CLOSED,
        AccountState.ACTIVE,
    )
    assert await closed.notices() == []


async def test_more_children_than_a_page_come_of_age_on_one_day(store: Store) -> None:
    houses = [await home(store, AccountState.CREATED, serial=n) for n in range(1, 6)]
    first = houses[0]
    first.clock.at = MIDNIGHT
    names, after, pages = set(), None, 0
    while pages == 0 or after is not None:
        lines, after = await store.majorities.represented(after=after, limit=2)
        names |= {one.person.key for one in lines}
        pages += 1
    assert names == {one.jade for one in houses}
    assert pages == 3
    assert await first.node()() == 5
