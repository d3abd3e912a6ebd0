"""The dated calendar of vaccinations as data (VAC-04): which line is in force, for whom, when."""

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import NamedTuple

from gateway.mapping.prevention.vaccines.valences import PREVENTION, day_in
from gateway.mapping.tables import rows
from gateway.records.duration import PARIS, Duration, read_duration

NOON = time(12)
MAX_AGE_MONTHS = 12 * 120


class Season(NamedTuple):
    """Month and day of its first and of its last day; the last is in the year after."""

    first: tuple[int, int]
    last: tuple[int, int]


class Rule(NamedTuple):
    """A line of the table; ages in months, `due_before` the first age that is too late, and
    `until` the first at which it is neither asked nor done any more. `rule` is its id in the table,
    `id` with the age at which it comes again.
    Days of birth and of validity: None where open, the `before` not included."""

    id: str
    rule: str
    title: str
    valences: tuple[str, ...]
    standing: str
    due_from: int
    due_before: int | None
    until: int | None
    counts_from: int
    dose: int
    every: int
    season: Season | None
    born: tuple[date | None, date | None]
    valid: tuple[date | None, date | None]

    def is_for(self, birth: date, today: date) -> bool:
        return _within(birth, self.born) and _within(today, self.valid)

    def at_ages(self) -> Iterator["Rule"]:
        """Itself, and again and again where it comes back."""
        yield self._moved(0)
        moved = self.every
        while moved and self.due_from + moved < MAX_AGE_MONTHS:
            yield self._moved(moved)
            moved += self.every

    def _moved(self, months: int) -> "Rule":
        age = (self.due_from + months) // 12
        return self._replace(
            id=f"{self.id}-{age}" if months else self.id,
            title=self.title.format(age=age),
            due_from=self.due_from + months,
            due_before=self.due_before + months if self.due_before else None,
            until=self.until + months if self.until else None,
            counts_from=self.counts_from + months,
        )


def day_at(birth: date, months: int, days: int = 0) -> date:
    """The day on which somebody reaches an age; the last of a shorter month (GEN-04)."""
    noon = datetime.combine(birth, NOON, PARIS)
    return Duration(months=months, days=days).after(noon).astimezone(PARIS).date()


def _within(day: date, span: tuple[date | None, date | None]) -> bool:
    first, end = span
    return (first is None or first <= day) and (end is None or day < end)


def _months(text: str) -> int | None:
    return read_duration(text).months if text else None


def _season(text: str) -> Season | None:
    if not text:
        return None
    first, last = (tuple(map(int, part.split("-"))) for part in text.split("/"))
    return Season((first[0], first[1]), (last[0], last[1]))


def _rule(row: dict[str, str]) -> Rule:
    return Rule(
        id=row["id"],
        rule=row["id"],
        title=row["title"],
        valences=tuple(row["valences"].split()),
        standing=row["standing"],
        due_from=_months(row["from_age"]) or 0,
        due_before=_months(row["to_age"]),
        until=_months(row["until"]),
        counts_from=_months(row["counts_from"]) or 0,
        dose=int(row["dose"]),
        every=_months(row["every"]) or 0,
        season=_season(row["season"]),
        born=(day_in(row["born_from"]), day_in(row["born_before"])),
        valid=(day_in(row["valid_from"]), day_in(row["valid_before"])),
    )


RULES = tuple(_rule(row) for row in rows("vaccines_calendar", room=PREVENTION))
