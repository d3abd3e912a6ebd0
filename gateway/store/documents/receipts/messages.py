"""The envelopes of everything received, as the desk looks for them.

Each question looks at no more than the newest `limit` rows of its time, in the order of
`receipt_at`; a receipt's own number and a document's unique id have indexes of their own.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, select, true, tuple_

from gateway.records.intake.finding import Verdict
from gateway.records.intake.messages import Beat, Envelopes, Message, Place, Search, Tallies, Tally
from gateway.store import schema
from gateway.store.columns import instant, micros
from gateway.store.documents.filing.names import control_name, unique_name
from gateway.store.documents.receipts.newest import NEWEST_FIRST, goes_on, newest, within
from gateway.store.documents.receipts.one_message import ENVELOPE, envelopes, message_of
from gateway.store.documents.receipts.rhythm import beats
from gateway.store.keys.gateway_keys import Keys
from gateway.store.reach import Reach

T, D = schema.receipt, schema.document
MAX_OF_A_DOCUMENT = 1_000
"""Receipts of one unique id, the newest: its own, and those of a sender who sends it again and
again."""
Columns = Any  # those of a subquery, by name


class DatabaseMessages:
    """The port `Messages`."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._keyring = reach.keyring

    async def tallies(self, *, since: datetime, until: datetime, limit: int) -> Tallies:
        columns = (T.c.sender, T.c.verdict, T.c.codes, T.c.at)
        one = newest(*columns, since=since, until=until, limit=limit).c
        alike = (one.sender, one.verdict, one.codes)
        query = select(*alike, func.count().label("many"), func.max(one.at).label("last"))

        def work(connection: Connection) -> Tallies:
            rows = tuple(_tally(row) for row in connection.execute(query.group_by(*alike)))
            more = goes_on(connection, since=since, until=until, limit=limit)
            return Tallies(rows=rows, more=more)

        return await self._reach.read(work)

    async def beats(
        self, *, since: datetime, until: datetime, parts: int, limit: int
    ) -> list[Beat]:
        def work(connection: Connection) -> list[Beat]:
            return beats(connection, since, until, parts=parts, limit=limit)

        return await self._reach.read(work)

    async def page(
        self, search: Search, *, before: Place | None, rows: int, limit: int
    ) -> Envelopes:
        def work(connection: Connection) -> Envelopes:
            asked = _asked(connection, search, self._keyring.keys)
            looked, total = _counted(connection, asked.limit(limit), search, self._keyring.keys)
            asked = _before(asked, before)
            found = _places(connection, asked.limit(limit), search, self._keyring.keys, rows + 1)
            following = found[rows - 1] if len(found) > rows else _end(connection, asked, limit)
            numbers = [one.number for one in found[:rows]]
            return Envelopes(
                rows=envelopes(connection, self._keyring, T.c.number.in_(numbers)),
                total=total,
                following=following,
                more=looked >= limit,
            )

        return await self._reach.read(work)

    async def message(self, receipt: str) -> Message | None:
        query = select(*ENVELOPE).where(T.c.id == receipt)

        def work(connection: Connection) -> Message | None:
            row = connection.execute(query).one_or_none()
            return None if row is None else message_of(connection, self._keyring, row)

        return await self._reach.read(work)


def _asked(connection: Connection, search: Search, keys: Keys) -> Select[Any]:
    """The rows to look at, newest first, with no column that nothing is asked about: the fewer
    are read of each, the sooner it is done."""
    conditions = {
        "control_name": search.control_id,
        "sender": search.sender,
        "verdict": search.verdict,
        "codes": search.code,
        "format": search.format,
        "door": search.door,
    }
    names = {"at", "number", *(name for name, value in conditions.items() if value)}
    query = select(*(column for column in T.c if column.name in names))
    query = query.where(*within(search.since, search.until)).order_by(*NEWEST_FIRST)
    if search.receipt or search.unique_id:
        query = query.where(T.c.id.in_(_named(connection, search, keys)))
    return query


def _named(connection: Connection, search: Search, keys: Keys) -> list[str]:
    """Receipts by their own number, or by a document that they brought."""
    if not search.unique_id:
        return [search.receipt]
    name = unique_name(keys, search.unique_id)
    query = select(D.c.receipt).where(D.c.unique_name == name)
    newest_in = query.order_by(D.c.number.desc()).limit(MAX_OF_A_DOCUMENT)
    found = sorted(set(connection.scalars(newest_in)))
    return [one for one in found if search.receipt in ("", one)]


def _wanted(search: Search, keys: Keys, one: Columns) -> ColumnElement[bool]:
    """What a row must be."""
    wanted: list[ColumnElement[bool]] = [true()]
    if search.control_id:
        wanted.append(one.control_name == control_name(keys, search.control_id))
    if search.sender:
        wanted.append(_sent_by(search.sender, one.sender))
    if search.verdict is not None:
        wanted.append(one.verdict == search.verdict.value)
    if search.code:
        codes = " " + one.codes + " "
        wanted.append(codes.contains(f" {search.code} ", autoescape=True))
    if search.format:
        wanted.append(one.format == search.format)
    if search.door is not None:
        wanted.append(one.door == search.door.value)
    return and_(*wanted)


def _sent_by(sender: str, column: Columns) -> ColumnElement[bool]:
    made: ColumnElement[bool] = column == sender
    if sender.startswith("@"):
        made = column.endswith(sender, autoescape=True)
    elif sender.endswith("/"):
        made = column.startswith(sender, autoescape=True)
    return made


def _counted(
    connection: Connection, asked: Select[Any], search: Search, keys: Keys
) -> tuple[int, int]:
    """How many were looked at, and how many of them suit."""
    one = asked.subquery().c
    suits = func.sum(case((_wanted(search, keys, one), 1), else_=0))
    looked, total = connection.execute(select(func.count(one.number), suits)).one()
    return looked, int(total or 0)


def _before(asked: Select[Any], place: Place | None) -> Select[Any]:
    if place is None:
        return asked
    at = micros(place.at)
    return asked.where(T.c.at <= at, tuple_(T.c.at, T.c.number) < tuple_(at, place.number))


def _places(
    connection: Connection, asked: Select[Any], search: Search, keys: Keys, rows: int
) -> list[Place]:
    one = asked.subquery().c
    query = select(one.at, one.number).where(_wanted(search, keys, one))
    query = query.order_by(one.at.desc(), one.number.desc()).limit(rows)
    return [_place(row) for row in connection.execute(query)]


def _end(connection: Connection, asked: Select[Any], limit: int) -> Place | None:
    """The last that was looked at; None where there is none behind it."""
    query = asked.with_only_columns(T.c.at, T.c.number).offset(limit - 1).limit(2)
    found = connection.execute(query).all()
    return _place(found[0]) if len(found) == 2 else None


def _place(row: Any) -> Place:  # at and number of a receipt
    return Place(at=instant(row.at), number=row.number)


def _tally(row: Any) -> Tally:  # one group of the tallies
    return Tally(
        sender=row.sender,
        verdict=Verdict(row.verdict),
        codes=tuple((row.codes or "").split()),
        count=row.many,
        last=instant(row.last),
    )
