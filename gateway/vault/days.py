"""Days as forms say them, and the instant at which one ends in Paris (VAULT GEN-04)."""

from datetime import date, datetime, timedelta

from gateway.access.time import civil_date, midnight_after
from gateway.errors import RefusedError
from gateway.flows.choices.relation import end_of
from gateway.vault import words

LAST_YEAR = 2200
"""As in the times of documents; the end of the year 9999 is no instant in Paris."""


def read_day(text: str) -> date | None:
    """12/03/1984 as people write it, or as a date field sends it; no later than LAST_YEAR."""
    for form in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            day = datetime.strptime(text, form).date()  # noqa: DTZ007 - a day, not an instant
        except ValueError:
            continue
        return day if day.year <= LAST_YEAR else None
    return None


def last_day(said: str, now: datetime, name: str, wrong: dict[str, str]) -> datetime | None:
    """The end of the day in a field that may be empty; what is wrong with it goes to `wrong`."""
    day = read_day(said)
    if said and day is None:
        wrong[name] = words.BAD_DATE
    try:
        return end_of(day, now)
    except RefusedError:
        wrong[name] = words.END_IN_PAST
        return None


def first_day(said: str, now: datetime, name: str, wrong: dict[str, str]) -> datetime | None:
    """The start of the day in a field that may be empty; None for today, which is at once."""
    day, today = read_day(said), civil_date(now)
    if said and day is None:
        wrong[name] = words.BAD_DATE
    if day is None or day == today:
        return None
    if day < today:
        wrong[name] = words.START_IN_PAST
        return None
    return midnight_after(day - timedelta(days=1))
