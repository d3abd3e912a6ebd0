"""What a school is told: a child's obligatory valences with their days, and one word (VAC-05)."""

from collections.abc import Collection, Iterable
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from gateway.mapping.prevention.vaccines.lines import OBLIGATORY, State, lines_of
from gateway.mapping.prevention.vaccines.valences import VALENCES, Given, obligatory_for


class Standing(StrEnum):
    UP_TO_DATE = "à jour"
    NOT_UP_TO_DATE = "non à jour"
    CONTRAINDICATED = "contre-indication"


class Attested(NamedTuple):
    """`valences` are the titles of the obligatory ones, each with the days of its doses, oldest
    first; () where none is recorded."""

    standing: Standing
    valences: tuple[tuple[str, tuple[date, ...]], ...]


def attest(
    birth: date, given: Iterable[Given], today: date, *, contraindicated: Collection[str] = ()
) -> Attested:
    """Up to date: no dose of an obligatory line whose time is over is missing on this day.
    Contraindicated: some are, and of each of them somebody who may say so has said that it must
    not be given."""
    doses = [one for one in given if one.day <= today]
    missing = {
        valence
        for line in lines_of(birth, doses, today)
        if line.standing == OBLIGATORY and line.state in (State.LATE, State.UNKNOWN)
        for valence in line.missing
    }
    days = ((VALENCES[one].title, _days(one, doses)) for one in obligatory_for(birth))
    return Attested(_standing(missing, contraindicated), tuple(days))


def _standing(missing: Collection[str], contraindicated: Collection[str]) -> Standing:
    if not missing:
        return Standing.UP_TO_DATE
    if set(missing) <= set(contraindicated):
        return Standing.CONTRAINDICATED
    return Standing.NOT_UP_TO_DATE


def _days(valence: str, doses: Iterable[Given]) -> tuple[date, ...]:
    return tuple(sorted({one.day for one in doses if valence in one.valences}))
