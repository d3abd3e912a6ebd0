"""Which units can be converted into one another, and by how much (UCUM, VAULT BIO-02).

Only what follows from the units themselves: prefixes, litres and cubic metres, minutes and seconds,
enzyme units and katals. Nothing is cancelled, so that `%` and `mmol/mol` are two families; a remark
in braces makes a family of its own, but for what was merely counted; grams never become moles.
The spellings of French laboratories that are no UCUM (`mUI/L`, `G/L`, `/mm3`) are read beside it.
"""

import re
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from gateway.mapping.datatypes.units import MAX_UNIT
from gateway.records.remembering import remembers_short

ONE = Fraction(1)
PREFIXES = {
    "T": 12, "G": 9, "M": 6, "k": 3, "h": 2, "da": 1,
    "d": -1, "c": -2, "m": -3, "u": -6, "n": -9, "p": -12, "f": -15, "a": -18,
}  # fmt: skip
METRIC: dict[str, tuple[Fraction, str, str]] = {
    "g": (ONE, "g", ""),
    "L": (Fraction(1, 1000), "m m m", ""),
    "l": (Fraction(1, 1000), "m m m", ""),
    "m": (ONE, "m", ""),
    "s": (ONE, "s", ""),
    "mol": (ONE, "mol", ""),
    "eq": (ONE, "eq", ""),
    "osm": (ONE, "osm", ""),
    "[IU]": (ONE, "[IU]", ""),
    "U": (Fraction(1, 60_000_000), "mol", "s"),
    "kat": (ONE, "mol", "s"),
    "Pa": (ONE, "Pa", ""),
    "m[Hg]": (Fraction("133322.387415"), "Pa", ""),
}
"""What one of it is: how many, above the line, below it."""
OTHERS: dict[str, tuple[Fraction, str, str]] = {
    "%": (ONE, "%", ""),
    "min": (Fraction(60), "s", ""),
    "h": (Fraction(3600), "s", ""),
    "d": (Fraction(86_400), "s", ""),
}
COUNTED = frozenset({"cells", "cell", "cellules", "count"})
MOST_DIGITS, LEAST_DIGITS = 12, 3
MAX_EXPONENT = 24

_SPELLINGS = (
    (re.compile(r"[µμ]"), "u"),
    (re.compile("²"), "2"),
    (re.compile("³"), "3"),
    (re.compile("⁹"), "^9"),
    (re.compile("⁶"), "^6"),
    (re.compile("¹²"), "^12"),
    (re.compile(r"\[iU\]|\[IU\]|(?<![A-Za-z\[])(?:IU|UI)|(?<=[mukn])(?:IU|UI)"), "[IU]"),
    (re.compile(r"(?<![\d.])x?10(?:\*\*|[*^eE])\^?(?=-?\d)"), "10*"),
    (re.compile(r"\bG(?:iga)?/(?=[lL]\b)"), "10*9/"),
    (re.compile(r"\bT(?:era)?/(?=[lL]\b)"), "10*12/"),
    (re.compile(r"mmHg"), "mm[Hg]"),
    (re.compile(r"mEq\b"), "meq"),
    (re.compile(r"\{?1[.,]73[ _]?m2\}?"), "{1.73_m2}"),
    (re.compile(r"\s+"), ""),
)
_PARTS = re.compile(r"([./]?)((?:\{[^{}]*\}|[^./{}])+)")
_TERM = re.compile(r"(?:10\*(?P<ten>-?\d{1,2})|(?P<atom>[^\d{}+-]+)(?P<power>[+-]?\d)?)?"
                   r"(?:\{(?P<remark>[^{}]*)\})?", re.ASCII)  # fmt: skip


class Measure(NamedTuple):
    """A unit: of one `family` all can be converted; `factor` of these make one of it."""

    family: str
    factor: Fraction


@remembers_short(entries=2048, characters=MAX_UNIT)
def measure_of(unit: str) -> Measure:
    """A unit that is not known is a family of its own, as it was written."""
    return _read(unit) or Measure(f"={unit.strip()}", ONE)


def converted(number: Decimal, of: Measure, to: Measure) -> Decimal:
    """The number in another unit of its family: exact where decimals can say it, else with as many
    digits as it had, and three at least."""
    if of.factor == to.factor:
        return number
    exact = Fraction(number) * of.factor / to.factor
    made = Decimal(exact.numerator) / Decimal(exact.denominator)
    if Fraction(made) == exact and len(made.as_tuple().digits) <= MOST_DIGITS:
        return _plain(made)
    digits = max(LEAST_DIGITS, len(number.as_tuple().digits))
    return _plain(Decimal(f"{made:.{min(digits, MOST_DIGITS)}g}"))


def _plain(number: Decimal) -> Decimal:
    return Decimal(f"{number.normalize():f}")


def _read(unit: str) -> Measure | None:
    text = unit
    for written, meant in _SPELLINGS:
        text = written.sub(meant, text)
    if not text or len(text) > MAX_UNIT:
        return Measure("", ONE) if not text else None
    above: list[str] = []
    below: list[str] = []
    factor, end = ONE, 0
    for part in _PARTS.finditer(text):
        if part.start() != end or (read := _term(part[2])) is None:
            return None
        end, (one, up, down) = part.end(), read
        if part[1] == "/":
            one, up, down = 1 / one, down, up
        factor, above, below = factor * one, above + up, below + down
    if end != len(text):
        return None
    return Measure(f"{' '.join(sorted(above))}/{' '.join(sorted(below))}", factor)


def _term(text: str) -> tuple[Fraction, list[str], list[str]] | None:
    """How many, above, below; None for what is not known here."""
    found = _TERM.fullmatch(text)
    if found is None:
        return None
    remark = found["remark"] or ""
    remarks = [f"{{{remark}}}"] if remark and remark not in COUNTED else []
    if found["ten"]:
        ten = int(found["ten"])
        return (Fraction(10) ** ten, remarks, []) if abs(ten) <= MAX_EXPONENT else None
    if not found["atom"]:
        return (ONE, remarks, []) if found["remark"] is not None else None
    atom = _atom(found["atom"])
    if atom is None:
        return None
    power = int(found["power"] or 1)
    factor, up, down = atom[0] ** power, atom[1].split(), atom[2].split()
    if power < 0:
        up, down, power = down, up, -power
    return factor, up * power + remarks, down * power


def _atom(text: str) -> tuple[Fraction, str, str] | None:
    if known := OTHERS.get(text) or METRIC.get(text):
        return known
    for length in (1, 2):
        prefix, metric = PREFIXES.get(text[:length]), METRIC.get(text[length:])
        if prefix is not None and metric is not None:
            return Fraction(10) ** prefix * metric[0], metric[1], metric[2]
    return None
