"""Numbers in results and in laboratories' intervals, as they were written: never guessed.

One reading for the pages and for FHIR. No exponent, no NaN, at most 12 digits on either side: what
is beyond is a text, which stays in its document (VAULT BIO-03).
"""

import re
from decimal import Decimal
from typing import NamedTuple

from gateway.records.documents.observation import Observation

MEASURED = frozenset({"NM", "SN"})
COMPARATORS = {"<": "<", "<=": "<=", "≤": "<=", ">": ">", ">=": ">=", "≥": ">="}
LEAST = frozenset({">", ">="})

_NUMBER = r"[+-]?\d{1,12}(?:[.,]\d{1,12})?"
_QUANTITY = re.compile(rf"(?:(<=|>=|[<>≤≥])\s*)?({_NUMBER})", re.ASCII)
_SPAN = re.compile(rf"({_NUMBER})\s*(?:-|à|–)\s*({_NUMBER})")


class Quantity(NamedTuple):
    """`comparator` is "", "<", "<=", ">" or ">="."""

    comparator: str
    number: Decimal


class Bounds(NamedTuple):
    """Of an interval; None where it is open."""

    low: Decimal | None = None
    high: Decimal | None = None


def quantity_in(text: str) -> Quantity | None:
    """`2.1`, `<0,05`; None for any other text."""
    found = _QUANTITY.fullmatch(text.strip())
    return Quantity(COMPARATORS.get(found[1], ""), _decimal(found[2])) if found else None


def span_in(text: str) -> tuple[Decimal, Decimal] | None:
    """`0.4-4.0`, « 0,4 à 4,0 »; None for any other text."""
    found = _SPAN.fullmatch(text.strip())
    return (_decimal(found[1]), _decimal(found[2])) if found else None


def bounds_in(text: str) -> Bounds | None:
    """The bounds of a laboratory's interval: `12-16`, `<5.0`, `>60`; None where it is in words."""
    if span := span_in(text):
        return Bounds(*span)
    found = quantity_in(text)
    if found is None or not found.comparator:
        return None
    return Bounds(low=found.number) if found.comparator in LEAST else Bounds(high=found.number)


def is_told_as_text(one: Observation, *, is_cda: bool) -> bool:
    """A comma in a number of a message: it was told to its sender (HL7V2 section 8)."""
    return "," in one.value and not is_cda


def quantity_of(one: Observation, *, is_cda: bool) -> Quantity | None:
    """What may be drawn of a result; None for a text, a code, a titre, a span."""
    if one.value_type not in MEASURED or is_told_as_text(one, is_cda=is_cda):
        return None
    return quantity_in(one.value)


def _decimal(number: str) -> Decimal:
    return Decimal(number.replace(",", "."))
