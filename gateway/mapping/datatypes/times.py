"""HL7 time stamps (TS, DTM) of messages, CDA and slots of XDS as ISO 8601 in UTC, precision kept.

`20200319111700+0100` is `2020-03-19T10:17:00Z`; a date stays a date; without an offset the
digits are taken as they are (CDA.md section 5), six of a fraction at most. No time is what no
calendar holds, an offset of no place on earth, and a year of which no record speaks.

A message of HL7v2 may say its offset once, in MSH-7, for its other times (HL7 2.5, 2.15.9.7): those
of OBR, OBX, EVN and ZFA here. Without any, all of them and MSH-7 are hours of the sender's clock,
in Paris: people read a row beside the act that it belongs to, so both must be of one clock.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from gateway.records.duration import PARIS
from gateway.records.remembering import remembers_short

FIRST_YEAR, LAST_YEAR = 1850, 2200
FARTHEST = timedelta(hours=14)
DAY_DIGITS, HOUR = 8, 4
"""Digits of a day, and the precision from which an offset may leave out its minutes (pattern of
`ts` in the CDA schema)."""

_STAMP = re.compile(
    r"(\d{4})(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:(\.\d{1,6})\d*)?)?)?)?)?)?"
    r"(?:([+-]\d\d)([0-5]\d)?)?",
    re.ASCII,
)
_OFFSET = re.compile(r"[+-]\d{4}$", re.ASCII)
_FIRST = (0, 1, 1, 0, 0, 0)
_CUTS = (4, 7, 10, 13, 16, 19)
"""Characters of the ISO form of a year, a month … a second."""


class Stamp(NamedTuple):
    """The digits as they were written, in UTC; `offset` of the place where they were."""

    written: datetime
    precision: int
    fraction: str
    offset: timedelta | None

    @property
    def instant(self) -> datetime:
        return self.written - self.offset if self.offset else self.written


def stamp_of(text: str) -> Stamp | None:
    """None for what is no time."""
    found = _STAMP.fullmatch(text.strip())
    if found is None:
        return None
    *parts, fraction, hours, minutes = found.groups()
    numbers = [int(part) for part in parts if part is not None]
    year, month, day, hour, minute, second = (*numbers, *_FIRST[len(numbers) :])
    if hours and minutes is None and len(numbers) < HOUR:
        return None  # 2026-01 is a month in another notation
    offset = _offset(hours, minutes or "0") if hours else None
    if not FIRST_YEAR <= year <= LAST_YEAR or (offset and abs(offset) > FARTHEST):
        return None
    try:
        written = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None
    return Stamp(written, len(numbers), fraction or "", offset)


def _offset(hours: str, minutes: str) -> timedelta:
    span = timedelta(hours=int(hours[1:]), minutes=int(minutes))
    return -span if hours[0] == "-" else span


def iso_of(text: str | None) -> str | None:
    """The ISO 8601 form of a time stamp, as precise as written; None for what is no time."""
    return _iso(text) if text else None


@remembers_short(entries=4096, characters=32)
def _iso(text: str) -> str | None:
    stamp = stamp_of(text)
    if stamp is None:
        return None
    cut = _CUTS[stamp.precision - 1]
    if stamp.precision <= 3:
        return stamp.written.isoformat()[:cut]
    return f"{stamp.instant.isoformat()[:cut]}{stamp.fraction}Z"


def offset_of(text: str) -> str:
    """The offset that ends a time stamp (`+0100`), "" where it has none or is no time: MSH-7 says
    that of its message, and what is wrong there spoils no other time."""
    found = _OFFSET.search(text.strip())
    return found[0] if found and iso_of(text) else ""


def clock_iso(text: str | None, offset: str) -> str | None:
    """`iso_of` of a time in a message whose MSH-7 has `offset` ("" for none): without any it is
    what the clock said in Paris."""
    if not text:
        return None
    placed = _placed(text, offset)
    return iso_of(placed) if _is_placed(placed) else _paris_iso(placed)


def _is_placed(text: str) -> bool:
    """Whether it bears an offset, or is a date, which needs none."""
    return "+" in text or "-" in text or len(text.strip()) <= DAY_DIGITS


def _placed(text: str, offset: str) -> str:
    return text if not offset or _is_placed(text) else text.strip() + offset


def clock_instant(text: str, offset: str) -> datetime | None:
    """The same as an instant; a date alone begins at its midnight in Paris. None for no time."""
    stamp = stamp_of(_placed(text, offset))
    if stamp is None or stamp.offset is not None:
        return stamp.instant if stamp else None
    return stamp.written.replace(tzinfo=PARIS).astimezone(UTC)


@remembers_short(entries=4096, characters=32)
def _paris_iso(text: str) -> str | None:
    stamp = stamp_of(text)
    if stamp is None:
        return None
    there = stamp.written.replace(tzinfo=PARIS).astimezone(UTC)
    return f"{there.isoformat()[: _CUTS[stamp.precision - 1]]}{stamp.fraction}Z"


def date_of(text: str | None) -> str | None:
    """The calendar date of a time stamp as written, its time of day and offset left out."""
    return iso_of(text.strip()[:8]) if text else None
