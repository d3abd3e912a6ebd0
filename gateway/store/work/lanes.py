"""Lanes as rows: which of them may move now, and by whom.

A task that is under way has no `reason`; one that was put off has one. The task under way is not
always the oldest of its lane: a dead letter that is tried again may be older, and so may a task
that another node committed late.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, exists, func, or_, select

from gateway.records.task import MAIL_LANE, MAILS, TaskKind
from gateway.store import schema
from gateway.store.columns import instant, micros

T, P = schema.task, schema.lane_pause
AnyRow = Any  # a row with kind and lane
PAUSED = P.c.since.is_not(None)
MAIL_KINDS = [one.value for one in MAILS]
IS_MAIL = T.c.kind.in_(MAIL_KINDS)
MAY_LEAVE = or_(
    T.c.kind.not_in(MAIL_KINDS),
    ~exists(select(P.c.lane).where(P.c.lane == MAIL_LANE, PAUSED).correlate(None)),
)
"""No mail while secure mail is paused."""
KNOWN = T.c.kind.in_([one.value for one in TaskKind])
"""Of a kind that this code can carry out. Tomorrow's code beside it, or before it where somebody
went back, leaves others: they wait, and nothing waits for them."""
LANES = 9
"""First key of these advisory locks of PostgreSQL; no other lock of ours has it."""


def free_lanes(now: datetime) -> Select[tuple[str]]:
    """The lanes whose head is due while no task of them is under way."""
    return select(T.c.lane).where(T.c.id.in_(heads()), *_may_move(now))


def alone(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """What is due of those that leave in any order; no mail while secure mail is paused."""
    return schema.ALONE, T.c.due_at <= micros(now), KNOWN, MAY_LEAVE


@cache
def among(kinds: frozenset[TaskKind]) -> ColumnElement[bool]:
    return T.c.kind.in_(sorted(kinds))


def lane_of(row: AnyRow) -> str | None:
    """By which name it is paused."""
    return MAIL_LANE if row.kind in MAIL_KINDS else row.lane


def free_heads(lanes: Iterable[str], now: datetime) -> Select[tuple[int]]:
    """The heads of those of `lanes` that may move."""
    first = select(func.min(T.c.id)).where(schema.IN_A_LANE)
    theirs = [first.where(T.c.lane == lane).correlate(None).scalar_subquery() for lane in lanes]
    return select(T.c.id).where(T.c.id.in_(theirs), *_may_move(now))


def locked(connection: Connection, lanes: Iterable[str]) -> list[str]:
    """Those of `lanes` that no other transaction has locked; they are ours until the commit.

    Lock first, then choose the task: only so does that question see what the transaction before
    us committed. SQLite has one writer at a time and needs no lock.
    """
    if connection.dialect.name == "sqlite":
        return list(lanes)
    return [
        lane
        for lane in lanes
        if connection.scalar(select(func.pg_try_advisory_xact_lock(LANES, func.hashtext(lane))))
    ]


@cache
def heads() -> Select[tuple[int]]:
    """The oldest unsettled task of each lane, found by going from lane to lane in the index:
    however many tasks wait in one, it costs one step.

    Built once: its aliases point at each other, and one built for each look at the lanes would stay
    in memory until the collector comes.
    """
    t, other = T.alias("waiting"), T.alias("after")
    first = select(func.min(T.c.lane).label("lane")).where(schema.IN_A_LANE)
    lanes = first.cte("lanes", recursive=True)
    waiting = other.c.settled_at.is_(None) & other.c.lane.is_not(None)
    after = select(func.min(other.c.lane)).where(other.c.lane > lanes.c.lane, waiting)
    lanes = lanes.union_all(select(after.scalar_subquery()).where(lanes.c.lane.is_not(None)))
    unsettled = t.c.settled_at.is_(None) & t.c.lane.is_not(None)
    head = select(func.min(t.c.id)).where(t.c.lane == lanes.c.lane, unsettled)
    return select(head.correlate(lanes).scalar_subquery()).where(lanes.c.lane.is_not(None))


def resumed(connection: Connection, names: Iterable[str | None]) -> dict[str, datetime]:
    """When those of these lanes that ever were paused were resumed last."""
    wanted = {name for name in names if name is not None}
    if not wanted:
        return {}
    query = select(P.c.lane, P.c.resumed_at).where(P.c.resumed_at.is_not(None))
    rows = connection.execute(query.where(P.c.lane.in_(wanted)))
    return {row.lane: instant(row.resumed_at) for row in rows}


def _may_move(now: datetime) -> tuple[ColumnElement[bool], ...]:
    busy = select(T.c.lane).where(schema.TRIED, T.c.due_at > micros(now)).correlate(None)
    paused = select(P.c.lane).where(PAUSED).correlate(None)
    return T.c.due_at <= micros(now), KNOWN, T.c.lane.not_in(busy), T.c.lane.not_in(paused)
