"""The demo's clock is wound: what is due is done at its hour, before the clock goes on."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from gateway.clock import SystemClock
from gateway.daemon.demo.winding import DUE_TASKS, Winding
from gateway.records.duration import read_duration
from gateway.schedule import Bells

HOUR = timedelta(hours=1)
DAY = read_duration("P1D")


@dataclass
class Work:
    """Tasks by name, and at which hour each was done."""

    clock: SystemClock
    waiting: dict[str, datetime] = field(default_factory=dict)
    done: list[tuple[str, datetime]] = field(default_factory=list)

    async def next_due(self, *, after: datetime) -> datetime | None:
        return min((one for one in self.waiting.values() if one > after), default=None)

    async def anything_due(self, now: datetime) -> bool:
        return any(one <= now for one in self.waiting.values())

    async def idle(self) -> None:
        """No lane is at work."""

    async def deliver(self) -> None:
        now = self.clock.now()
        due = sorted((at, name) for name, at in self.waiting.items() if at <= now)
        for _, name in due:
            del self.waiting[name]
            self.done.append((name, now))


def wound(folder: Path) -> tuple[Work, Bells, Winding]:
    clock = SystemClock()
    work, bells = Work(clock), Bells(clock)
    return (
        work,
        bells,
        Winding(clock=clock, tasks=work, lanes=work, bells=bells, folder=folder),
    )


async def test_what_a_chore_of_this_day_makes_is_done_at_its_hour_not_on_the_next_day(
    tmp_path: Path,
) -> None:
    """As who comes of age within a month is told at nine: the chore has not rung today."""
    work, bells, winding = wound(tmp_path)
    start = work.clock.now()

    async def morning() -> None:
        if not work.done and not work.waiting:
            work.waiting["told"] = max(start + 2 * HOUR, work.clock.now())

    for bell in DUE_TASKS:
        bells.every(3_600, bell, work.deliver)
    bells.every(3_600, "morning", morning)
    assert await winding(DAY) >= start + 24 * HOUR
    [(name, at)] = work.done
    assert name == "told"
    assert start + 2 * HOUR <= at < start + 3 * HOUR


async def test_what_is_due_already_is_done_in_its_order_before_the_clock_moves(
    tmp_path: Path,
) -> None:
    work, bells, winding = wound(tmp_path)
    start = work.clock.now()
    work.waiting |= {"late": start + HOUR, "second": start, "first": start - HOUR}
    for bell in DUE_TASKS:
        bells.every(3_600, bell, work.deliver)
    await winding(DAY)
    assert [name for name, _ in work.done] == ["first", "second", "late"]
    assert all(at < start + HOUR for name, at in work.done if name != "late")
