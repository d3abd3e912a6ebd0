"""Values of a stored query: strings, lists, codes, times, patterns (ITI TF-2 3.18.4.1.2.3.5)."""

import re
from collections.abc import Iterator
from typing import NamedTuple

ITEM = re.compile(r"\s*(?:'((?:[^']++|'')*+)'|([^\s',()]++))\s*(,|\Z)")
TIME = re.compile(r"\d{4}(?:\d\d){0,5}", re.ASCII)
FIRST_INSTANT = "0000" + "0101" + "000000"
URN_OID = "urn:oid:"


class Value(NamedTuple):
    """`quoted`: written between apostrophes, which a string must be and a number need not."""

    text: str
    quoted: bool


class Code(NamedTuple):
    """`code^^scheme`."""

    code: str
    scheme: str


def values_of(written: str) -> Iterator[Value]:
    """The items of one Value element: `'x'`, `('x','y')` or `20260115`. Raises ValueError."""
    inside = written.strip()
    if inside.startswith("("):
        if not inside.endswith(")"):
            raise ValueError("a list ends with a bracket")
        inside = inside[1:-1]
    place, more = 0, True
    while more:
        found = ITEM.match(inside, place)
        if found is None:
            raise ValueError("a value is a string in apostrophes, a number, or a list of them")
        string, number, comma = found.groups()
        yield Value(number, quoted=False) if string is None else _string(string)
        place, more = found.end(), bool(comma)


def _string(written: str) -> Value:
    return Value(" ".join(written.replace("''", "'").split()), quoted=True)


def code_of(text: str) -> Code:
    """Raises ValueError: the scheme is part of the code, the name between them is not."""
    code, *between, scheme = text.split("^")
    if len(between) != 1 or between[0] or not code or not scheme:
        raise ValueError("a code is 'code^^scheme'")
    return Code(code, scheme.removeprefix(URN_OID))


def instant_of(text: str) -> str:
    """A time of XDS, YYYY[MM[DD[hh[mm[ss]]]]] in UTC, as its first second: 14 digits that compare.

    Raises ValueError.
    """
    if not TIME.fullmatch(text):
        raise ValueError("a time is YYYY[MM[DD[hh[mm[ss]]]]]")
    return text + FIRST_INSTANT[len(text) :]


def like(text: str, pattern: str) -> bool:
    """LIKE of SQL without case: `%` is any characters, `_` one. At most as many steps as the
    characters of one times those of the other."""
    text, pattern = text.casefold(), pattern.casefold()
    place = sign = 0
    star, back = -1, 0
    while place < len(text):
        if sign < len(pattern) and pattern[sign] == "%":
            star, back = sign, place
            sign += 1
        elif sign < len(pattern) and pattern[sign] in ("_", text[place]):
            place, sign = place + 1, sign + 1
        elif star >= 0:
            back += 1
            place, sign = back, star + 1
        else:
            return False
    return not pattern[sign:].strip("%")
