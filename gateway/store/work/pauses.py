"""Lanes that a person has paused: nothing of them is claimed, on whatever node, until they resume.

A row stays after that: patience with what waits there counts from when it was resumed.
"""

from datetime import datetime

import orjson
from sqlalchemy import Connection, and_, func, or_, select, update

from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import DESK
from gateway.records.task import MAIL_LANE, Pause
from gateway.store import schema
from gateway.store.columns import instant, micros
from gateway.store.engine.statements import insert_or_change
from gateway.store.keys.sealing import bound, seal, unseal
from gateway.store.log import traces
from gateway.store.reach import Reach
from gateway.store.work import lanes

P, T = schema.lane_pause, schema.task


class DatabasePauses:
    """The port `Pauses`."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach

    async def paused(self) -> list[Pause]:
        query = select(P.c.lane, P.c.since, P.c.sealed).where(lanes.PAUSED).order_by(P.c.lane)

        def work(connection: Connection) -> list[Pause]:
            rows = connection.execute(query).all()
            cipher = self._reach.keyring.opening(connection, [DESK]).get(DESK)
            return [
                Pause(lane=row.lane, since=instant(row.since), **orjson.loads(said))
                for row in rows
                if cipher and (said := unseal(cipher, row.sealed, _bound(row.lane)))
            ]

        return await self._reach.read(work)

    async def pause(self, lane: str, now: datetime, *, by: str, reason: str, act: NewTrace) -> bool:
        said = orjson.dumps({"by": by, "reason": reason})

        def work(connection: Connection) -> bool:
            cipher = self._reach.keyring.sealing(connection, [DESK])[DESK]
            values = {
                "lane": lane,
                "since": micros(now),
                "sealed": seal(cipher, said, _bound(lane)),
            }
            if not insert_or_change(connection, P, values, only=P.c.since.is_(None)):
                return False
            traces.add(connection, self._reach.clock.now(), [act])
            return True

        return await self._reach.write(work)

    async def resume(self, lane: str, now: datetime, act: NewTrace) -> bool:
        """Its head is due at once, unless somebody has it in hand; of mails each one."""
        ours = (P.c.lane == lane) & lanes.PAUSED
        ended = {"since": None, "resumed_at": micros(now), "sealed": None}
        first = select(func.min(T.c.id)).where(schema.IN_A_LANE, T.c.lane == lane)
        put_off = or_(T.c.attempts == 0, T.c.reason.is_not(None)) & (T.c.due_at > micros(now))
        mails = and_(schema.ALONE, lanes.IS_MAIL, T.c.reason.is_not(None))
        theirs = mails if lane == MAIL_LANE else T.c.id == first.scalar_subquery()
        head = update(T).where(theirs, put_off)

        def work(connection: Connection) -> bool:
            if connection.execute(update(P).where(ours).values(**ended)).rowcount != 1:
                return False
            connection.execute(head.values(due_at=micros(now)))
            traces.add(connection, self._reach.clock.now(), [act])
            return True

        return await self._reach.write(work)


def _bound(lane: str) -> bytes:
    return bound(b"lane-pause", DESK, lane.encode())
