"""What a person types: comma or point, « 13/8 » of a tension, a unit as people write it.

A tension of « 13/8 » is in cmHg whatever unit was chosen: no number so small is one in mmHg.
"""

import re
from decimal import Decimal
from typing import NamedTuple

from gateway.mapping.measures.judged import Numbers, Wrong, WrongPart, judged
from gateway.mapping.measures.kinds import Kind

CM_HG = "cm[Hg]"
MAX_CM_HG = 30
"""The highest tension of the table, in cmHg."""
MAX_TYPED_CHARACTERS = 40
SPELLINGS = {
    "mmhg": "mm[Hg]",
    "cmhg": CM_HG,
    "°c": "Cel",
    "cel": "Cel",
    "bpm": "/min",
    "kg/m²": "kg/m2",
    "mg/dl": "mg/dL",
    "g/l": "g/L",
    "mmol/l": "mmol/L",
    "/10": "{score}",
    "pas/jour": "1/(24.h)",
    "pas": "1/(24.h)",
}
_NUMBER = re.compile(r"[+-]?(?:\d{1,9}|\d{1,3}(?: \d{3}){1,2})(?:[.,]\d{1,6})?", re.ASCII)
_PAIR = re.compile(r"(.+?)\s*(?:/|-|\bsur\b)\s*(.+)")


class Typed(NamedTuple):
    """`numbers` in the unit of the table; `said` as they were typed, in `unit`."""

    numbers: Numbers
    said: Numbers
    unit: str


def number_in(text: str) -> Decimal | None:
    """« 12,5 », « 12.5 », « 10 000 »; None for any other text."""
    plain = " ".join(text.split()) if len(text) <= MAX_TYPED_CHARACTERS else ""
    if _NUMBER.fullmatch(plain) is None:
        return None
    return Decimal(plain.replace(" ", "").replace(",", "."))


def unit_in(text: str) -> str:
    """UCUM for what people write; any other text as it is."""
    plain = text.strip()
    return SPELLINGS.get(plain.casefold(), plain)


def read_typed(kind: Kind, value: str, value2: str, unit: str) -> Typed | WrongPart:
    """What was typed, or why it cannot be this measure.

    No unit said is the measure's own; of a pair `value` may hold both.
    """
    written = _written(kind, value, value2)
    numbers = [number_in(one) for one in written]
    if kind.is_pair and len(numbers) != len(kind.bounds):
        return WrongPart(Wrong.NOT_A_PAIR, 1)
    for part, number in enumerate(numbers):
        if number is None:
            return WrongPart(Wrong.NOT_A_NUMBER, part)
    given = [number for number in numbers if number is not None]
    meant = _unit(kind, given, unit_in(unit))
    if meant not in kind.units:
        return WrongPart(Wrong.UNIT)
    made = judged(kind, given, meant)
    if isinstance(made, WrongPart):
        return made
    return Typed(made, tuple(given), meant)


def _written(kind: Kind, value: str, value2: str) -> list[str]:
    if not kind.is_pair or len(value) > MAX_TYPED_CHARACTERS:
        return [value]
    if value2.strip():
        return [value, value2]
    found = _PAIR.fullmatch(value.strip())
    return [found[1], found[2]] if found else [value]


def _unit(kind: Kind, numbers: list[Decimal], unit: str) -> str:
    if kind.is_pair and unit in ("", kind.unit) and all(0 < one <= MAX_CM_HG for one in numbers):
        return CM_HG
    return unit or kind.unit
