"""What waits, counted by kind and by lane: of each task only when and how often it is tried."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, select

from gateway.records.task import Queue, TaskKind
from gateway.store import schema
from gateway.store.columns import instant, micros
from gateway.store.reach import Reach
from gateway.store.work.lanes import KNOWN

T = schema.task

AnyRow = Any  # a row of what is counted
Columns = Any  # those of tasks, or of a question about tasks


class DatabaseQueues:
    """The port `Queues`."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach

    async def lanes(self, now: datetime) -> list[Queue]:
        """Counted in the index of lanes alone, then one row a lane: its head."""
        lane = select(T.c.lane, func.count().label("size"), func.min(T.c.id).label("head"))
        waiting = lane.where(schema.IN_A_LANE).group_by(T.c.lane).subquery("waiting")
        query = (
            select(
                T.c.kind,
                T.c.lane,
                waiting.c.size,
                T.c.created_at.label("oldest"),
                T.c.due_at.label("next_due"),
                case((in_hand(T.c, now), 1), else_=0).label("taken"),
                T.c.attempts.label("tries"),
            )
            .join(waiting, T.c.id == waiting.c.head)
            .where(KNOWN)
            .order_by(T.c.lane)
        )
        return await self._reach.read(lambda c: _queues(c, query))

    async def kinds(self, now: datetime, *, most: int) -> tuple[list[Queue], bool]:
        first = (
            select(T.c.kind, T.c.created_at, T.c.due_at, T.c.attempts, T.c.reason)
            .where(schema.ALONE, KNOWN)
            .order_by(T.c.due_at)
            .limit(most + 1)
            .subquery("first")
        )
        f = first.c
        query = (
            select(
                f.kind,
                func.count().label("size"),
                func.min(f.created_at).label("oldest"),
                func.min(f.due_at).label("next_due"),
                func.sum(case((in_hand(f, now), 1), else_=0)).label("taken"),
                func.max(f.attempts).label("tries"),
            )
            .group_by(f.kind)
            .order_by(f.kind)
        )
        found = await self._reach.read(lambda c: _queues(c, query))
        return found, sum(one.size for one in found) > most


def in_hand(of: Columns, now: datetime) -> ColumnElement[bool]:
    """Somebody has it until its lease ends: it was tried, is not due, and was not put off (whoever
    claims a task clears the reason of the try before)."""
    return and_(of.attempts > 0, of.reason.is_(None), of.due_at > micros(now))


def _queues(connection: Connection, query: Select[Any]) -> list[Queue]:
    return [_queue(row) for row in connection.execute(query)]


def _queue(row: AnyRow) -> Queue:
    return Queue(
        kind=TaskKind(row.kind),
        lane=getattr(row, "lane", None),
        size=row.size,
        oldest=instant(row.oldest),
        next_due=instant(row.next_due),
        taken=int(row.taken),
        tries=row.tries,
    )
