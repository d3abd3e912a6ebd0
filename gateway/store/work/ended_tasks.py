"""Tasks that are over and that nobody asks about any more: sent long ago, or dead and given up.

They are walked in the order they were made, some at a time, for no index names them by their end.
"""

from datetime import datetime

from sqlalchemy import delete, func, select

from gateway.records.task import TaskKind
from gateway.store import schema
from gateway.store.columns import micros
from gateway.store.reach import Reach

T = schema.task
LOOKED_AT = 1_000
"""Tasks of one step."""
PROOFS = (TaskKind.BUSINESS_ACK.value, TaskKind.FORWARD.value)
"""What they sent is told nowhere else, and an answer finds by them what it answers: they stay. Of a
mail or a notice the access log tells."""


class DatabaseEndedTasks:
    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._after = 0

    async def drop(self, *, settled_by: datetime) -> bool:
        """One step; false at the end, and the next one begins anew. A dead letter stays until a
        person gave it up."""
        at, first = micros(settled_by), self._after
        made_at = func.coalesce(T.c.made_at, T.c.created_at).label("made_at")
        step = select(T.c.id, made_at).where(T.c.id > first).order_by(T.c.id).limit(LOOKED_AT)
        some = step.subquery().c
        ends = select(func.max(some.id), func.min(some.made_at))
        last, oldest = await self._reach.read(lambda c: tuple(c.execute(ends).one()))
        if last is None or oldest > at:  # all that follow were made since
            self._after = 0
            return False
        self._after = last
        here = T.c.id.between(first + 1, last)
        over = (T.c.settled_at <= at) & T.c.dead_at.is_(None) & T.c.kind.not_in(PROOFS)
        if await self._reach.read(lambda c: c.scalar(select(T.c.id).where(here, over).limit(1))):
            ended = delete(T).where(here, over)
            await self._reach.write(lambda connection: connection.execute(ended).rowcount)
        return True
