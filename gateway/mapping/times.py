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
_MISSING = "00000101000000"


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
    whole = digits + _MISSING[len(digits) :]
    try:
        return datetime(
            int(whole[:4]),
            int(whole[4:6]),
            int(whole[6:8]),
            int(whole[8:10]),
            int(whole[10:12]),
            int(whole[12:]),
            tzinfo=UTC,
        )
    except ValueError:
        return None


def _shifted(moment: datetime, hours: int, minutes: int, *, ahead: bool) -> datetime:
    offset = timedelta(hours=hours, minutes=minutes)
    try:
        return moment - offset if ahead else moment + offset
    except OverflowError:
        return moment
