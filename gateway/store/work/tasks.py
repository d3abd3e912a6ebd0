"""What is still to be done: due at a time, or settled with an outcome; never "doing"."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import structlog
from sqlalchemy import ColumnElement, Connection, Select, Update, bindparam, func, select, update

from gateway.clock import Clock
from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import DESK
from gateway.records.task import EVERY_KIND, NewTask, Task, TaskKind
from gateway.store import schema
from gateway.store.columns import instant_or_none, micros
from gateway.store.log import traces
from gateway.store.reach import Reach
from gateway.store.work import lanes
from gateway.store.work.rows import CLAIMED, add_tasks, payload_of, task_of

log = structlog.get_logger()

T = schema.task
Value = int | str | bytes | ColumnElement[int]
UNREADABLE = "unreadable"
"""The outcome of a task whose row, or whose person's key, is damaged."""

NEW = "new_"
AnyRow = Any  # a row of CLAIMED


class DatabaseTasks:
    """The ports `Tasks` and `LaneTasks`."""

    def __init__(self, reach: Reach, clock: Clock) -> None:
        self._reach = reach
        self._clock = clock

    async def add(self, tasks: list[NewTask]) -> None:
        at = self._clock.now()
        await self._reach.write(lambda c: add_tasks(c, self._reach.keyring, tasks, at))

    async def claim(
        self,
        now: datetime,
        *,
        lease: timedelta,
        limit: int,
        kinds: Collection[TaskKind] = EVERY_KIND,
    ) -> list[Task]:
        """A worker that dies lets its lease run out; nothing is asked where nothing is due."""
        due = select(T.c.id).where(*lanes.alone(now), lanes.among(frozenset(kinds)))
        first = due.order_by(T.c.due_at).limit(limit)
        if not await self._reach.read(lambda c: c.scalar(due.limit(1))):
            return []
        return await self._reach.write(lambda c: self._take(c, first, now, lease))

    async def claim_heads(self, now: datetime, *, lease: timedelta) -> list[Task]:
        """One task a lane at most: whoever holds its head holds the lane."""
        free = lanes.free_lanes(now)

        def work(connection: Connection) -> list[Task]:
            names = [row.lane for row in connection.execute(free)]
            return self._take_heads(connection, names, now, lease)

        if not await self._reach.read(lambda c: c.scalar(free.limit(1))):
            return []
        return await self._reach.write(work)

    def _take_heads(
        self, connection: Connection, names: Sequence[str], now: datetime, lease: timedelta
    ) -> list[Task]:
        ours = lanes.locked(connection, names)
        return self._take(connection, lanes.free_heads(ours, now), now, lease)

    def _take(
        self, connection: Connection, due: Select[tuple[int]], now: datetime, lease: timedelta
    ) -> list[Task]:
        # Of a row that another node changed since the statement began PostgreSQL asks the WHERE
        # again, and of that row alone: that it was the head of its lane does not say it still is.
        waiting = due.where(T.c.settled_at.is_(None)).with_for_update(skip_locked=True)
        # Without a reason and not due: that is what a task in hand looks like (`lanes`, `queues`).
        take = (
            update(T)
            .where(T.c.id.in_(waiting))
            .values(due_at=micros(now + lease), attempts=T.c.attempts + 1, reason=None)
            .returning(*CLAIMED)
        )
        rows = connection.execute(take).all()
        ciphers, damaged = self._reach.keyring.sound(connection, [row.patient for row in rows])
        resumed = lanes.resumed(connection, [lanes.lane_of(row) for row in rows])
        tasks = []
        for row in sorted(rows, key=lambda row: int(row.id)):
            owner = row.patient or DESK
            if owner not in ciphers and owner not in damaged:  # nobody is left to serve
                self._end(connection, row, now, {"outcome": "erased"})
                continue
            payload = payload_of(row, ciphers.get(owner))
            if payload is None:  # a dead letter: the others do not wait for it
                log.error("task.unreadable", task=row.id, kind=row.kind)
                self._end(connection, row, now, {"outcome": UNREADABLE, "dead_at": micros(now)})
                continue
            tasks.append(
                replace(task_of(row, payload), resumed_at=resumed.get(lanes.lane_of(row) or ""))
            )
        return tasks

    def _end(
        self, connection: Connection, row: AnyRow, now: datetime, values: dict[str, int | str]
    ) -> None:
        ended = update(T).where(T.c.id == row.id).values(settled_at=micros(now), **values)
        connection.execute(ended)

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
        """Does nothing when the lease ended and another worker took the task since."""

        def work(connection: Connection) -> None:
            if self._settle(connection, task, outcome, at, dead, then) and acts:
                traces.add(connection, at, acts)

        await self._reach.write(work)

    async def advance(
        self,
        task: Task,
        *,
        outcome: str,
        at: datetime,
        lease: timedelta,
        dead: bool = False,
        then: Sequence[NewTask] = (),
    ) -> Task | None:
        """None too when another worker took the task, and with it the lane."""

        def work(connection: Connection) -> Task | None:
            if not self._settle(connection, task, outcome, at, dead, then):
                return None
            taken = self._take_heads(connection, [task.lane or ""], at, lease)
            return taken[0] if taken else None

        return await self._reach.write(work)

    def _settle(
        self,
        connection: Connection,
        task: Task,
        outcome: str,
        at: datetime,
        dead: bool,  # noqa: FBT001 - the words of the port, handed on
        then: Sequence[NewTask],
    ) -> bool:
        values: dict[str, int | str] = {"settled_at": micros(at), "outcome": outcome}
        if dead:
            values["dead_at"] = micros(at)
        if not change_held(connection, task, values):
            return False
        add_tasks(connection, self._reach.keyring, then, at)
        return True

    async def postpone(
        self, task: Task, *, due_at: datetime, reason: str, unheard: bool = False
    ) -> None:
        values: dict[str, Value] = {"due_at": micros(due_at), "reason": reason}
        if not unheard:
            values["unsent"] = func.coalesce(T.c.unsent, 0) + 1
        await self._reach.write(lambda connection: change_held(connection, task, values))

    async def keep(self, task: Task, *, until: datetime) -> bool:
        values: dict[str, Value] = {"due_at": micros(until)}
        return await self._reach.write(lambda connection: change_held(connection, task, values))

    async def hand_back(self, tasks: Sequence[Task], *, at: datetime) -> None:
        """Does nothing of what another worker took since."""
        values: dict[str, Value] = {"due_at": micros(at), "attempts": T.c.attempts - 1}

        def work(connection: Connection) -> None:
            for task in tasks:
                change_held(connection, task, values)

        await self._reach.write(work)

    async def anything_due(self, now: datetime) -> bool:
        """Whether one that may leave in any order is due."""
        query = select(T.c.id).where(*lanes.alone(now)).limit(1)
        return await self._reach.read(lambda c: c.scalar(query) is not None)

    async def next_due(self, *, after: datetime) -> datetime | None:
        """When the next task falls due, of those that are not due yet."""
        query = select(func.min(T.c.due_at)).where(
            T.c.settled_at.is_(None), T.c.due_at > micros(after)
        )
        return await self._reach.read(lambda c: instant_or_none(c.scalar(query)))

    async def depth(self) -> dict[TaskKind, int]:
        """Each half by its own index: together they would read every task there ever was."""
        counted = select(T.c.kind, func.count()).where(lanes.KNOWN).group_by(T.c.kind)

        def work(connection: Connection) -> dict[TaskKind, int]:
            depth: Counter[TaskKind] = Counter()
            for half in (schema.ALONE, schema.IN_A_LANE):
                for kind, count in connection.execute(counted.where(half)):
                    depth[TaskKind(kind)] += count
            return dict(depth)

        return await self._reach.read(work)


def change_held(connection: Connection, task: Task, values: Mapping[str, Value]) -> bool:
    """False, and nothing is changed, where another worker took the task since."""
    told = {name: one for name, one in values.items() if not isinstance(one, ColumnElement)}
    change = _change(tuple(told))
    if len(told) < len(values):
        change = change.values({name: values[name] for name in values.keys() - told.keys()})
    bound = {NEW + name: one for name, one in told.items()}
    held = {"held": task.id, "tried": task.attempts}
    return connection.execute(change, bound | held).rowcount == 1


@cache
def _change(names: tuple[str, ...]) -> Update:
    """Built once: one for each task that is over would stay until the collector comes."""
    ours = (T.c.id == bindparam("held")) & (T.c.attempts == bindparam("tried"))
    change = update(T).where(ours, T.c.settled_at.is_(None))
    return change.values({name: bindparam(NEW + name) for name in names})
