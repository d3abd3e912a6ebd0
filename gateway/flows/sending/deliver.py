"""Deliver: what must follow from a filed document, carried out from the store, any time later."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
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
    Told,
    carried_within,
    later,
    nothing_follows,
    nothing_said,
)
from gateway.ports.metrics import Metrics, NoMetrics
from gateway.ports.tasks import Say, Tasks
from gateway.records.task import Task, TaskKind

log = structlog.get_logger()

CarryTogether = Callable[[list[Task]], Awaitable[Told]]
"""Carries out tasks of one kind that leave as one."""

LEASE = timedelta(minutes=2)
MAIL_LEASE = timedelta(minutes=15)
"""Of the mail under way. Its relay may take ten minutes for its last word, and who does not wait
for that sends the mail twice (RFC 5321 section 4.5.3.2.6); a large one takes minutes to get there.
"""
BATCH = 200
BEGINNING = 0.5
"""Of a batch, what has not begun in this part of its lease is handed back."""


@dataclass(frozen=True, slots=True)
class Deliver:
    """Claims what is due of the kinds that it carries, by lease, and settles or postpones each; a
    dead worker's come back. `leases` are those of kinds that may take longer: one at a time is held
    so long. They keep others of the same `Deliver` waiting, so they have one of their own."""

    tasks: Tasks
    clock: Clock
    carriers: Mapping[TaskKind, Carry]
    together: Mapping[TaskKind, CarryTogether]
    metrics: Metrics = field(default_factory=NoMetrics)
    lease: timedelta = LEASE
    leases: Mapping[TaskKind, timedelta] = field(default_factory=dict)
    follow: Follow = nothing_follows
    say: Say = nothing_said

    async def __call__(self) -> int:
        """One batch of what is due; how many tasks were touched (0: nothing is due)."""
        began, whole = self.clock.monotonic(), self.lease.total_seconds()
        claimed = await self.tasks.claim(
            self.clock.now(), lease=self.lease, limit=BATCH, kinds=self._kinds
        )
        for kind, carry in self.together.items():
            if group := [task for task in claimed if task.kind is kind]:
                await self._group(group, carry)
        alone = [task for task in claimed if task.kind not in self.together]
        for place, task in enumerate(alone):
            used = self.clock.monotonic() - began
            if used > whole * BEGINNING:
                await self.tasks.hand_back(alone[place:], at=self.clock.now())
                break
            await self._one(task, whole * PART_OF_LEASE - used)
        return len(claimed)

    @property
    def _kinds(self) -> frozenset[TaskKind]:
        return frozenset(self.carriers) | frozenset(self.together)

    async def _group(self, group: list[Task], carry: CarryTogether) -> None:
        outcomes = await _carried_together(group, carry)
        pairs = zip(group, outcomes, strict=True)
        await asyncio.gather(*(self._ended(task, outcome) for task, outcome in pairs))

    async def _one(self, task: Task, seconds: float) -> None:
        if (lease := self.leases.get(task.kind)) is not None:
            if not await self.tasks.keep(task, until=self.clock.now() + lease):
                return
            seconds = lease.total_seconds() * PART_OF_LEASE
        await self._ended(task, await carried_within(seconds, self.carriers[task.kind], task))

    async def _ended(self, task: Task, outcome: str | Outcome | DeferredError) -> None:
        if isinstance(outcome, DeferredError):
            await self._later(task, outcome)
        else:
            await self._settle(
                task, Outcome(words=outcome) if isinstance(outcome, str) else outcome
            )

    async def _settle(self, task: Task, outcome: Outcome) -> None:
        self._count(task, outcome.words)
        if outcome.dead:
            log.warning("task.dead", task=task.id, kind=task.kind.value)
        await self.tasks.settle(
            task,
            outcome=outcome.words,
            at=self.clock.now(),
            dead=outcome.dead,
            then=(*outcome.then, *self.follow(task, outcome)),
            acts=self.say(task, outcome.words) if outcome.dead else (),
        )

    def _count(self, task: Task, words: str) -> None:
        """By the first word only: the rest may quote a peer."""
        self.metrics.delivered(kind=task.kind.value, outcome=words.partition(":")[0])

    async def _later(self, task: Task, error: DeferredError) -> None:
        match later(task, error, self.clock.now()):
            case Outcome() as outcome:
                await self._settle(task, outcome)
            case datetime() as due_at:
                self._count(task, "postponed")
                why, unheard = str(error), error.unheard
                await self.tasks.postpone(task, due_at=due_at, reason=why, unheard=unheard)


async def _carried_together(group: list[Task], carry: CarryTogether) -> Told:
    """One try. A bug of ours is logged, and keeps these tasks but no others waiting."""
    try:
        return await carry(group)
    except DeferredError as error:
        return [error] * len(group)
    except Exception:
        log.exception("tasks.failed", kind=group[0].kind.value, count=len(group))
        return [DeferredError("internal error")] * len(group)
