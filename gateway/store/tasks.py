"""What is still to be done: due at a time, or settled with an outcome; never "doing"."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select, update

from gateway.clock import Clock
from gateway.records.patient import PatientKey
from gateway.records.task import NewTask, Task, TaskKind
from gateway.store import schema
from gateway.store.columns import instant, micros
from gateway.store.keyring import DESK
from gateway.store.reach import Reach
from gateway.store.rows import TASK, task_row
from gateway.store.sealing import bound, unseal
from gateway.store.statements import insert_many

T = schema.task


class DatabaseTasks:
    """The port `Tasks`."""

    def __init__(self, reach: Reach, clock: Clock) -> None:
        self._reach = reach
        self._clock = clock

    async def add(self, tasks: list[NewTask]) -> None:
        at = micros(self._clock.now())

        def work(connection: Connection) -> None:
            ciphers = self._reach.keyring.sealing(connection, [task.patient for task in tasks])
            rows = [task_row(task, ciphers, at) for task in tasks]
            insert_many(connection, T, TASK, rows)

        await self._reach.write(work)

    async def claim(self, now: datetime, *, lease: timedelta, limit: int) -> list[Task]:
        """A worker that dies lets its lease run out; nothing is asked where nothing is due."""
        due = (T.c.due_at <= micros(now)) & T.c.settled_at.is_(None)
        if not await self._reach.read(lambda c: c.scalar(select(T.c.id).where(due).limit(1))):
            return []
        return await self._reach.write(lambda c: self._claim(c, now, lease=lease, limit=limit))

    def _claim(
        self, connection: Connection, now: datetime, *, lease: timedelta, limit: int
    ) -> list[Task]:
        due = (
            select(T.c.id)
            .where(T.c.due_at <= micros(now), T.c.settled_at.is_(None))
            .order_by(T.c.due_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        take = (
            update(T)
            .where(T.c.id.in_(due))
            .values(due_at=micros(now + lease), attempts=T.c.attempts + 1)
            .returning(
                T.c.id,
                T.c.kind,
                T.c.subject,
                T.c.patient,
                T.c.sealed,
                T.c.attempts,
                T.c.created_at,
            )
        )
        rows = connection.execute(take).all()
        ciphers = self._reach.keyring.opening(connection, [row.patient for row in rows])
        tasks = []
        for row in sorted(rows, key=lambda row: int(row.id)):
            owner = row.patient or DESK
            if owner not in ciphers:  # the person was erased: there is nobody to serve
                settled = {"settled_at": micros(now), "outcome": "erased"}
                connection.execute(update(T).where(T.c.id == row.id).values(**settled))
                continue
            associated = bound(b"task", owner, row.subject.encode())
            tasks.append(
                Task(
                    id=row.id,
                    kind=TaskKind(row.kind),
                    subject=row.subject,
                    patient=PatientKey(row.patient) if row.patient else None,
                    payload=unseal(ciphers[owner], row.sealed, associated),
                    attempts=row.attempts,
                    created_at=instant(row.created_at),
                )
            )
        return tasks

    async def settle(self, task: Task, *, outcome: str, at: datetime) -> None:
        """Does nothing when the lease ended and another worker took the task since."""
        await self._change(task, {"settled_at": micros(at), "outcome": outcome})

    async def postpone(self, task: Task, *, due_at: datetime, reason: str) -> None:
        await self._change(task, {"due_at": micros(due_at), "reason": reason})

    async def depth(self) -> dict[TaskKind, int]:
        query = select(T.c.kind, func.count()).where(T.c.settled_at.is_(None)).group_by(T.c.kind)

        def work(connection: Connection) -> dict[TaskKind, int]:
            return {TaskKind(kind): count for kind, count in connection.execute(query)}

        return await self._reach.read(work)

    async def _change(self, task: Task, values: dict[str, int | str]) -> None:
        ours = (T.c.id == task.id) & (T.c.attempts == task.attempts) & T.c.settled_at.is_(None)

        def work(connection: Connection) -> None:
            connection.execute(update(T).where(ours).values(**values))

        await self._reach.write(work)
