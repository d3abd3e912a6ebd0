"""Rings the bells: runs named chores at intervals and remembers nothing.

The only module that knows apscheduler, which ships no types. What a chore does is its own
business; one that fails is logged and rings again.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC
from typing import Any

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

Chore = Callable[[], Awaitable[object]]
SCHEDULER = "apscheduler"
"""Its warnings say that a chore still runs when it rings again, which is how they are meant."""


class Bells:
    """Chores on one event loop: never two of one name at once, missed rings become one."""

    def __init__(self) -> None:
        self._chores: dict[str, Chore] = {}
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
        self._at_work[name] = asyncio.Lock()
        self._scheduler.add_job(
            self._at_interval,
            IntervalTrigger(seconds=seconds, timezone=UTC),
            args=(name,),
            id=name,
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )

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

    async def stop(self) -> None:
        """No more rings; waits for the chores at work. Does nothing before `start`."""
        if self._scheduler.running:
            self._scheduler.pause()
            for lock in self._at_work.values():
                async with lock:
                    pass
            self._scheduler.shutdown(wait=False)
            await asyncio.sleep(0)
