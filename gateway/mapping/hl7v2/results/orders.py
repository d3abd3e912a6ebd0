"""The order of results: a filler order number and the authority that gave it (OBR-3, type EI)."""

from gateway.mapping.hl7v2.control.header import component
from gateway.mapping.hl7v2.er7.delimiters import Delimiters
from gateway.mapping.hl7v2.er7.escapes import unescape

DELETED = '""'


def order_of(field: str, marks: Delimiters, charset: str) -> tuple[str, str]:
    """The number (EI.1) and its authority: the namespace (EI.2), else the universal id (EI.3).

    A number is one order inside its authority only (HL7 2.5, 2.A.28): `12^BIO` and `12^MICRO` are
    two. Without a number there is no order; "" where nothing is said.
    """
    if marks.component not in field:
        return _leaf(component(field, 1, marks), marks, charset), ""
    number, *given = (_leaf(component(field, n, marks), marks, charset) for n in (1, 2, 3))
    return (number, next(filter(None, given), "")) if number else ("", "")


def named(number: str, authority: str) -> str:
    """One name for both, to tell orders apart."""
    return f"{number}^{authority}" if authority else number


def _leaf(text: str, marks: Delimiters, charset: str) -> str:
    text = text.strip()
    return "" if text == DELETED else unescape(text, marks, charset).strip()
