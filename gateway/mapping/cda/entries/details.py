"""What entries of every kind have in common: their dates, codings, and what is said inside."""

from dataclasses import dataclass

from gateway.mapping.cda.entries.pointers import Narrative
from gateway.mapping.cda.nodes import attribute, every, first
from gateway.mapping.datatypes.times import iso_of
from gateway.mapping.xml import Element
from gateway.records.documents.fact import NOTHING_CODED, Coded


@dataclass(frozen=True, slots=True)
class Told:
    """What a reader needs beside the statement; `at` is when the document was made."""

    narrative: Narrative
    at: str | None


def value_in(node: Element, told: Told) -> Coded:
    """The coded value of an observation; the text of the entry where the value says nothing."""
    found = told.narrative.coded(first(node, "value"))
    if found.code or found.text:
        return found
    return Coded(text=told.narrative.referenced(node, "text"))


def translations_of(code: Element | None, told: Told) -> tuple[Coded, ...]:
    found = (told.narrative.coded(one) for one in every(code, "translation"))
    return tuple(one for one in found if one.code)


def period_of(node: Element) -> tuple[str | None, str | None]:
    """Start and end of the first effectiveTime that has one; a moment is a start."""
    for time in every(node, "effectiveTime"):
        start = iso_of(attribute(time, "value") or attribute(time, "value", "low"))
        stop = iso_of(attribute(time, "value", "high"))
        if start or stop:
            return start, stop
    return None, None


def related(node: Element, kind: str) -> list[Element]:
    relations = (one for one in every(node, "entryRelationship") if one.get("typeCode") == kind)
    return [inner for one in relations for inner in every(one, "observation")]


def _inside(node: Element, code: str) -> Element | None:
    """The observation of this code that an entry holds to say something of itself."""
    found = every(node, "entryRelationship/observation")
    return next((one for one in found if attribute(one, "code", "code") == code), None)


def inner(node: Element, code: str, told: Told) -> Coded:
    found = _inside(node, code)
    return told.narrative.coded(first(found, "value")) if found is not None else NOTHING_CODED


def inner_value(node: Element, code: str) -> str | None:
    return attribute(_inside(node, code), "value", "value")
