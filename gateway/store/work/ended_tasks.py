"""Tasks that are over and that nobody asks about any more: sent long ago, or dead and given up;
with what was sent on by HL7 go the business answers that came back for it.

They are walked in the order they were made, some at a time, for no index names them by their end.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, func, select

from gateway.records.task import TaskKind
from gateway.store import schema
from gateway.store.columns import micros
from gateway.store.reach import Reach

T, A = schema.task, schema.business_ack
LOOKED_AT = 1_000
"""Tasks of one step."""
PROOFS = (TaskKind.BUSINESS_ACK.value, TaskKind.FORWARD.value)
"""What they sent is told nowhere else, and an answer finds by them what it answers: they stay
longer. Of a mail or a notice the access log tells."""


class DatabaseEndedTasks:
    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._after = 0

    async def drop(self, *, settled_by: datetime, sent_by: datetime) -> bool:
        """One step; false at the end, and the next one begins anew. A dead letter stays until a
        person gave it up; a proof that something was sent goes where it ended before `sent_by`."""
        at, first = max(micros(settled_by), micros(sent_by)), self._after
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
        is_over = (T.c.settled_at <= micros(settled_by)) & T.c.kind.not_in(PROOFS)
        is_proved = (T.c.settled_at <= micros(sent_by)) & T.c.kind.in_(PROOFS)
        over = here & T.c.dead_at.is_(None) & (is_over | is_proved)
        if await self._reach.read(lambda c: c.scalar(select(T.c.id).where(over).limit(1))):
            await self._reach.write(lambda connection: _drop(connection, over, micros(sent_by)))
        return True


def _drop(connection: Connection, over: ColumnElement[bool], sent_by: int) -> None:
    ended = connection.execute(delete(T).where(over).returning(T.c.kind, T.c.subject)).all()
    originals = {row.subject for row in ended if row.kind in PROOFS}
    if originals:
        answers = A.c.original.in_(originals) & (A.c.at <= sent_by)
        connection.execute(delete(A).where(answers))
