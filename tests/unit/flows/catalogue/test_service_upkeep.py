"""What a calendar does for services: the list of N10, and an end after a year (VAULT APP-07)."""

import json
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from catalogue_twins import MemoryLaunches
from session_twins import MemoryServiceTokens
from vault_house import CLAIRE, key_of
from vault_twins import NOW, MemoryPeople, MemoryTraces, MovedClock

from gateway.access.time import in_force
from gateway.flows.catalogue.upkeep import ServiceUpkeep
from gateway.records.patients.account import Choice, ChoiceKind

KEY = key_of(CLAIRE)


@dataclass
class Kept:
    """Claire agreed to a service at NOW."""

    clock: MovedClock = field(default_factory=MovedClock)
    people: MemoryPeople = field(default_factory=MemoryPeople)

    def __post_init__(self) -> None:
        self.traces = MemoryTraces(self.clock)
        self.launches = MemoryLaunches(self.traces)
        self.people.log = self.traces
        agreed = Choice(kind=ChoiceKind.APPLICATION, target="glycosuivi", since=NOW)
        self.people.chosen[KEY] = [agreed]

    async def after(self, days: float) -> None:
        self.clock.at = NOW + timedelta(days=days)
        await ServiceUpkeep(
            people=self.people,
            launches=self.launches,
            copied=MemoryServiceTokens(),
            clock=self.clock,
        )()

    @property
    def holds(self) -> bool:
        now = self.clock.now()
        return in_force(self.people.chosen[KEY][-1].since, self.people.chosen[KEY][-1].until, now)


async def test_the_list_is_told_every_ninety_days_and_no_sooner() -> None:
    kept = Kept()
    await kept.launches.begin(KEY, "glycosuivi", at=NOW)
    for days, told in ((89.99, 0), (90, 1), (91, 1), (179.99, 1), (180, 2)):
        await kept.after(days)
        assert len(kept.launches.tasks) == told, days
    notices = {json.loads(one.payload)["notice"] for one in kept.launches.tasks}
    assert notices == {"services-list"}
    assert b"glycosuivi" not in kept.launches.tasks[0].payload  # NOT-02


async def test_nobody_is_told_of_what_has_ended() -> None:
    kept = Kept()
    await kept.launches.begin(KEY, "glycosuivi", at=NOW)
    kept.people.chosen[KEY] = [
        Choice(kind=ChoiceKind.APPLICATION, target="glycosuivi", since=NOW, until=NOW)
    ]
    await kept.after(90)
    assert kept.launches.tasks == []
    assert kept.launches.counted == {}


@pytest.mark.parametrize(("days", "holds"), [(364.99, True), (365, False)])
async def test_what_nobody_used_for_a_year_is_stopped(days: float, *, holds: bool) -> None:
    kept = Kept()
    await kept.launches.begin(KEY, "glycosuivi", at=NOW)
    await kept.after(days)
    assert kept.holds is holds
    assert bool(kept.launches.counted) is holds
    acts = [row.trace.action for row in kept.traces.rows]
    assert acts == ([] if holds else ["service-unused"])
    again = len(kept.people.chosen[KEY])
    await kept.after(days)
    assert len(kept.people.chosen[KEY]) == again
