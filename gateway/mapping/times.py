"""HL7 time stamps of CDA (TS) to ISO 8601 in UTC, precision kept.

`20200319111700+0100` is `2020-03-19T10:17:00Z`; a date stays a date; without an offset the
digits are taken as they are (CDA.md section 5).
"""

import re
from datetime import UTC, datetime, timedelta

_STAMP = re.compile(r"([0-9]{4,14})(\.[0-9]{1,6})?(?:([+-])([0-9]{2})([0-9]{2}))?")
_LENGTHS = (4, 6, 8, 10, 12, 14)
_CUTS = {4: 4, 6: 7, 8: 10, 10: 13, 12: 16, 14: 19}
"""Digits of the stamp -> characters of the ISO form."""
_MISSING = [0, 1, 1, 0, 0, 0]


def iso_of(stamp: str | None) -> str | None:
    """The ISO 8601 form of an HL7 time stamp, or None where it is no moment of a calendar."""
    found = _STAMP.fullmatch(stamp) if stamp else None
    if found is None or len(found[1]) not in _LENGTHS:
        return None
    digits, fraction, sign, hours, minutes = found.groups()
    moment = _moment(digits)
    if moment is None:
        return None
    if len(digits) <= 8:
        return moment.isoformat()[: _CUTS[len(digits)]]
    if sign:
        moment = _shifted(moment, int(hours), int(minutes), ahead=sign == "+")
    text = moment.isoformat()[: _CUTS[len(digits)]]
    return f"{text}{fraction or ''}Z"


def date_of(stamp: str | None) -> str | None:
    """The calendar date of a time stamp as written, its time of day and offset left out."""
    return iso_of(stamp[:8]) if stamp else None


def _moment(digits: str) -> datetime | None:
    parts = [int(digits[:4]), *(int(digits[n : n + 2]) for n in range(4, len(digits), 2))]
    year, month, day, hour, minute, second = parts + _MISSING[len(parts) :]
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None


def _shifted(moment: datetime, hours: int, minutes: int, *, ahead: bool) -> datetime:
    offset = timedelta(hours=hours, minutes=minutes)
    try:
        return moment - offset if ahead else moment + offset
    except OverflowError:
        return moment
