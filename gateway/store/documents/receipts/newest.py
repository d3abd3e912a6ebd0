"""Which inputs are counted, wherever they are: those of a time, the newest by the hour they came.

One that is judged again keeps its hour and gets a new number: only hours tell which are new.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Subquery, select

from gateway.store import schema
from gateway.store.columns import micros

T = schema.receipt
NEWEST_FIRST = (T.c.at.desc(), T.c.number.desc())


def within(since: datetime | None, until: datetime | None) -> list[ColumnElement[bool]]:
    """From `since` on and before `until`; None has no end."""
    begun = [T.c.at >= micros(since)] if since is not None else []
    return begun + ([T.c.at < micros(until)] if until is not None else [])


def newest(*columns: Any, since: datetime, until: datetime, limit: int) -> Subquery:
    asked = select(*columns).where(*within(since, until)).order_by(*NEWEST_FIRST)
    return asked.limit(limit).subquery()


def goes_on(connection: Connection, *, since: datetime, until: datetime, limit: int) -> bool:
    """Whether that time holds more than the `limit` that are counted."""
    behind = select(T.c.at).where(*within(since, until)).order_by(T.c.at.desc())
    return connection.scalar(behind.offset(limit).limit(1)) is not None
