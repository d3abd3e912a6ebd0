"""May this number be this measure? In the unit of the table, and within its bounds (MEA-02).

What is converted is rounded to the step of its measure, half up; what came in the unit of the table
stays as it came.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction

from gateway.mapping.biology.units import measure_of
from gateway.mapping.measures.kinds import Kind

Numbers = tuple[Decimal, ...]
"""One number; systolic and diastolic of a pair."""
ONE = Fraction(1)


class Wrong(StrEnum):
    """Why a value is no measure."""

    COMPUTED = "computed"
    NOT_A_NUMBER = "number"
    NOT_A_PAIR = "pair"
    UNIT = "unit"
    OUTSIDE = "outside"
    NOT_WHOLE = "whole"
    ORDER = "order"


@dataclass(frozen=True, slots=True)
class WrongPart:
    """Which number of a pair it is about; 0 for the first or only one."""

    wrong: Wrong
    part: int = 0


def factor_of(kind: Kind, unit: str) -> Fraction | None:
    """How many of the measure's unit one of this unit is; None where it cannot be converted."""
    if unit == kind.unit or unit in kind.machine:
        return ONE
    if unit in kind.factors:
        return kind.factors[unit]
    of, to = measure_of(unit), measure_of(kind.unit)
    return of.factor / to.factor if of.family == to.family else None


def judged(kind: Kind, numbers: Sequence[Decimal], unit: str) -> Numbers | WrongPart:
    """The numbers in the unit of the table, or why they cannot be this measure."""
    if kind.is_computed:
        return WrongPart(Wrong.COMPUTED)
    if len(numbers) != len(kind.bounds):
        return WrongPart(Wrong.NOT_A_PAIR if kind.is_pair else Wrong.NOT_A_NUMBER)
    factor = factor_of(kind, unit)
    if factor is None:
        return WrongPart(Wrong.UNIT)
    made = tuple(in_unit(kind, number, factor) for number in numbers)
    for part, (number, span) in enumerate(zip(made, kind.bounds, strict=True)):
        if not span.holds(number):
            return WrongPart(Wrong.OUTSIDE, part)
        if kind.is_whole and number % 1:
            return WrongPart(Wrong.NOT_WHOLE, part)
    if kind.is_pair and made[0] <= made[1]:
        return WrongPart(Wrong.ORDER, 1)
    return made


def in_unit(kind: Kind, number: Decimal, factor: Fraction) -> Decimal:
    """7.0 mmol/L of glucose is 126 mg/dL: × 18.016, rounded."""
    if factor == ONE:
        return number
    exact = Fraction(number) * factor
    return stepped(Decimal(exact.numerator) / Decimal(exact.denominator), kind.step)


def stepped(number: Decimal, step: Decimal) -> Decimal:
    """To the nearest step, half up, without idle zeros."""
    steps = (number / step).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return Decimal(f"{(steps * step).normalize():f}")
