"""What is still to be done, and who carries it away."""

from datetime import datetime, timedelta
from typing import Protocol

from gateway.records.task import NewTask, Task, TaskKind


class Tasks(Protocol):
    async def add(self, tasks: list[NewTask]) -> None: ...

    async def claim(self, now: datetime, *, lease: timedelta, limit: int) -> list[Task]:
        """Takes what is due and hides it until the lease ends; a dead worker's task comes back."""

    async def settle(self, task: Task, *, outcome: str, at: datetime) -> None: ...

    async def postpone(self, task: Task, *, due_at: datetime, reason: str) -> None: ...

    async def depth(self) -> dict[TaskKind, int]:
        """Unsettled tasks by kind, for the metrics."""


class Outbox(Protocol):
    """SMS, e-mail and letters on their way to a person (VAULT GEN-05)."""

    async def send(
        self, *, channel: str, to: str, template: str, lang: str, subject: str, body: str
    ) -> None: ...
