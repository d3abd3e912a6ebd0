"""Indice de Masse Corporelle: computed of weight and height, never typed (VAULT MEA-04)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from gateway.mapping.measures.judged import stepped
from gateway.mapping.measures.kinds import BMI, KINDS

ADULT_YEARS = 18
CHILDS_HEIGHT_HOLDS = timedelta(days=366)
"""A height at most a year older, the leap day of it too."""
STEP = next(kind.step for kind in KINDS if kind.code == BMI)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A weight (kg) or a height (cm) of one day, and the id of its entry."""

    id: str
    day: date
    at: str
    number: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class MassIndex:
    """In kg/m2, at the moment of its weight; `weight` and `height` are the ids it was made of."""

    at: str
    day: date
    number: Decimal
    weight: str
    height: str


def mass_indexes(
    weights: Iterable[Taken], heights: Iterable[Taken], birth: date
) -> list[MassIndex]:
    """One for each weight that has a height: the latest of that day or before, at most a year
    older for a child. Oldest first."""
    found = []
    known = sorted(heights, key=lambda one: (one.day, one.at))
    place = 0
    for weight in sorted(weights, key=lambda one: (one.day, one.at)):
        while place < len(known) and known[place].day <= weight.day:
            place += 1
        height = known[place - 1] if place else None
        if height is not None and _holds(height.day, weight.day, birth):
            found.append(_index(weight, height))
    return found


def years_at(birth: date, day: date) -> int:
    """Whole years of age."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def _holds(measured: date, day: date, birth: date) -> bool:
    return years_at(birth, day) >= ADULT_YEARS or day - measured <= CHILDS_HEIGHT_HOLDS


def _index(weight: Taken, height: Taken) -> MassIndex:
    metres = height.number / 100
    return MassIndex(
        at=weight.at,
        day=weight.day,
        number=stepped(weight.number / (metres * metres), STEP),
        weight=weight.id,
        height=height.id,
    )
