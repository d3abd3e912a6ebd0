"""What could not be delivered: dead letters, what is tried again, and how a person ends them."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, select, update

from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import DESK
from gateway.records.task import Undelivered
from gateway.store import schema
from gateway.store.log import traces
from gateway.store.reach import Reach
from gateway.store.work import lanes
from gateway.store.work.rows import payload_of
from gateway.store.work.task_desk import SHOWN, due_again, line_of

T = schema.task
READ = (*SHOWN, T.c.patient, T.c.sealed)
ABANDONED = "abandoned: "


class DatabaseLetters:
    """The port `Letters`."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach

    async def failed(self, *, limit: int) -> list[Undelivered]:
        dead = select(*READ).where(T.c.dead_at.is_not(None))
        return await self._found(dead.order_by(T.c.dead_at.desc(), T.c.id.desc()).limit(limit))

    async def again(self, *, among: int, limit: int) -> list[Undelivered]:
        alone = select(T.c.id).where(schema.ALONE).order_by(T.c.due_at).limit(among)
        due = T.c.id.in_(select(alone.subquery().c.id)) | T.c.id.in_(lanes.heads())
        failed = select(*READ).where(due, T.c.settled_at.is_(None), T.c.reason.is_not(None))
        return await self._found(failed.order_by(T.c.due_at, T.c.id).limit(limit))

    async def one(self, number: int) -> Undelivered | None:
        dead = select(*READ).where(T.c.id == number, T.c.dead_at.is_not(None))
        return next(iter(await self._found(dead)), None)

    async def retry(self, number: int, now: datetime, act: NewTrace) -> bool:
        return await self._end(number, due_again(now), act)

    async def abandon(self, number: int, act: NewTrace) -> bool:
        return await self._end(
            number, {"dead_at": None, "outcome": ABANDONED + func.coalesce(T.c.outcome, "")}, act
        )

    async def _end(self, number: int, values: dict[str, Any], act: NewTrace) -> bool:
        """Whoever comes second, on whatever node, finds no dead letter any more."""
        dead = (T.c.id == number) & T.c.dead_at.is_not(None)
        ended = update(T).where(dead).values(**values)

        def work(connection: Connection) -> bool:
            if connection.execute(ended).rowcount != 1:
                return False
            traces.add(connection, self._reach.clock.now(), [act])
            return True

        return await self._reach.write(work)

    async def _found(self, query: Select[Any]) -> list[Undelivered]:
        def work(connection: Connection) -> list[Undelivered]:
            rows = connection.execute(query).all()
            ciphers, _ = self._reach.keyring.sound(connection, [row.patient for row in rows])
            return [
                Undelivered(
                    line=line_of(row), payload=payload_of(row, ciphers.get(row.patient or DESK))
                )
                for row in rows
            ]

        return await self._reach.read(work)
