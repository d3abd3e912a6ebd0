"""Dates of a FHIR search as spans of time (R4 search, prefixes of a date).

A date of less precision is as long as its year, month or day; what has no offset is of Paris, where
this server and its days are (R4: the server's local time).
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple

from gateway.records.duration import PARIS

DATE = re.compile(
    r"\d{4}(-\d\d(-\d\d(T([01]\d|2[0-3]):\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?)?)?", re.ASCII
)
"""R4, dateTime: there is no 24:00."""
DATE_PREFIXES = ("eq", "ne", "gt", "lt", "ge", "le", "sa", "eb")
FIRST, LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
KEPT_SPANS = 4096


class Span(NamedTuple):
    """From `start`, inclusive, to `end`, exclusive."""

    start: datetime
    end: datetime


@lru_cache(maxsize=KEPT_SPANS)
def span_of(text: str) -> Span:
    """Raises ValueError or OverflowError for what is no date of the calendar."""
    if not DATE.fullmatch(text):
        raise ValueError(text)
    if "T" not in text:
        return _days(text)
    at = datetime.fromisoformat(text)
    start = (at if at.tzinfo else at.replace(tzinfo=PARIS)).astimezone(UTC)
    by_second = text.count(":", 0, 19) > 1
    length = timedelta(seconds=1) if by_second else timedelta(minutes=1)
    return Span(start, start + (timedelta(milliseconds=1) if "." in text else length))


def _days(text: str) -> Span:
    first = date.fromisoformat(f"{text}-01-01"[:10])
    try:
        match len(text):
            case 4:
                after = first.replace(year=first.year + 1)
            case 7:
                after = (first + timedelta(days=31)).replace(day=1)
            case _:
                after = first + timedelta(days=1)
    except (ValueError, OverflowError):
        return Span(_midnight(first), LAST)
    return Span(_midnight(first), _midnight(after))


def _midnight(day: date) -> datetime:
    try:
        return datetime.combine(day, time(), PARIS).astimezone(UTC)
    except OverflowError:
        return FIRST


def date_agrees(have: str, value: str, *, until: str = "") -> bool:
    """`have` alone, or a period from `have` to `until`; `value` is a date after its prefix.

    A period is equal by its start: XDS documents often have no other.
    """
    if not value:
        return True
    prefix, text = (value[:2], value[2:]) if value[:2] in DATE_PREFIXES else ("eq", value)
    try:
        mine, asked = span_of(have), span_of(text)
        end = max(mine.end, span_of(until).end) if until else mine.end
    except (ValueError, OverflowError):
        return False
    return _agrees(prefix, mine, end, asked)


def _agrees(prefix: str, mine: Span, end: datetime, asked: Span) -> bool:
    equal = asked.start <= mine.start and mine.end <= asked.end
    return {
        "eq": equal,
        "ne": not equal,
        "gt": end > asked.end,
        "lt": mine.start < asked.start,
        "ge": equal or end > asked.end,
        "le": equal or mine.start < asked.start,
        "sa": mine.start >= asked.end,
        "eb": end <= asked.start,
    }[prefix]
