"""« Examens médicaux et vaccinations à réaliser »: the lines of a person with their states.

Of what comes again only the period under way is told, and what was done: nobody is shown the
screenings of ten years ago as missed.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from gateway.mapping.prevention import vaccines
from gateway.mapping.prevention.examinations.calendar import (
    RULES,
    SINCE_LAST,
    Rule,
    reached,
)
from gateway.mapping.prevention.vaccines.calendar import day_at
from gateway.records.duration import Duration
from gateway.records.prevention import Said, Topic

AHEAD_MONTHS = 12
"""How far ahead lines are told."""
VACCINE = "vaccin"


class State(StrEnum):
    """The words of the live product (AGE-05)."""

    PLANNED = "A_PLANIFIER"
    DONE = "REALISE"
    NOT_DONE = "NON_REALISE"
    UNKNOWN = "NON_RENSEIGNE"


OF_VACCINES = {
    vaccines.State.DONE: State.DONE,
    vaccines.State.DUE: State.PLANNED,
    vaccines.State.LATE: State.NOT_DONE,
    vaccines.State.UNKNOWN: State.UNKNOWN,
}


class Line(NamedTuple):
    """`rule` is the id in its table (of a vaccine behind « vaccin- »), `id` that with the day it
    opens. `closes` None where it has no end. `from_age` says why it is asked; `sex_unknown`: it is
    asked of one sex, and which this person's is nobody told; `silent`: nobody wants to be told."""

    id: str
    rule: str
    title: str
    kind: str
    from_age: Duration
    opens: date
    closes: date | None
    state: State
    done_on: date | None = None
    sex_unknown: bool = False
    silent: bool = False

    def is_open(self, today: date) -> bool:
        return self.state is State.PLANNED and self.opens <= today


def lines_of(
    birth: date,
    sex: str | None,
    said: Iterable[Said],
    given: Iterable[vaccines.Given],
    today: date,
) -> list[Line]:
    """What is done, what is asked for, what is over, and what opens within twelve months, by their
    first day. `said` is what stands, of which a later word took the place."""
    held = [one for one in said if one.holds]
    silent = {one.rule for one in held if one.topic is Topic.SILENT}
    examinations = (
        line._replace(sex_unknown=bool(rule.sex) and sex not in ("F", "M"))
        for rule in RULES.values()
        if not rule.sex or sex not in ("F", "M") or sex == rule.sex
        for line in _lines(rule, birth, held, today)
    )
    doses = map(_of_vaccine, vaccines.lines_of(birth, given, today))
    horizon = day_at(today, AHEAD_MONTHS)
    shown = (one for one in (*examinations, *doses) if one.opens <= horizon)
    told = (one._replace(silent=one.rule in silent) for one in shown)
    return sorted(told, key=lambda one: (one.opens, one.title))


def _of_vaccine(line: vaccines.Line) -> Line:
    rule = f"{VACCINE}-{line.rule}"
    return Line(
        id=f"{VACCINE}-{line.id}.{line.opens}",
        rule=rule,
        title=line.title,
        kind=VACCINE,
        from_age=Duration(months=line.from_months),
        opens=line.opens,
        closes=line.closes,
        state=OF_VACCINES[line.state],
        done_on=line.done_on,
    )


def _lines(rule: Rule, birth: date, said: Sequence[Said], today: date) -> Iterator[Line]:
    done = _days(said, rule.id, today)
    if rule.after == SINCE_LAST:
        yield from _since_last(rule, birth, done, today)
    elif rule.follows:
        yield from _following(rule, birth, _days(said, rule.follows, today), done, today)
    else:
        skipped = {one.day for one in said if one.topic is Topic.NOT_DONE and one.rule == rule.id}
        yield from _at_ages(rule, birth, done, skipped, today)


def _days(said: Iterable[Said], rule: str, today: date) -> list[date]:
    """When it was done, the first first."""
    days = {one.day for one in said if one.topic is Topic.DONE and one.rule == rule}
    return sorted(day for day in days if day is not None and day <= today)


def _at_ages(
    rule: Rule, birth: date, done: Sequence[date], skipped: set[date | None], today: date
) -> Iterator[Line]:
    """Once, or again and again at ages; what comes once is done whenever it was."""
    told_until = reached(birth, rule.until)
    for first, end, following in _ages(rule, birth):
        span = rule.span(first, end)
        inside = [day for day in done if following is None or first <= day < following]
        if inside:
            yield _line(rule, first, end, State.DONE, inside[0])
        elif span is None or today >= told_until or not rule.in_force(today):
            continue
        elif today < end:
            yield _line(rule, span[0], end, State.PLANNED)
        elif following is None:
            state = State.NOT_DONE if span[0] in skipped else State.UNKNOWN
            yield _line(rule, span[0], end, state)


def _ages(rule: Rule, birth: date) -> Iterator[tuple[date, date, date | None]]:
    """First day, the day after the last, and the first of the next time; None of what comes
    once."""
    if rule.every is None:
        yield reached(birth, rule.from_age), reached(birth, rule.to_age), None
        return
    moved = 0
    while rule.from_age.months + moved < rule.until.months:
        first = day_at(birth, rule.from_age.months + moved)
        end = day_at(birth, rule.to_age.months + moved)
        moved += rule.every.months
        yield first, end, day_at(birth, rule.from_age.months + moved)


def _since_last(rule: Rule, birth: date, done: Sequence[date], today: date) -> Iterator[Line]:
    """From the age on, so long after it was last done, or opened, until the age that ends it."""
    every = rule.every.months if rule.every else 0
    end = reached(birth, rule.to_age)
    base, count = max(reached(birth, rule.from_age), rule.valid[0] or date.min), 0
    for day in done:
        while day_at(base, (count + 1) * every) <= day:
            count += 1
        opened = min(day, day_at(base, count * every))
        yield _line(rule, opened, day_at(opened, every), State.DONE, day)
        base, count = max(base, day_at(day, every)), 0
    while day_at(base, (count + 1) * every) <= today:
        count += 1
    opens, closes = day_at(base, count * every), min(day_at(base, (count + 1) * every), end)
    if opens < closes and today < closes and rule.in_force(today):
        yield _line(rule, opens, closes, State.PLANNED)


def _following(
    rule: Rule, birth: date, before: Sequence[date], done: Sequence[date], today: date
) -> Iterator[Line]:
    """Once, so long after another was done; nothing before that."""
    if not before:
        return
    later = day_at(before[0], rule.every.months if rule.every else 0)
    first = max(reached(birth, rule.from_age), later)
    end = reached(birth, rule.to_age)
    own = [day for day in done if day > before[0]]
    if own:
        yield _line(rule, min(first, own[0]), end, State.DONE, own[0])
    elif first < end and today < end and rule.in_force(today):
        yield _line(rule, first, end, State.PLANNED)


def _line(rule: Rule, opens: date, end: date, state: State, done_on: date | None = None) -> Line:
    """`end` is the day after its last."""
    return Line(
        id=f"{rule.id}.{opens}",
        rule=rule.id,
        title=rule.title,
        kind=rule.kind,
        from_age=rule.from_age,
        opens=opens,
        closes=date.fromordinal(end.toordinal() - 1),
        state=state,
        done_on=done_on,
    )
