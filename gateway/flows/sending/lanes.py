"""Lanes: tasks that leave one after the other, a lane for each destination.

The oldest unsettled task of a lane is the only one ever tried. Where it cannot leave now, the
lane waits with it and no other lane does; where it is refused for good it is a dead letter and
the next one leaves. At least once: a worker that dies between the answer of a receiver and the
commit sends the same bytes again.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from gateway.clock import Clock
from gateway.errors import DeferredError
from gateway.flows.sending.outcome import (
    PART_OF_LEASE,
    Carry,
    Follow,
    Outcome,
    carried_within,
    later,
    nothing_follows,
)
from gateway.ports.metrics import Metrics, NoMetrics
from gateway.ports.tasks import LaneTasks
from gateway.records.task import Task, TaskKind

log = structlog.get_logger()


@dataclass(slots=True)
class Lanes:
    """Called to look for lanes that are due; each is walked by a task of the loop."""

    tasks: LaneTasks
    clock: Clock
    carriers: Mapping[TaskKind, Carry]
    lease: timedelta
    metrics: Metrics = field(default_factory=NoMetrics)
    follow: Follow = nothing_follows
    _walking: set["asyncio.Task[None]"] = field(default_factory=set)

    async def __call__(self) -> int:
        """How many lanes began to move; returns at once, whatever a receiver does."""
        heads = await self.tasks.claim_heads(self.clock.now(), lease=self.lease)
        for head in heads:
            walking = asyncio.create_task(self._walk(head))
            self._walking.add(walking)
            walking.add_done_callback(self._walking.discard)
        return len(heads)

    async def idle(self) -> None:
        """Returns when no lane moves."""
        while self._walking:
            await asyncio.wait(set(self._walking))

    async def close(self, *, seconds: float) -> None:
        """Lets tasks under way end; what does not is tried again when its lease is over."""
        if self._walking:
            await asyncio.wait(set(self._walking), timeout=seconds)
        for walking in set(self._walking):
            walking.cancel()
        await asyncio.gather(*self._walking, return_exceptions=True)

    async def _walk(self, head: Task) -> None:
        task: Task | None = head
        try:
            while task is not None:
                task = await self._step(task)
        except Exception:
            log.exception("lane.stopped", name=head.lane)

    async def _step(self, task: Task) -> Task | None:
        """The next task of the lane; None where it waits or is empty."""
        outcome = await self._tried(task)
        now = self.clock.now()
        if isinstance(outcome, DeferredError):
            reason, unheard = str(outcome), outcome.unheard
            when = later(task, outcome, now)
            if isinstance(when, datetime):
                self.metrics.delivered(kind=task.kind.value, outcome="postponed")
                await self.tasks.postpone(task, due_at=when, reason=reason, unheard=unheard)
                return None
            outcome = when
        return await self._settled(task, outcome, now)

    async def _tried(self, task: Task) -> Outcome | DeferredError:
        seconds = self.lease.total_seconds() * PART_OF_LEASE
        return await carried_within(seconds, self.carriers[task.kind], task)

    async def _settled(self, task: Task, outcome: Outcome, now: datetime) -> Task | None:
        self.metrics.delivered(kind=task.kind.value, outcome=outcome.words.partition(":")[0])
        if outcome.dead:
            log.warning("task.dead", task=task.id, kind=task.kind.value, name=task.lane)
        return await self.tasks.advance(
            task,
            outcome=outcome.words,
            at=now,
            lease=self.lease,
            dead=outcome.dead,
            then=(*outcome.then, *self.follow(task, outcome)),
        )
