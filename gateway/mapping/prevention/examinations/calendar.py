"""The dated calendar of examinations as data (AGE-06): which rule is in force, for whom, when."""

from datetime import date, timedelta
from typing import NamedTuple

from gateway.mapping.prevention.vaccines.calendar import day_at
from gateway.mapping.prevention.vaccines.valences import PREVENTION, day_in
from gateway.mapping.tables import rows
from gateway.records.duration import Duration, read_duration

AT_AGES, SINCE_LAST = "age", "last"
"""What a rule that comes again counts from."""
DAY = timedelta(days=1)


class Rule(NamedTuple):
    """A line of the table. `from_age` and `to_age` bound it (the second not included), `until` is
    the age past which nothing of it opens and what was not done is not told; `every` None where it
    comes once. `after` is AT_AGES, SINCE_LAST, the id of another rule, or "". `valid` are days,
    None where open, the second not included."""

    id: str
    title: str
    kind: str
    sex: str
    from_age: Duration
    to_age: Duration
    until: Duration
    every: Duration | None
    after: str
    valid: tuple[date | None, date | None]
    source: str

    @property
    def follows(self) -> str:
        """The rule that must have been done before; "" for none."""
        return "" if self.after in (AT_AGES, SINCE_LAST) else self.after

    def in_force(self, today: date) -> bool:
        """Whether it was not ended yet; one that begins later is asked from then on (`span`)."""
        end = self.valid[1]
        return end is None or today < end

    def span(self, first: date, end: date) -> tuple[date, date] | None:
        """First and last day of what begins at `first` and is over at `end`; None where that was
        before the rule."""
        opens = max(first, self.valid[0] or first)
        return (opens, end - DAY) if opens < end else None


def reached(birth: date, age: Duration) -> date:
    """The day on which somebody reaches an age."""
    return day_at(birth, age.months, age.days)


def _rule(row: dict[str, str]) -> Rule:
    return Rule(
        id=row["id"],
        title=row["title"],
        kind=row["kind"],
        sex=row["sex"],
        from_age=read_duration(row["from_age"]),
        to_age=read_duration(row["to_age"]),
        until=read_duration(row["until"]),
        every=read_duration(row["every"]) if row["every"] else None,
        after=row["after"],
        valid=(day_in(row["valid_from"]), day_in(row["valid_to"])),
        source=row["source"],
    )


RULES = {one.id: one for one in map(_rule, rows("examinations_calendar", room=PREVENTION))}
"""By id, in the order of the table."""
