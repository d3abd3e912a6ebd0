"""What a vaccine protects against, by its codes or its name; what is obligatory for whom."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from gateway.mapping.tables import rows
from gateway.records.words import fold

PREVENTION = "gateway.mapping.prevention"


class Valence(NamedTuple):
    """`obliged_from` and `obliged_before` are days of birth, the second not included; None where
    nobody, or everybody after, is obliged."""

    id: str
    title: str
    obliged_from: date | None
    obliged_before: date | None


class Given(NamedTuple):
    """A dose that was given: its day, and the ids of what it protects against."""

    day: date
    valences: frozenset[str]


def day_in(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _valences() -> dict[str, Valence]:
    return {
        row["valence"]: Valence(
            row["valence"],
            row["title"],
            day_in(row["obligatory_from"]),
            day_in(row["obligatory_before"]),
        )
        for row in rows("vaccines_valences", room=PREVENTION)
    }


def _known(kind: str) -> dict[str, tuple[str, ...]]:
    table = rows("vaccines_known", room=PREVENTION)
    return {row["key"]: tuple(row["valences"].split()) for row in table if row["kind"] == kind}


VALENCES = _valences()
"""By id, in the order of the pages."""
_ATC, _CIS, _NAMES = _known("atc"), _known("cis"), _known("name")


def valences_of(name: str, codes: Iterable[str] = ()) -> tuple[str, ...]:
    """The ids of what a vaccine protects against, in the order of the pages; () where no table
    knows it. A code (ATC, CIS) goes before a name, which may itself be a CIS code."""
    written = [code.strip().upper() for code in (*codes, name)]
    found = next(filter(None, map(_by_code, written)), None)
    return in_order(found if found is not None else _by_name(name))


def in_order(valences: Iterable[str]) -> tuple[str, ...]:
    """Each known one once."""
    asked = set(valences)
    return tuple(one for one in VALENCES if one in asked)


def titles_of(valences: Sequence[str]) -> list[str]:
    return [VALENCES[one].title for one in valences if one in VALENCES]


def obligatory_for(birth: date) -> tuple[str, ...]:
    """The valences that whoever was born on this day must have (VAC-06)."""
    return tuple(
        one.id
        for one in VALENCES.values()
        if one.obliged_from is not None
        and one.obliged_from <= birth
        and (one.obliged_before is None or birth < one.obliged_before)
    )


def _by_code(code: str) -> tuple[str, ...] | None:
    if code in _CIS:
        return _CIS[code]
    parts = (code[:length] for length in range(len(code), 4, -1))
    return next((_ATC[part] for part in parts if part in _ATC), None)


def _by_name(name: str) -> set[str]:
    folded = f" {fold(name)} "
    return {one for key, found in _NAMES.items() if f" {key} " in folded for one in found}
