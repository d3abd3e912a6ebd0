"""The demo's clock moved forward: from one due task to the next, never over one (VAULT GEN-04).

How far it is ahead stands in the demo's folder, so that a second start does not go back.
"""

import asyncio
import contextlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

import orjson

from gateway.clock import SystemClock
from gateway.daemon.demo.ahead import FILE
from gateway.daemon.ready import write_private
from gateway.errors import RefusedError
from gateway.records.duration import Duration
from gateway.schedule import Bells

END = datetime(2200, 1, 1, tzinfo=UTC)
"""Certificates and calendars of the demo are not made for later."""
MAX_STOPS = 200
"""Instants at which something falls due on the way; with more, the rest is done at the end."""
MAX_ROUNDS = 100
LANES_SECONDS = 5.0
DUE_TASKS = ("due-tasks", "mails", "invitations")
"""The bells of what leaves in any order."""


class DueTasks(Protocol):
    async def next_due(self, *, after: datetime) -> datetime | None: ...

    async def anything_due(self, now: datetime) -> bool: ...


class LanesAtWork(Protocol):
    async def idle(self) -> None: ...


@dataclass(slots=True, kw_only=True)
class Winding:
    """Satisfies `vault.rooms.Wind`; one at a time."""

    clock: SystemClock
    tasks: DueTasks
    lanes: LanesAtWork
    bells: Bells
    folder: Path
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def __call__(self, by: Duration) -> datetime:
        """The instant that it is then. Raises RefusedError past the year 2200."""
        async with self._turn:
            target = self._target(by)
            await self._ring()  # what is due here may make what falls due on the way
            for _ in range(MAX_STOPS):
                due = await self.tasks.next_due(after=self.clock.now())
                if due is None or due >= target:
                    break
                await self._to(due)
            await self._to(target)
            return self.clock.now()

    def _target(self, by: Duration) -> datetime:
        try:
            target = by.after(self.clock.now())
        except ValueError as error:
            raise RefusedError("the clock does not go that far") from error
        if target > END:
            raise RefusedError("the clock does not go that far")
        return target

    async def _to(self, instant: datetime) -> None:
        """Work under way ends first: a lease must not run out under who holds it."""
        await self._lanes_end()
        ahead = instant - self.clock.now()
        if ahead > timedelta():
            self.clock.advance(ahead)
            kept = {"ahead_seconds": self.clock.moved.total_seconds()}
            await asyncio.to_thread(write_private, self.folder / FILE, orjson.dumps(kept))
        await self._ring()

    async def _ring(self) -> None:
        await self.bells.ring_all()
        for _ in range(MAX_ROUNDS):
            if not await self.tasks.anything_due(self.clock.now()):
                break
            for name in DUE_TASKS:
                await self.bells.ring(name)
        await self._lanes_end()

    async def _lanes_end(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LANES_SECONDS):
                await self.lanes.idle()
