"""The table of measures: a new one is a line in `tables/measures.csv` (VAULT section 8)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from gateway.mapping.tables import rows

WEIGHT, HEIGHT, HEAD = "29463-7", "8302-2", "8287-5"
BMI, PRESSURE, GLUCOSE, HBA1C = "39156-5", "85354-9", "2345-7", "4548-4"
SYSTOLIC, DIASTOLIC = "8480-6", "8462-4"
MOMENTS = {
    "53049-3": "à jeun",
    "88365-2": "avant repas",
    "16915-1": "après repas",
    "LA11865-5": "après exercice",
    "LA46-8": "autre moment",
}
"""When a glycémie was taken: LOINC, its answer lists too."""
MAX_DAYS = 366
"""Over how many days a mean of glucose may be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Both ends are taken."""

    low: Decimal
    high: Decimal

    def holds(self, number: Decimal) -> bool:
        return self.low <= number <= self.high


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A line of the table. `unit` and `typed` are UCUM; `factors` says how many of `unit` one of
    another is, where the units do not say it; `machine` are units that mean `unit`. `bounds` has a
    Span for each number: systolic, then diastolic of a pair; none where it is computed."""

    code: str
    label: str
    also: frozenset[str]
    unit: str
    typed: tuple[str, ...]
    factors: Mapping[str, Fraction]
    machine: frozenset[str]
    bounds: tuple[Span, ...]
    step: Decimal
    is_computed: bool
    is_pair: bool
    is_whole: bool
    has_days: bool
    has_moment: bool

    @property
    def units(self) -> tuple[str, ...]:
        """What a person may choose, ours first."""
        return (self.unit, *self.typed)


def _kind(row: Mapping[str, str]) -> Kind:
    chosen = [one.partition("=") for one in row["typed"].split()]
    lows, highs = row["low"].split("/"), row["high"].split("/")
    told = row["kind"]
    return Kind(
        code=row["code"],
        label=row["label"],
        also=frozenset(row["also"].split()),
        unit=row["unit"],
        typed=tuple(unit for unit, _, _ in chosen),
        factors={unit: Fraction(factor) for unit, _, factor in chosen if factor},
        machine=frozenset(row["machine"].split()),
        bounds=tuple(
            Span(low=Decimal(low), high=Decimal(high))
            for low, high in zip(lows, highs, strict=True)
            if low
        ),
        step=Decimal(row["step"]),
        is_computed=told == "computed",
        is_pair=told == "pair",
        is_whole=told == "whole",
        has_days=told == "days",
        has_moment=told == "moment",
    )


KINDS = tuple(_kind(row) for row in rows("measures"))
"""In the order of the page."""
_BY_CODE = {code: kind for kind in KINDS for code in (kind.code, *kind.also)}


def kind_of(code: str) -> Kind | None:
    """The measure of a LOINC code, or of one that means the same; None for any other."""
    return _BY_CODE.get(code)
