"""A bare caret that was meant as a power, where the caret is the component separator.

Laboratories write `10^9/L` and forget that a caret in a value is escaped. Two components are one
again where the first ends as the base of a power does and the second begins as its exponent: no
code and no name of a unit is written so.
"""

import re

CARET = "^"
BASE = re.compile(r"(?:(?:^|.*[ (x×*/])10|(?:.*[^A-Za-zµ])?[cdmkuµ]?m)", re.ASCII | re.IGNORECASE)
TEN_IN_TEXT = re.compile(r".*[ (x×]10", re.ASCII)
EXPONENT = re.compile(r"[+-]?\d{1,2}(?:[ ]?[/.)(*].*|[ ][A-Za-zµ]+/.*)?", re.ASCII)
IN_WORDS = re.compile(r"[+-]?\d{1,2}[ ]?(?:[/.)(*]|[A-Za-zµ]+/).*", re.ASCII)
HINT = "10^"
MAX_PARTS = 22
"""Components of a CWE."""
ESCAPED = "\\S\\"


def meant(unit: str) -> str:
    """With its escaped caret undone, to be looked at and not to be kept."""
    return unit.replace(ESCAPED, CARET)


def unit_parts(value: str, mark: str) -> list[str]:
    """The components of OBX-6; of more than MAX_PARTS the rest stays one."""
    parts = value.split(mark, MAX_PARTS)
    return _joined(parts, BASE, BASE, EXPONENT) if mark == CARET else parts


def worded_parts(value: str, mark: str) -> list[str]:
    """The components of a CE or CWE: a code of `10` stays one, a text of `10` was cut."""
    parts = value.split(mark, MAX_PARTS)
    if mark != CARET or HINT not in value:
        return parts
    return _joined(parts, TEN_IN_TEXT, BASE, IN_WORDS)


def number_parts(value: str, mark: str) -> list[str]:
    """The components of an SN: comparator, number, separator, number. An exponent is no separator
    (HL7 2.5, 2.A.71)."""
    parts = value.split(mark)
    if mark != CARET:
        return parts
    return [
        f"{CARET}{part}" if at and parts[at - 1] == "10" and part.isdecimal() else part
        for at, part in enumerate(parts)
    ]


def _joined(
    parts: list[str], first: re.Pattern[str], base: re.Pattern[str], power: re.Pattern[str]
) -> list[str]:
    """`first` is how a base ends in the first component, which of a code is the code itself."""
    if len(parts) > MAX_PARTS:
        return parts
    whole: list[str] = []
    for part in parts:
        ends = first if len(whole) == 1 else base
        if whole and power.fullmatch(part) and ends.fullmatch(whole[-1]):
            whole[-1] += CARET + part
        else:
            whole.append(part)
    return whole
