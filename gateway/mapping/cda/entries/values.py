"""The value of an observation as text: quantities, intervals, codes, times (HL7 V3 data types)."""

from gateway.mapping.cda.entries.pointers import Narrative
from gateway.mapping.cda.nodes import XSI_TYPE, attribute, first, text_of
from gateway.mapping.datatypes.times import iso_of
from gateway.mapping.xml import Element

CODED = frozenset({"CD", "CE", "CO", "CV"})
VALUE_TYPES = {
    "PQ": "NM", "INT": "NM", "REAL": "NM", "MO": "NM", "ST": "ST", "ED": "ST", "BL": "ST",
    "CD": "CE", "CE": "CE", "CO": "CE", "CV": "CE", "TS": "TS", "IVL_TS": "TS",
    "IVL_PQ": "SN", "IVL_INT": "SN", "RTO": "SN",
}  # fmt: skip

Found = tuple[str, str, str]
"""Value, value type, unit."""


def type_of(value: Element) -> str:
    """The local name of `xsi:type`, a QName: white space around it is none of it."""
    return (value.get(XSI_TYPE) or "").strip().rpartition(":")[2]


def value_of(value: Element | None, narrative: Narrative) -> Found:
    """What an observation says; "" where there is nothing."""
    if value is None or value.get("nullFlavor"):
        return "", "", ""
    kind = type_of(value)
    if kind in CODED:
        return narrative.name(value), "CE", ""
    plain = attribute(value, "value")
    if plain is None and (kind.startswith("IVL_") or kind == "RTO"):
        text, unit = interval(value)
        return (
            (iso_of(text) or text if kind == "IVL_TS" else text),
            VALUE_TYPES.get(kind, "ST"),
            unit,
        )
    if plain:
        stamp = iso_of(plain) if VALUE_TYPES.get(kind) == "TS" else None
        return stamp or plain, VALUE_TYPES.get(kind, "ST"), attribute(value, "unit") or ""
    return narrative.referenced(value), VALUE_TYPES.get(kind, "ST"), ""


def interval(value: Element) -> tuple[str, str]:
    """ "low - high", "≥ low", "< high" or "numerator / denominator", and the unit.

    A bound belongs to its interval unless `inclusive` is false (HL7 V3, IVXB).
    """
    ratio = first(value, "denominator")
    low = first(value, "low") if ratio is None else first(value, "numerator")
    high = first(value, "high") if ratio is None else ratio
    unit = attribute(low, "unit") or attribute(high, "unit") or ""
    bottom, top = attribute(low, "value"), attribute(high, "value")
    if bottom and top:
        return f"{bottom} {'-' if ratio is None else '/'} {top}", unit
    if bottom:
        return f"{'>' if _open(low) else '≥'} {bottom}", unit
    return (f"{'<' if _open(high) else '≤'} {top}" if top else ""), unit


def _open(bound: Element | None) -> bool:
    return attribute(bound, "inclusive") == "false"


def quantity(node: Element | None) -> str:
    """A PQ or an interval of them in words: "2 {tablet}", "1 - 2 mL"; "" where it is unknown."""
    if node is None:
        return ""
    number, unit = attribute(node, "value"), attribute(node, "unit")
    if number is None:
        low, high = attribute(node, "value", "low"), attribute(node, "value", "high")
        unit = attribute(node, "unit", "low") or attribute(node, "unit", "high")
        number = low if low == high else interval(node)[0]
    if not number:
        return ""
    return f"{number} {unit}" if unit and unit != "1" else number


def text_range(node: Element | None) -> str:
    """An observationRange as its interval, else its text."""
    value = first(node, "value")
    span = interval(value)[0] if value is not None else ""
    return span or text_of(node, "text") or ""
