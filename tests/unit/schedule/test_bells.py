"""Chores ring at their interval, one at a time, and survive their own errors."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, tzinfo

import apscheduler.schedulers.base
import apscheduler.triggers.interval
import pytest
from structlog.testing import capture_logs

from gateway.clock import SystemClock
from gateway.schedule import Bells

PATIENCE = 120.0


@pytest.fixture
async def bells() -> AsyncIterator[Bells]:
    ours = Bells(SystemClock())
    yield ours
    await ours.stop()


async def test_a_chore_rings_again_and_again(bells: Bells) -> None:
    rung: list[int] = []
    thrice = asyncio.Event()

    async def chore() -> None:
        rung.append(1)
        if len(rung) == 3:
            thrice.set()

    bells.every(0.01, "tasks", chore)
    bells.start()
    await asyncio.wait_for(thrice.wait(), PATIENCE)


async def test_a_chore_that_takes_longer_than_its_interval_is_no_news(
    bells: Bells, caplog: pytest.LogCaptureFixture
) -> None:
    rung: list[int] = []
    long, end = asyncio.Event(), asyncio.Event()

    async def chore() -> None:
        await end.wait()

    async def other() -> None:
        rung.append(1)
        if len(rung) == 5:
            long.set()

    bells.every(0.01, "tasks", chore)
    bells.every(0.02, "others", other)
    bells.start()
    await asyncio.wait_for(long.wait(), PATIENCE)
    end.set()
    assert [one for one in caplog.records if one.name.startswith("apscheduler")] == []


async def test_a_chore_that_fails_is_logged_and_rings_again(bells: Bells) -> None:
    rung: list[int] = []
    twice = asyncio.Event()

    async def chore() -> None:
        rung.append(1)
        if len(rung) == 2:
            twice.set()
        raise OSError("the disk is away")

    bells.every(0.01, "expiry", chore)
    with capture_logs() as logs:
        bells.start()
        await asyncio.wait_for(twice.wait(), PATIENCE)
    assert {"event": "chore.failed", "name": "expiry"}.items() <= logs[0].items()


async def test_a_slow_chore_never_runs_twice_at_once(bells: Bells) -> None:
    at_work, most = 0, 0
    other_rang = asyncio.Event()
    others: list[int] = []

    async def slow() -> None:
        nonlocal at_work, most
        at_work += 1
        most = max(most, at_work)
        await other_rang.wait()
        at_work -= 1

    async def quick() -> None:
        others.append(1)
        if len(others) == 5:
            other_rang.set()

    bells.every(0.01, "slow", slow)
    bells.every(0.01, "quick", quick)
    bells.start()
    await asyncio.wait_for(other_rang.wait(), PATIENCE)
    await bells.stop()
    assert most == 1
    assert at_work == 0


async def test_a_bell_can_be_rung_by_hand_without_a_clock(bells: Bells) -> None:
    rung: list[str] = []

    async def first() -> None:
        rung.append("first")

    async def second() -> None:
        rung.append("second")

    bells.every(3600, "first", first)
    bells.every(3600, "second", second)
    await bells.ring("second")
    await bells.ring_all()
    assert rung == ["second", "first", "second"]
    assert bells.names == ("first", "second")


async def test_stopping_waits_for_the_chore_at_work(bells: Bells) -> None:
    begun, may_end = asyncio.Event(), asyncio.Event()
    ended: list[int] = []

    async def chore() -> None:
        begun.set()
        await may_end.wait()
        ended.append(1)

    bells.every(0.01, "tasks", chore)
    bells.start()
    await asyncio.wait_for(begun.wait(), PATIENCE)
    stopping = asyncio.create_task(bells.stop())
    await asyncio.sleep(0)
    assert not stopping.done()
    may_end.set()
    await asyncio.wait_for(stopping, PATIENCE)
    assert ended == [1]


async def test_stopping_cuts_off_a_chore_that_takes_its_time(bells: Bells) -> None:
    """As a mail whose server says nothing: its lease runs out, and it is sent again."""
    begun, cut = asyncio.Event(), asyncio.Event()

    async def chore() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            cut.set()

    bells.every(0.01, "tasks", chore)
    bells.start()
    await asyncio.wait_for(begun.wait(), PATIENCE)
    await asyncio.wait_for(bells.stop(seconds=0.01), PATIENCE)
    assert cut.is_set()


async def test_stopping_before_the_start_does_nothing(bells: Bells) -> None:
    await bells.stop()


async def test_one_name_is_hung_once(bells: Bells) -> None:
    async def chore() -> None: ...

    bells.every(1, "tasks", chore)
    with pytest.raises(ValueError, match="there already"):
        bells.every(1, "tasks", chore)


@pytest.mark.parametrize("seconds", [0, -1.5])
async def test_an_interval_is_above_zero(bells: Bells, seconds: float) -> None:
    async def chore() -> None: ...

    with pytest.raises(ValueError, match="above 0"):
        bells.every(seconds, "tasks", chore)


class SetBack(SystemClock):
    """A wall clock that somebody corrects."""

    late = timedelta()

    def now(self) -> datetime:
        return super().now() - self.late


async def test_a_clock_that_goes_back_silences_no_chore(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = SetBack()

    class Wall(datetime):
        """What the timer library takes for the hour."""

        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "Wall":
            return cls.fromtimestamp(clock.now().timestamp(), tz or UTC)

    for module in (apscheduler.schedulers.base, apscheduler.triggers.interval):
        monkeypatch.setattr(module, "datetime", Wall)
    rung = asyncio.Event()

    async def chore() -> None:
        rung.set()

    bells = Bells(clock)
    bells.every(0.01, "tasks", chore)
    bells.start()
    await asyncio.wait_for(rung.wait(), PATIENCE)
    with capture_logs() as logs:
        for times in (1, 2):  # who corrects it once may do so again
            clock.late = timedelta(hours=2 * times)
            while len(logs) < times:
                rung.clear()
                await asyncio.wait_for(rung.wait(), PATIENCE)
        rung.clear()
        await asyncio.wait_for(rung.wait(), PATIENCE)
    await bells.stop()
    assert logs == [{"event": "clock.back", "log_level": "warning", "seconds": 7200}] * 2
