"""Tasks in memory, and clocks that stand."""

import json
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta

from gateway.records.patients.account import NewTrace
from gateway.records.task import EVERY_KIND, NewTask, Task, TaskKind

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


class FixedClock:
    def now(self) -> datetime:
        return NOW

    def monotonic(self) -> float:
        return 0.0


class SteppingClock(FixedClock):
    """Moves only when a test says so."""

    seconds = 0.0

    def monotonic(self) -> float:
        return self.seconds


class TaskList:
    """Tasks in memory; remembers what became of each."""

    def __init__(self, tasks: list[Task]) -> None:
        self.due = tasks
        self.outcomes: dict[int, str] = {}
        self.later: dict[int, datetime] = {}
        self.back: list[int] = []
        self.kept: list[tuple[int, datetime]] = []
        self.lost: set[int] = set()
        self.lease: timedelta | None = None
        self.dead: set[int] = set()
        self.then: list[NewTask] = []
        self.acts: list[NewTrace] = []

    async def add(self, tasks: list[NewTask]) -> None:
        raise AssertionError

    async def claim(
        self,
        now: datetime,
        *,
        lease: timedelta,
        limit: int,
        kinds: Collection[TaskKind] = EVERY_KIND,
    ) -> list[Task]:
        self.lease = lease
        claimed = [one for one in self.due if one.kind in kinds][:limit]
        self.due = [one for one in self.due if one not in claimed]
        return claimed

    async def settle(
        self,
        task: Task,
        *,
        outcome: str,
        at: datetime,
        dead: bool = False,
        then: Sequence[NewTask] = (),
        acts: Sequence[NewTrace] = (),
    ) -> None:
        self.acts += acts
        self.outcomes[task.id] = outcome
        self.dead |= {task.id} if dead else set()
        self.then += then

    async def postpone(
        self, task: Task, *, due_at: datetime, reason: str, unheard: bool = False
    ) -> None:
        self.later[task.id] = due_at

    async def keep(self, task: Task, *, until: datetime) -> bool:
        self.kept.append((task.id, until))
        return task.id not in self.lost

    async def hand_back(self, tasks: Sequence[Task], *, at: datetime) -> None:
        self.back += [task.id for task in tasks]

    async def depth(self) -> dict[TaskKind, int]:
        return {}


def task(number: int, kind: TaskKind = TaskKind.MAIL, *, attempts: int = 1, days: int = 0) -> Task:
    return Task(
        id=number,
        kind=kind,
        subject="r1",
        patient=None,
        payload=json.dumps({"notice": "new_document"}).encode(),
        attempts=attempts,
        created_at=NOW - timedelta(days=days),
    )
