"""Durations of ISO 8601 in civil time: a month is as long as the month it is added to."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import MAXYEAR, UTC, datetime, timedelta
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
MAX_CHARACTERS = 64
NUMBER = r"(\d{1,9}(?:[.,]\d{1,6})?)"
WRITTEN = re.compile(
    rf"P(?:{NUMBER}Y)?(?:{NUMBER}M)?(?:{NUMBER}W)?(?:{NUMBER}D)?"
    rf"(?:T(?:{NUMBER}H)?(?:{NUMBER}M)?(?:{NUMBER}S)?)?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Duration:
    """`months` and `days` are civil, `seconds` are not."""

    months: int = 0
    days: int = 0
    seconds: float = 0.0

    def after(self, instant: datetime) -> datetime:
        """As VAULT GEN-04: Paris wall time, the last day of a shorter month. UTC.

        Raises ValueError past the last day that can be counted.
        """
        try:
            wall = _months_later(instant.astimezone(PARIS), self.months)
            wall = wall + timedelta(days=self.days)
            return wall.replace(fold=0).astimezone(UTC) + timedelta(seconds=self.seconds)
        except OverflowError as error:
            raise ValueError("no calendar goes that far") from error


def read_duration(text: str) -> Duration:
    """`P1M`, `P2W`, `P14DT12H`, `PT90S`. Only the smallest part may be a fraction, and years,
    months, weeks and days are whole. Raises ValueError."""
    found = WRITTEN.fullmatch(text) if len(text) <= MAX_CHARACTERS else None
    parts = found.groups() if found else ()
    given = [part for part in parts if part]
    if not given or text.endswith("T"):
        raise ValueError("not a duration of ISO 8601")
    if any("." in one or "," in one for one in (*given[:-1], *filter(None, parts[:4]))):
        raise ValueError("only hours, minutes or seconds may be a fraction, as the last part")
    numbers = [float(part.replace(",", ".")) if part else 0.0 for part in parts]
    years, months, weeks, days = (int(one) for one in numbers[:4])
    hours, minutes, seconds = numbers[4:]
    return Duration(
        months=12 * years + months,
        days=7 * weeks + days,
        seconds=hours * 3_600 + minutes * 60 + seconds,
    )


def _months_later(wall: datetime, months: int) -> datetime:
    if not months:
        return wall
    years, month = divmod(wall.month - 1 + months, 12)
    year, month = wall.year + years, month + 1
    if year > MAXYEAR:
        raise OverflowError
    return wall.replace(year=year, month=month, day=min(wall.day, monthrange(year, month)[1]))
