"""Deliver: what must follow from a filed document, carried out from the store, any time later."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from gateway.clock import Clock
from gateway.errors import DeferredError, DeniedError, RefusedError
from gateway.flows.retry import MAIL_RETRY, NOTICE_RETRY, GiveUp, RetryPolicy, next_attempt
from gateway.ports.metrics import Metrics, NoMetrics
from gateway.ports.tasks import Tasks
from gateway.records.task import Task, TaskKind

Carry = Callable[[Task], Awaitable[str]]
"""Carries out one task; returns its outcome. Raises DeferredError to be tried again."""

CarryTogether = Callable[[list[Task]], Awaitable[list[str]]]
"""Carries out tasks of one kind that leave as one; an outcome for each, in order."""

LEASE = timedelta(minutes=2)
BATCH = 200
POLICIES: Mapping[TaskKind, RetryPolicy] = {TaskKind.MAIL: MAIL_RETRY}


@dataclass(frozen=True, slots=True)
class Deliver:
    """Claims due tasks by lease and settles or postpones each; a dead worker's come back."""

    tasks: Tasks
    clock: Clock
    carriers: Mapping[TaskKind, Carry]
    together: Mapping[TaskKind, CarryTogether]
    metrics: Metrics = field(default_factory=NoMetrics)
    lease: timedelta = LEASE

    async def __call__(self) -> int:
        """One batch of what is due; how many tasks were touched (0: nothing is due)."""
        claimed = await self.tasks.claim(self.clock.now(), lease=self.lease, limit=BATCH)
        for kind, carry in self.together.items():
            if group := [task for task in claimed if task.kind is kind]:
                await self._group(group, carry)
        for task in claimed:
            if task.kind not in self.together:
                await self._one(task)
        return len(claimed)

    async def _group(self, group: list[Task], carry: CarryTogether) -> None:
        try:
            outcomes = await carry(group)
        except DeferredError as error:
            await asyncio.gather(*(self._later(task, str(error)) for task in group))
            return
        now = self.clock.now()
        for task, outcome in zip(group, outcomes, strict=True):
            self._count(task, outcome)
        settled = (
            self.tasks.settle(task, outcome=outcome, at=now)
            for task, outcome in zip(group, outcomes, strict=True)
        )
        await asyncio.gather(*settled)

    async def _one(self, task: Task) -> None:
        try:
            outcome = await self.carriers[task.kind](task)
        except DeferredError as error:
            await self._later(task, str(error))
            return
        except RefusedError as error:
            outcome = f"refused: {error}"
        except DeniedError as error:
            outcome = f"denied: {error.rule}"
        self._count(task, outcome)
        await self.tasks.settle(task, outcome=outcome, at=self.clock.now())

    def _count(self, task: Task, outcome: str) -> None:
        """By the first word only: the rest may quote a peer."""
        self.metrics.delivered(kind=task.kind.value, outcome=outcome.partition(":")[0])

    async def _later(self, task: Task, reason: str) -> None:
        policy = POLICIES.get(task.kind, NOTICE_RETRY)
        now = self.clock.now()
        match next_attempt(task.attempts, task.created_at, now, policy):
            case GiveUp():
                await self.tasks.settle(task, outcome=f"given-up: {reason}", at=now)
            case due_at:
                self._count(task, "postponed")
                await self.tasks.postpone(task, due_at=due_at, reason=reason)
