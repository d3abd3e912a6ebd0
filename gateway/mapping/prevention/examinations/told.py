"""When prevention speaks up (AGE-07): at the opening of a period and at two thirds, by day."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from gateway.mapping.prevention.examinations.lines import Line, State
from gateway.records.days import wall_of
from gateway.records.duration import PARIS

FIRST_HOUR, LAST_HOUR = time(9), time(20)
"""Between these, on the clocks of Paris; the second not included."""
LOOKED_EVERY = timedelta(days=30)
"""A person is looked at anew so often at least: tables, and what is recorded, change."""


def is_hour(now: datetime) -> bool:
    """Whether people may be told anything now."""
    return FIRST_HOUR <= wall_of(now).time() < LAST_HOUR


def moments_of(line: Line) -> tuple[datetime, ...]:
    """When a line is told of, the first first; what has no end is told of once."""
    days = [line.opens]
    if line.closes is not None:
        lasts = line.closes - line.opens + timedelta(days=1)
        days.append(line.opens + timedelta(days=lasts.days * 2 // 3))
    return tuple(_morning(day) for day in dict.fromkeys(days))


def due_between(lines: Iterable[Line], since: datetime, now: datetime) -> list[Line]:
    """Lines under way with a moment after `since` that is not in the future; none that nobody
    wants to be told of, and each once, however many of its moments went by."""
    return [
        one
        for one in lines
        if not one.silent
        and one.state is State.PLANNED
        and (one.closes is None or wall_of(now).date() <= one.closes)
        and any(since < at <= now for at in moments_of(one))
    ]


def next_look(lines: Iterable[Line], now: datetime) -> datetime:
    """The next moment of any of them, or when the person is looked at anew anyway."""
    ahead = (at for one in lines for at in moments_of(one) if at > now)
    return min((*ahead, now + LOOKED_EVERY))


def _morning(day: date) -> datetime:
    return datetime.combine(day, FIRST_HOUR, PARIS)
