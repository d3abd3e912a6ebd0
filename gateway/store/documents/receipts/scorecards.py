"""What senders sent and what was noticed about it, counted from plain columns, no seal opened."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Subquery, func, select

from gateway.records.intake.filing import Door
from gateway.records.intake.finding import Verdict
from gateway.records.intake.scorecard import Noticed, Sent, wire_in
from gateway.store import schema
from gateway.store.columns import instant, micros
from gateway.store.engine.statements import select_in
from gateway.store.reach import Reach

T = schema.receipt


class DatabaseScorecards:
    """The port `Scorecards`. The newest inputs are those with the highest numbers, which are given
    as inputs are filed; one that is judged again gets a new number and keeps its hour."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach

    async def sent(self, since: datetime, *, among: int) -> tuple[list[Sent], bool]:
        newest = _newest(among)
        n = newest.c
        alike = (n.sender, n.door, n.format, n.verdict, n.wire)
        query = select(*alike, func.count().label("count"), func.max(n.at).label("last"))
        query = query.where(n.at >= micros(since)).group_by(*alike)
        behind = select(T.c.at).order_by(T.c.number.desc()).offset(among).limit(1)

        def work(connection: Connection) -> tuple[list[Sent], bool]:
            older = connection.scalar(behind)
            found = [_sent(row) for row in connection.execute(query)]
            return found, older is not None and older >= micros(since)

        return await self._reach.read(work)

    async def noticed(self, since: datetime, *, among: int) -> list[Noticed]:
        n = _newest(among).c
        last = func.max(n.number).label("last")
        query = select(n.sender, n.codes, func.count().label("many"), last)
        query = query.where(n.at >= micros(since), n.codes != "").group_by(n.sender, n.codes)

        def work(connection: Connection) -> list[Noticed]:
            found = sorted(connection.execute(query), key=lambda row: int(row.last), reverse=True)
            numbers = [row.last for row in found]
            receipts = dict(map(tuple, select_in(connection, T, "number id", "number", numbers)))
            return [
                Noticed(
                    receipt=receipts[row.last],
                    sender=row.sender,
                    codes=tuple(row.codes.split()),
                    count=row.many,
                )
                for row in found
            ]

        return await self._reach.read(work)


def _newest(among: int) -> Subquery:
    plain: tuple[ColumnElement[Any], ...] = (
        T.c.number,
        T.c.sender,
        T.c.door,
        T.c.format,
        T.c.verdict,
        T.c.at,
        T.c.codes,
        T.c.wire,
    )
    return select(*plain).order_by(T.c.number.desc()).limit(among).subquery("newest")


def _sent(row: Any) -> Sent:  # one group
    return Sent(
        sender=row.sender,
        door=Door(row.door),
        format=row.format,
        verdict=Verdict(row.verdict),
        count=row.count,
        last=instant(row.last),
        wire=wire_in(row.wire),
    )
