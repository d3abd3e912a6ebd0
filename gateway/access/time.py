"""Civil time of an access decision (ACCESS section 1 "Time"): Paris dates, birthdays, months.

Total: an instant past the last one Python can count is the last one.
"""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from gateway.records.duration import PARIS

TWO_WEEKS = timedelta(days=14)
END_OF_TIME = datetime.max.replace(tzinfo=UTC)
MAJORITY_YEARS = 18


def in_force(since: datetime | None, until: datetime | None, now: datetime) -> bool:
    """`since` ≤ now < `until`; None is without bound."""
    return (since is None or since <= now) and (until is None or now < until)


@lru_cache(maxsize=64)
def civil_date(now: datetime) -> date:
    """The date in Paris at this instant."""
    try:
        return now.astimezone(PARIS).date()
    except OverflowError:
        return date.max


def birthday(birth: date, years: int) -> date:
    """The n-th birthday; 29 February becomes 1 March in a common year."""
    year = birth.year + years
    if year < date.min.year:
        return date.min
    if year > date.max.year:
        return date.max
    if birth.month == 2 and birth.day == 29 and monthrange(year, 2)[1] == 28:
        return date(year, 3, 1)
    return birth.replace(year=year)


def is_minor(birth: date, now: datetime) -> bool:
    """Before the 18th birthday in Paris."""
    if now.year - birth.year > MAJORITY_YEARS + 1:
        return False
    return civil_date(now) < birthday(birth, MAJORITY_YEARS)


def of_age_at(birth: date) -> datetime:
    """The first instant that is not a minor's: 00:00 in Paris of the 18th birthday."""
    return datetime.combine(birthday(birth, MAJORITY_YEARS), time(), PARIS).astimezone(UTC)


def midnight_after(day: date) -> datetime:
    """The instant at which this civil day of Paris is over, 24:00 (VAULT GEN-04)."""
    try:
        wall = datetime.combine(day + timedelta(days=1), time(), PARIS)
        return wall.astimezone(UTC)
    except OverflowError:
        return END_OF_TIME


def two_weeks_after(instant: datetime) -> datetime:
    try:
        return instant + TWO_WEEKS
    except OverflowError:
        return END_OF_TIME


def one_month_after(instant: datetime) -> datetime:
    """Same Paris wall time, same day of the next month or its last day.

    A wall time that happens twice is the first one; one that does not exist is read with the
    offset before the change: both are what `fold=0` means.
    """
    try:
        wall = instant.astimezone(PARIS)
        year, month = (wall.year + 1, 1) if wall.month == 12 else (wall.year, wall.month + 1)
        day = min(wall.day, monthrange(year, month)[1])
        return wall.replace(year=year, month=month, day=day, fold=0).astimezone(UTC)
    except (OverflowError, ValueError):
        return END_OF_TIME
