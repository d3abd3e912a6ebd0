"""HL7 dates and times (TS, DTM) as ISO 8601, as precise as received."""

import re
from datetime import date, datetime, timedelta
from functools import lru_cache

TIME = re.compile(
    r"(\d{4})(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:\.\d{1,4})?)?)?)?)?)?([+-]\d{4})?",
    re.ASCII,
)
FIRST_YEAR, LAST_YEAR = 1850, 2200


@lru_cache(maxsize=4096)
def iso_time(text: str) -> str | None:
    """`20260115101500+0100` as `2026-01-15T09:15:00Z`; None for what is no time.

    In UTC when there is a time of day; without an offset the digits are kept (CDA.md section 5,
    conversion of creationTime).
    """
    found = TIME.fullmatch(text.strip())
    if found is None:
        return None
    *parts, offset = found.groups()
    numbers = [int(part) for part in parts if part is not None]
    try:
        moment = datetime(*_filled(numbers))  # noqa: DTZ001 - shifted to UTC below
        if offset and len(numbers) > 3:
            moment -= _shift(offset)
    except (ValueError, OverflowError):
        return None
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        return None
    return _written(moment, len(numbers))


def _filled(numbers: list[int]) -> tuple[int, int, int, int, int, int]:
    year, month, day, hour, minute, second = [*numbers, *(0, 1, 1, 0, 0, 0)[len(numbers) :]]
    return year, month, day, hour, minute, second


def _shift(offset: str) -> timedelta:
    span = timedelta(hours=int(offset[1:3]), minutes=int(offset[3:5]))
    if span > timedelta(hours=14):
        raise ValueError("no such offset")
    return -span if offset[0] == "-" else span


def _written(moment: datetime, precision: int) -> str:
    if precision <= 3:
        return moment.date().isoformat()[: (4, 7, 10)[precision - 1]]
    text = moment.isoformat(timespec="seconds")
    return text[: (13, 16, 19)[precision - 4]] + "Z"


def iso_date(text: str) -> str | None:
    """The date of a TS as ISO, as precise as received (`1984`, `1984-03`, `1984-03-12`)."""
    digits = text.strip()[:8]
    if len(digits) not in (4, 6, 8) or not (digits.isascii() and digits.isdigit()):
        return None
    parts = [digits[:4], digits[4:6], digits[6:8]]
    try:
        day = date(int(parts[0]), int(parts[1] or 1), int(parts[2] or 1))
    except ValueError:
        return None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        return None
    return "-".join(part for part in parts if part)
