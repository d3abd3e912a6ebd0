"""Tasks as an operator looks at them: what waits, what failed, and once more."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, update

from gateway.records.patients.account import NewTrace
from gateway.records.task import TaskKind, TaskLine, kind_named
from gateway.store import schema
from gateway.store.columns import instant, instant_or_none, micros
from gateway.store.log import traces
from gateway.store.reach import Reach

T = schema.task
SHOWN = (
    T.c.id,
    T.c.kind,
    T.c.subject,
    T.c.lane,
    T.c.attempts,
    T.c.created_at,
    T.c.due_at,
    T.c.settled_at,
    T.c.outcome,
    T.c.reason,
    T.c.dead_at,
)

AnyRow = Any  # a row of SHOWN
Told = Callable[[int], NewTrace]
"""What the log says of a task that is due again."""


class DatabaseTaskDesk:
    """What `gateway task` sees and does of tasks; no flow asks it."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach

    async def lines(
        self,
        *,
        dead: bool = False,
        subject: str | None = None,
        kinds: Sequence[TaskKind] = (),
        limit: int = 100,
    ) -> list[TaskLine]:
        """Newest first: what waits; the dead with `dead`, and everything of a subject."""
        query = select(*SHOWN).order_by(T.c.id.desc()).limit(limit)
        if subject is not None:
            query = query.where(T.c.subject == subject)
        if kinds:
            query = query.where(T.c.kind.in_([one.value for one in kinds]))
        if dead:
            query = query.where(T.c.dead_at.is_not(None))
        elif subject is None:
            query = query.where(T.c.settled_at.is_(None))
        return await self._reach.read(lambda c: [line_of(row) for row in c.execute(query).all()])

    async def retry(
        self, numbers: Sequence[int], now: datetime, *, told: Told | None = None
    ) -> list[int]:
        """Makes settled tasks due again, with fresh patience; the numbers of those it did. `told`
        is what the log says of each, in the same commit. A task that is not settled waits already:
        it is left as it is, and nothing is told."""
        statement = (
            update(T)
            .where(T.c.id.in_(numbers), T.c.settled_at.is_not(None))
            .values(**due_again(now))
            .returning(T.c.id)
        )

        def work(connection: Connection) -> list[int]:
            done = sorted(connection.scalars(statement).all())
            if told is not None:
                traces.add(connection, self._reach.clock.now(), [told(one) for one in done])
            return done

        return await self._reach.write(work)


def line_of(row: AnyRow) -> TaskLine:
    return TaskLine(
        id=row.id,
        kind=kind_named(row.kind),
        subject=row.subject,
        lane=row.lane,
        attempts=row.attempts,
        created_at=instant(row.created_at),
        due_at=instant(row.due_at),
        settled_at=instant_or_none(row.settled_at),
        outcome=row.outcome,
        reason=row.reason,
        dead=row.dead_at is not None,
    )


def due_again(now: datetime) -> dict[str, Any]:
    """The columns of a task that begins anew, of fresh patience."""
    at, made_at = micros(now), func.coalesce(T.c.made_at, T.c.created_at)
    anew = {"due_at": at, "created_at": at, "attempts": 0, "made_at": made_at}
    return anew | dict.fromkeys(("settled_at", "outcome", "reason", "dead_at", "unsent"))
