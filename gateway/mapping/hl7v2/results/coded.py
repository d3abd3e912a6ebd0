"""CE and CWE: one code of the two that a value may have, its words and its system."""

from collections.abc import Sequence

from gateway.mapping.hl7v2.results.carets import worded_parts

LOINC = "2.16.840.1.113883.6.1"
SYSTEMS = {"LN": LOINC, "LOINC": LOINC}
DELETED = '""'
ORIGINAL_TEXT = 8
"""CWE.9, counted from 0: what the sender read on its own screen."""


def chosen(value: str, mark: str) -> tuple[str, str, str]:
    """Code, text and system of a CE or CWE, `mark` between its components.

    The LOINC one of its two, else the first that has a code; the words of the one stand in where
    the other has none.
    """
    if mark not in value:
        return stated(value), "", ""
    parts = [*worded_parts(value, mark), *[""] * 6]
    if DELETED in value:
        parts = [stated(one) for one in parts]
    first, second = parts[0:3], parts[3:6]
    if second[0] and first[2] not in SYSTEMS and (second[2] in SYSTEMS or not first[0]):
        first, second = second, first
    return first[0], first[1] or second[1] or _original(parts), first[2]


def _original(parts: Sequence[str]) -> str:
    return parts[ORIGINAL_TEXT] if len(parts) > ORIGINAL_TEXT + 6 else ""


def stated(value: str) -> str:
    """A deleted name, unit, range or flag is none; a deleted value stays (`value_of`)."""
    return "" if value == DELETED else value
