"""Results by analysis, and those of an analysis in series that make one curve each (VAULT BIO-02).

An analysis is a code of LOINC; what has none stands by its laboratory's own label, apart from any
other laboratory's. A series is one kind of specimen and one family of units.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from gateway.mapping.biology.specimens import kind_of
from gateway.mapping.biology.standing import dated, instant_in
from gateway.mapping.biology.units import Measure, converted, measure_of
from gateway.mapping.biology.values import Bounds, Quantity, bounds_in, quantity_of
from gateway.mapping.cda.entries.results import LOINC
from gateway.mapping.datatypes.units import is_loinc
from gateway.records.documents.document import CDA_TYPES
from gateway.records.documents.observation import Observation
from gateway.records.documents.result import Result
from gateway.records.words import fold

OWN = "l-"
"""How the key of an analysis begins that has no code."""
DIGEST_LENGTH = 24


class Placed(NamedTuple):
    """A result and when it was: `dated` in the laboratory's precision (ISO 8601)."""

    at: datetime
    dated: str
    result: Result


class Analysis(NamedTuple):
    """`placed` are its results, newest first; `name` what the newest one calls it."""

    key: str
    placed: list[Placed]

    @property
    def newest(self) -> Placed:
        return self.placed[0]

    @property
    def name(self) -> str:
        one = self.newest.result.row
        return one.text or one.code

    @property
    def laboratory(self) -> str:
        """Whose own label it is; "" where the analysis has a code."""
        return laboratory_of(self.newest.result) if self.key.startswith(OWN) else ""


class Point(NamedTuple):
    """A result in the unit of its series: `quantity` None where it is no number; the laboratory's
    interval for this very result, converted with it; `was_converted` where the unit is another, and
    so are its spellings."""

    placed: Placed
    quantity: Quantity | None
    bounds: Bounds | None
    was_converted: bool

    @property
    def row(self) -> Observation:
        return self.placed.result.row


class Series(NamedTuple):
    """`unit` is that of its newest result, as it came; `points` newest first. `is_drawn`: numbers,
    in a family of units; the others are told in a table alone."""

    specimen: str
    unit: str
    is_drawn: bool
    points: list[Point]

    @property
    def units(self) -> list[str]:
        """The units that were converted into this one, the newest first."""
        others = (one.row.unit for one in self.points if one.was_converted)
        return list(dict.fromkeys(others))


def analyses_of(results: Iterable[Result]) -> list[Analysis]:
    """Newest first, by their last results."""
    found: dict[str | tuple[str, ...], list[Placed]] = {}
    for one in results:
        said = dated(one)
        at = instant_in(said)
        if at is not None:
            found.setdefault(_name(one), []).append(Placed(at, said, one))
    made = [Analysis(_key(name), _newest_first(placed)) for name, placed in found.items()]
    return sorted(made, key=lambda one: one.newest.at, reverse=True)


def _newest_first(placed: list[Placed]) -> list[Placed]:
    return sorted(placed, key=lambda one: one.at, reverse=True)


def _name(result: Result) -> str | tuple[str, ...]:
    one = result.row
    if one.system == LOINC and is_loinc(one.code):
        return one.code
    return laboratory_of(result), one.system, one.code, fold(one.text)


def _key(name: str | tuple[str, ...]) -> str:
    if isinstance(name, str):
        return name
    return OWN + hashlib.sha256("\0".join(name).encode()).hexdigest()[:DIGEST_LENGTH]


def laboratory_of(result: Result) -> str:
    return result.card.organization_name or result.row.producer


def series_of(placed: Sequence[Placed], *, most: int | None = None) -> list[Series]:
    """In the order of their newest results; what is no number stands apart, last. Of each at most
    so many points, the newest."""
    lone = _lone_kind(placed)
    found: dict[tuple[str, str | None], list[tuple[Placed, Quantity | None]]] = {}
    for one in placed:
        row = one.result.row
        quantity = quantity_of(row, is_cda=one.result.card.mime_type in CDA_TYPES)
        family = measure_of(row.unit).family if quantity else None
        kind = kind_of(row.specimen) or lone
        found.setdefault((kind, family), []).append((one, quantity))
    made = [
        _series(some[:most], is_drawn=family is not None) for (_, family), some in found.items()
    ]
    return sorted(made, key=lambda one: not one.is_drawn)


def _lone_kind(placed: Sequence[Placed]) -> str:
    """What an unsaid specimen is taken for: the only kind that the other results of the analysis
    name. Its code says what it was measured in already."""
    kinds = {kind_of(one.result.row.specimen) for one in placed} - {""}
    return kinds.pop() if len(kinds) == 1 else ""


def _series(some: Sequence[tuple[Placed, Quantity | None]], *, is_drawn: bool) -> Series:
    unit = some[0][0].result.row.unit
    measure = measure_of(unit)
    specimens = (one.result.row.specimen for one, _ in some)
    return Series(
        specimen=next(filter(None, specimens), ""),
        unit=unit if is_drawn else "",
        is_drawn=is_drawn,
        points=[_point(one, quantity, unit, measure) for one, quantity in some],
    )


def _point(placed: Placed, quantity: Quantity | None, unit: str, to: Measure) -> Point:
    row = placed.result.row
    if quantity is None:
        return Point(placed, None, None, was_converted=False)
    of = measure_of(row.unit)
    bounds = bounds_in(row.range)
    return Point(
        placed,
        quantity._replace(number=converted(quantity.number, of, to)),
        bounds and Bounds(_bound(bounds.low, of, to), _bound(bounds.high, of, to)),
        was_converted=row.unit != unit,
    )


def _bound(number: Decimal | None, of: Measure, to: Measure) -> Decimal | None:
    return None if number is None else converted(number, of, to)
