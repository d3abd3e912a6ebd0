"""Rings the bells: runs named chores at intervals and remembers nothing.

The only module that knows apscheduler, which ships no types and counts by the wall clock: where
that goes back, the bells are set anew. What a chore does is its own business; one that fails is
logged and rings again.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC
from typing import Any

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from gateway.clock import Clock

Chore = Callable[[], Awaitable[object]]
SCHEDULER = "apscheduler"
"""Its warnings say that a chore still runs when it rings again, which is how they are meant."""
WATCH_SECONDS = 1.0
STOP_SECONDS = 5.0
CUT_SECONDS = 1.0
"""What a chore that was cut off has to let go of what it holds."""
STEP_SECONDS = 0.5
"""What the wall clock may lose between two looks; less delays a ring by less than this."""


class Bells:
    """Chores on one event loop: never two of one name at once, missed rings become one."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lead = 0.0
        self._watching: asyncio.TimerHandle | None = None
        self._chores: dict[str, Chore] = {}
        self._intervals: dict[str, float] = {}
        self._at_work: dict[str, asyncio.Lock] = {}
        self._scheduler: Any = AsyncIOScheduler(timezone=UTC)
        logging.getLogger(SCHEDULER).setLevel(logging.ERROR)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._chores)

    def every(self, seconds: float, name: str, chore: Chore) -> None:
        """Rings `chore` each `seconds` after the start. Raises ValueError on a name known."""
        if seconds <= 0:
            raise ValueError(f"chore {name}: the interval is {seconds} s, it must be above 0")
        if name in self._chores:
            raise ValueError(f"chore {name} is there already")
        self._chores[name] = chore
        self._intervals[name] = seconds
        self._at_work[name] = asyncio.Lock()
        self._scheduler.add_job(
            self._at_interval,
            self._trigger(name),
            args=(name,),
            id=name,
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )

    def _trigger(self, name: str) -> Any:
        return IntervalTrigger(seconds=self._intervals[name], timezone=UTC)

    async def ring(self, name: str) -> None:
        """Runs one chore now, after a run of it that is under way; its error is logged."""
        async with self._at_work[name]:
            try:
                await self._chores[name]()
            except Exception:  # noqa: BLE001 - a chore that fails must not silence the others
                structlog.get_logger().exception("chore.failed", name=name)

    async def ring_all(self) -> None:
        """Runs every chore once, in the order they were hung (the demo's clock moved)."""
        for name in self._chores:
            await self.ring(name)

    async def _at_interval(self, name: str) -> None:
        if not self._at_work[name].locked():
            await self.ring(name)

    def start(self) -> None:
        """Needs a running event loop."""
        self._scheduler.start()
        self._lead = self._ahead()
        self._watch_again()

    def _ahead(self) -> float:
        """Seconds of the wall clock before the one that never goes back."""
        return self._clock.now().timestamp() - self._clock.monotonic()

    def _watch_again(self) -> None:
        self._watching = asyncio.get_running_loop().call_later(WATCH_SECONDS, self._watch)

    def _watch(self) -> None:
        """Each next ring was set for an hour that is far again: an interval from now instead."""
        before, self._lead = self._lead, self._ahead()
        lost = before - self._lead
        if lost > STEP_SECONDS:
            structlog.get_logger().warning("clock.back", seconds=round(lost))
            for name in self._chores:
                self._scheduler.reschedule_job(name, trigger=self._trigger(name))
        self._watch_again()

    async def stop(self, *, seconds: float = STOP_SECONDS) -> None:
        """No more rings; waits for the chores at work, and cuts off those that take longer than
        `seconds`. Does nothing before `start`."""
        if self._watching is not None:
            self._watching.cancel()
        if self._scheduler.running:
            self._scheduler.pause()
            await self._rest(seconds)
            self._scheduler.shutdown(wait=False)  # cancels what still is at work
            await asyncio.sleep(0)
            await self._rest(CUT_SECONDS)

    async def _rest(self, seconds: float) -> None:
        """Until no chore is at work, or so many seconds are over."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                for lock in self._at_work.values():
                    async with lock:
                        pass
