"""What senders sent and what was noticed about it, counted from plain columns, no seal opened."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from gateway.records.intake.filing import Door
from gateway.records.intake.finding import Verdict
from gateway.records.intake.scorecard import Noticed, Sent, wire_in
from gateway.store import schema
from gateway.store.columns import instant
from gateway.store.documents.receipts.newest import goes_on, newest
from gateway.store.engine.statements import select_in
from gateway.store.reach import Reach

T = schema.receipt
PLAIN: tuple[ColumnElement[Any], ...] = (
    T.c.number,
    T.c.sender,
    T.c.door,
    T.c.format,
    T.c.verdict,
    T.c.at,
    T.c.codes,
    T.c.wire,
)


class DatabaseScorecards:
    """The port `Scorecards`."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach

    async def sent(
        self, since: datetime, until: datetime, *, among: int
    ) -> tuple[list[Sent], bool]:
        n = newest(*PLAIN, since=since, until=until, limit=among).c
        alike = (n.sender, n.door, n.format, n.verdict, n.wire)
        query = select(*alike, func.count().label("count"), func.max(n.at).label("last"))
        query = query.group_by(*alike)

        def work(connection: Connection) -> tuple[list[Sent], bool]:
            found = [_sent(row) for row in connection.execute(query)]
            return found, goes_on(connection, since=since, until=until, limit=among)

        return await self._reach.read(work)

    async def noticed(self, since: datetime, until: datetime, *, among: int) -> list[Noticed]:
        n = newest(*PLAIN, since=since, until=until, limit=among).c
        last = func.max(n.number).label("last")
        query = select(n.sender, n.codes, func.count().label("many"), last)
        query = query.where(n.codes != "").group_by(n.sender, n.codes)

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
