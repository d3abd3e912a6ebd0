"""Copies that are due, one at a time: each may take minutes, and nothing else waits for it.

The task is held by a short lease that is renewed between documents. A process that dies lets it
lapse, and another one begins the copy anew.
"""

from dataclasses import dataclass
from datetime import timedelta

import structlog

from gateway.clock import Clock
from gateway.errors import DeferredError, DeniedError
from gateway.flows.exporting.make import MakeExport
from gateway.flows.sending.outcome import Outcome, carried, later
from gateway.ports.metrics import Metrics
from gateway.ports.tasks import Tasks
from gateway.records.patients.export import ExportState
from gateway.records.task import Task, TaskKind

log = structlog.get_logger()
LEASE = timedelta(minutes=2)
RENEWED = LEASE / 4
MADE, NOT_ASKED, DENIED = "made", "not-asked", "denied"


class TakenError(DeferredError):
    """Another worker has the task."""


class Hold:
    """The lease of one task, kept while its work goes on."""

    def __init__(self, tasks: Tasks, clock: Clock, task: Task) -> None:
        self._tasks, self._clock, self._task = tasks, clock, task
        self._again = clock.now() + RENEWED

    async def __call__(self) -> None:
        now = self._clock.now()
        if now < self._again:
            return
        if not await self._tasks.keep(self._task, until=now + LEASE):
            raise TakenError("Another worker has this task.")
        self._again = now + RENEWED


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkOffExports:
    tasks: Tasks
    make: MakeExport
    metrics: Metrics

    async def __call__(self) -> int:
        """One that is due; how many there were."""
        clock = self.make.room.clock
        claimed = await self.tasks.claim(
            clock.now(), lease=LEASE, limit=1, kinds=frozenset({TaskKind.EXPORT})
        )
        for task in claimed:
            await self._end(task, await carried(self._carry, task))
        return len(claimed)

    async def _carry(self, task: Task) -> str:
        export = await self.make.room.exports.find(task.subject)
        if export is None or export.state is not ExportState.MAKING:
            return NOT_ASKED
        hold = Hold(self.tasks, self.make.room.clock, task)
        try:
            made = await self.make(export, hold, attempt=task.attempts)
        except LookupError:
            return NOT_ASKED
        except DeniedError as error:  # nothing that an operator could mend
            await self.make.room.exports.fail(export.id)
            return f"{DENIED}: {error.rule}"
        return MADE if made else NOT_ASKED

    async def _end(self, task: Task, outcome: Outcome | DeferredError) -> None:
        now = self.make.room.clock.now()
        if isinstance(outcome, TakenError):
            return
        if isinstance(outcome, DeferredError):
            due = later(task, outcome, now)
            if not isinstance(due, Outcome):
                self.metrics.delivered(kind=task.kind.value, outcome="postponed")
                await self.tasks.postpone(task, due_at=due, reason=str(outcome))
                return
            outcome = due
        if outcome.dead:
            log.warning("task.dead", task=task.id, kind=task.kind.value)
            await self.make.room.exports.fail(task.subject)
        self.metrics.delivered(kind=task.kind.value, outcome=outcome.words.partition(":")[0])
        await self.tasks.settle(task, outcome=outcome.words, at=now, dead=outcome.dead)
