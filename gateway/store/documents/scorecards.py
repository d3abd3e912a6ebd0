"""What senders sent, counted from plain columns; codes of findings out of the newest seals."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Subquery, func, select

from gateway.records.intake.filing import Door
from gateway.records.intake.finding import Verdict
from gateway.records.intake.scorecard import Noticed, Sent
from gateway.store import schema
from gateway.store.columns import instant, micros
from gateway.store.documents.packed import packed_receipt
from gateway.store.engine.statements import select_in
from gateway.store.keys.keyring import DESK
from gateway.store.reach import Reach

T = schema.receipt
ACCEPT = Verdict.ACCEPT.value


class DatabaseScorecards:
    """The port `Scorecards`. Numbers rise with time, so the newest are found by their own key."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach

    async def sent(self, since: datetime, *, among: int) -> tuple[list[Sent], bool]:
        newest = _newest(among)
        n = newest.c
        alike = (n.sender, n.door, n.format, n.verdict)
        query = select(*alike, func.count().label("count"), func.max(n.at).label("last"))
        query = query.where(n.at >= micros(since)).group_by(*alike)
        behind = select(T.c.at).order_by(T.c.number.desc()).offset(among).limit(1)

        def work(connection: Connection) -> tuple[list[Sent], bool]:
            older = connection.scalar(behind)
            found = [_sent(row) for row in connection.execute(query)]
            return found, older is not None and older >= micros(since)

        return await self._reach.read(work)

    async def noticed(self, since: datetime, *, among: int, each: int) -> list[Noticed]:
        n = _newest(among).c
        recent = select(n.number).where(n.at >= micros(since)).order_by(n.number.desc())
        halves = (n.verdict == ACCEPT, n.verdict != ACCEPT)

        def work(connection: Connection) -> list[Noticed]:
            numbers = [
                number
                for half in halves
                for number in connection.scalars(recent.where(half).limit(each))
            ]
            return self._opened(connection, numbers)

        return await self._reach.read(work)

    def _opened(self, connection: Connection, numbers: list[int]) -> list[Noticed]:
        """Of erased persons, and of damaged rows' keys, nothing."""
        rows = select_in(connection, T, "number id patient sender sealed", "number", numbers)
        ciphers, _ = self._reach.keyring.sound(connection, [row.patient for row in rows])
        return [
            Noticed(receipt=row.id, sender=row.sender, codes=codes)
            for row in sorted(rows, key=lambda row: int(row.number), reverse=True)
            if (owner := row.patient or DESK) in ciphers and (codes := _codes(row, ciphers[owner]))
        ]


def _newest(among: int) -> Subquery:
    plain: tuple[ColumnElement[Any], ...] = (
        T.c.number,
        T.c.sender,
        T.c.door,
        T.c.format,
        T.c.verdict,
        T.c.at,
    )
    return select(*plain).order_by(T.c.number.desc()).limit(among).subquery("newest")


def _codes(row: Any, cipher: Any) -> tuple[str, ...]:  # a row of receipts and its AESGCM
    answer = packed_receipt(row, cipher).answer
    return tuple(dict.fromkeys(one.code for one in answer.findings))


def _sent(row: Any) -> Sent:  # one group
    return Sent(
        sender=row.sender,
        door=Door(row.door),
        format=row.format,
        verdict=Verdict(row.verdict),
        count=row.count,
        last=instant(row.last),
    )
