"""How much came in each part of a time, by sender: from plain columns, no seal opened."""

from datetime import datetime

from sqlalchemy import Connection, func, select

from gateway.records.intake.messages import Beat
from gateway.store import schema
from gateway.store.columns import micros
from gateway.store.documents.receipts.newest import newest

T = schema.receipt


def beats(
    connection: Connection, since: datetime, until: datetime, *, parts: int, limit: int
) -> list[Beat]:
    """Of the newest `limit` that came from `since` on and before `until`."""
    begin, end = micros(since), micros(until)
    width = max(1, -(-(end - begin) // parts))
    one = newest(T.c.sender, T.c.at, since=since, until=until, limit=limit).c
    part = ((one.at - begin) // width).label("part")
    query = select(one.sender, part, func.count().label("many")).group_by(one.sender, part)
    return [
        Beat(sender=row.sender, part=row.part, count=row.many) for row in connection.execute(query)
    ]
