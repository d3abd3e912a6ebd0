"""« Vaccinations à venir »: the lines of the calendar with their states, by what is recorded.

A line whose time is over and that is not recorded is late where an earlier dose against the same
stands here, and not known where none does: a health booklet of paper may have it (VAC-04).
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from gateway.mapping.prevention.vaccines.calendar import RULES, Rule, Season, day_at
from gateway.mapping.prevention.vaccines.valences import Given

AHEAD_MONTHS = 60
"""How far ahead lines are told."""
BEFORE_SEASON = timedelta(days=31)
"""A dose of a season may be given so much before it."""
OBLIGATORY = "obligatoire"


class State(StrEnum):
    DONE = "fait"
    DUE = "à faire"
    LATE = "en retard"
    UNKNOWN = "non renseigné"


class Line(NamedTuple):
    """`rule` is its id in the table, `from_months` the age from which that asks for it. `opens` and
    `closes` are its first and last day, `closes` None where it has no end;
    `done_on` the day of the dose that completed it, `missing` its valences without their dose."""

    id: str
    rule: str
    from_months: int
    title: str
    valences: tuple[str, ...]
    standing: str
    opens: date
    closes: date | None
    state: State
    done_on: date | None
    missing: tuple[str, ...]


def lines_of(birth: date, given: Iterable[Given], today: date) -> list[Line]:
    """The lines of the calendar in force for whoever was born on `birth`: those that are done,
    those of which the time has come or is over, and those of the next five years, by their first
    day. A line that is not asked any more at this age stays only where it was done."""
    doses = sorted(set(given))
    horizon = day_at(today, AHEAD_MONTHS)
    told = (_line(rule, birth, doses, today) for rule in _asked(birth, today))
    shown = (one for one in told if one is not None and one.opens <= horizon)
    return sorted(shown, key=lambda one: (one.opens, one.title))


def _asked(birth: date, today: date) -> Iterator[Rule]:
    for rule in RULES:
        if rule.is_for(birth, today):
            yield from rule.at_ages()


def _line(rule: Rule, birth: date, doses: Sequence[Given], today: date) -> Line | None:
    opens, closes = _span(rule, birth, today)
    since = opens - BEFORE_SEASON if rule.season else day_at(birth, rule.counts_from)
    end = date.max if rule.until is None else day_at(birth, rule.until)
    counted = [one for one in doses if since <= one.day < end]
    days = {valence: _nth_day(valence, rule.dose, counted) for valence in rule.valences}
    missing = tuple(valence for valence, day in days.items() if day is None)
    if missing and end <= today:
        return None
    return Line(
        id=rule.id,
        rule=rule.rule,
        from_months=rule.due_from,
        title=rule.title,
        valences=rule.valences,
        standing=rule.standing,
        opens=opens,
        closes=closes,
        state=_state(rule, closes, doses, today) if missing else State.DONE,
        done_on=None if missing else max(filter(None, days.values())),
        missing=missing,
    )


def _span(rule: Rule, birth: date, today: date) -> tuple[date, date | None]:
    opens = day_at(birth, rule.due_from)
    if rule.season is not None:
        return _season_of(rule.season, max(opens, today))
    closes = rule.due_before and day_at(birth, rule.due_before) - timedelta(days=1)
    return opens, closes or None


def _season_of(season: Season, day: date) -> tuple[date, date]:
    """The season that is not over on this day."""
    for year in (day.year - 1, day.year):
        first, last = date(year, *season.first), date(year + 1, *season.last)
        if day <= last:
            return first, last
    raise AssertionError("a season ends in the year after it began")


def _nth_day(valence: str, dose: int, counted: Sequence[Given]) -> date | None:
    """The day of the dose that the line asks for; None while it is missing."""
    days = sorted({one.day for one in counted if valence in one.valences})
    return days[dose - 1] if len(days) >= dose else None


def _state(rule: Rule, closes: date | None, doses: Sequence[Given], today: date) -> State:
    """Of what is not done."""
    if closes is None or today <= closes:
        return State.DUE
    recorded = any(one.valences.intersection(rule.valences) for one in doses)
    return State.LATE if recorded else State.UNKNOWN
