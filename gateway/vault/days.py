"""Days as forms say them, and the instant at which one ends in Paris (VAULT GEN-04)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from multidict import MultiMapping

from gateway.access.time import civil_date, midnight_after
from gateway.errors import RefusedError
from gateway.flows.choices.relation import end_of
from gateway.vault import words

ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
FRENCH_DAY = re.compile(r"(\d{2})/(\d{2})/(\d{4})", re.ASCII)
SINCE, UNTIL = "du", "au"
LAST_YEAR = 2200
"""As in the times of documents; the end of the year 9999 is no instant in Paris."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The two fields of a period as typed, days as a date field sends them; `errors` by field."""

    typed: Mapping[str, str]
    errors: dict[str, str]

    @property
    def since(self) -> str:
        """The first day, "" for none, and where one of the two is wrong."""
        return "" if self.errors else self.typed[SINCE]

    @property
    def until(self) -> str:
        """The last day, as `since`."""
        return "" if self.errors else self.typed[UNTIL]

    @property
    def begins(self) -> datetime | None:
        """A day begins and ends at midnight in Paris."""
        day = self.since
        return datetime.combine(date.fromisoformat(day), time(), words.PARIS) if day else None

    @property
    def ends(self) -> datetime | None:
        return midnight_after(date.fromisoformat(self.until)) if self.until else None


def period_of(query: MultiMapping[str]) -> Period:
    """`du` and `au` of an address, also typed as 12/03/2026; what is no day stays as it came."""
    typed = {name: _typed_day(query.get(name, "").strip()) for name in (SINCE, UNTIL)}
    errors = {name: words.BAD_DATE for name, value in typed.items() if not is_date(value)}
    if not errors and all(typed.values()) and typed[UNTIL] < typed[SINCE]:
        errors[UNTIL] = words.PERIOD_BACKWARDS
    return Period(typed=typed, errors=errors)


def _typed_day(value: str) -> str:
    found = FRENCH_DAY.fullmatch(value)
    day = "-".join(reversed(found.groups())) if found else value
    return day if is_date(day) else value


def date_field(value: str) -> str:
    """The type of the field that shows a value: a date field would empty what is no day."""
    return "date" if is_date(value) else "text"


def is_date(value: str) -> bool:
    """The one form that a date field sends, of all those of ISO 8601; or nothing."""
    try:
        return not value or (
            ISO_DAY.fullmatch(value) is not None and bool(date.fromisoformat(value))
        )
    except ValueError:
        return False


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
