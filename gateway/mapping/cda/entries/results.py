"""Discrete results of a level 3 body: laboratory observations, vital signs, simple observations.

One `Observation` an entry that has a code and a value; value types in the words of HL7 v2 (NM,
ST, CE, TS, SN), so that one reader serves both standards.
"""

from collections.abc import Iterator
from itertools import islice

from gateway.mapping.cda.nodes import V3, XSI_TYPE, attribute, every, first, text_of
from gateway.mapping.times import iso_of
from gateway.mapping.xml import Element
from gateway.records.observation import Observation

LOINC = "2.16.840.1.113883.6.1"
LABORATORY = frozenset({"1.3.6.1.4.1.19376.1.3.1.6", "1.2.250.1.213.1.1.3.80"})
SIMPLE = frozenset(
    {
        "1.3.6.1.4.1.19376.1.5.3.1.4.13",
        "1.3.6.1.4.1.19376.1.5.3.1.4.13.2",
        "1.2.250.1.213.1.1.3.48",
    }
)
COMMENT = "1.3.6.1.4.1.19376.1.5.3.1.4.2"
DOCUMENT_KIND = "69764-9"
"""LOINC of "type de document": about a file inside, not about the patient."""

max_observations = 20_000
MEASURED = frozenset({"PQ", "INT", "REAL", "MO", "IVL_PQ", "IVL_INT", "RTO"})
VALUE_TYPES = {
    "PQ": "NM", "INT": "NM", "REAL": "NM", "MO": "NM", "ST": "ST", "ED": "ST", "BL": "ST",
    "CD": "CE", "CE": "CE", "CO": "CE", "CV": "CE", "TS": "TS", "IVL_TS": "TS",
    "IVL_PQ": "SN", "IVL_INT": "SN", "RTO": "SN",
}  # fmt: skip
STATUSES = {"completed": "F", "active": "P", "aborted": "X", "cancelled": "X", "held": "P"}
GROUPS = frozenset({V3 + "organizer", V3 + "act"})

OUTSIDE = frozenset({V3 + "entry", V3 + "section"})

CODE, VALUE, STATUS, TIME, FLAG, RANGE, PERFORMER, RELATION = (
    V3 + name
    for name in (
        "code",
        "value",
        "statusCode",
        "effectiveTime",
        "interpretationCode",
        "referenceRange",
        "performer",
        "entryRelationship",
    )
)
Parts = dict[str, Element]
"""The first child of an observation under each tag."""

Found = tuple[str, str, str]
"""Value, value type, unit."""


class Narrative:
    """The elements of the narrative by ID, gathered when the first reference is followed."""

    def __init__(self, body: Element) -> None:
        self._body = body
        self._named: dict[str, Element] | None = None

    def text(self, pointer: str) -> str:
        """What "#id" points at, or ""."""
        if self._named is None:
            self._named = {name: node for node in self._nodes() if (name := node.get("ID"))}
        node = self._named.get(pointer.removeprefix("#"))
        return text_of(node) or ""

    def _nodes(self) -> Iterator[Element]:
        for section in self._body.iter(V3 + "section"):
            text = first(section, "text")
            if text is not None:
                yield from text.iter()


def observations_of(root: Element) -> tuple[Observation, ...]:
    """Every result of the structured body, in document order, at most `max_observations`."""
    body = first(root, "component/structuredBody")
    if body is None:
        return ()
    narrative = Narrative(body)
    return tuple(_observation(node, parts, narrative) for node, parts in _results(body))


def count_results(root: Element) -> int:
    """How many `observations_of` would find: a tenth of the work."""
    body = first(root, "component/structuredBody")
    return 0 if body is None else sum(1 for _ in _results(body))


def _results(body: Element) -> Iterator[tuple[Element, Parts]]:
    found = ((node, _parts(node)) for node in body.iter(V3 + "observation"))
    return islice((pair for pair in found if _is_result(*pair)), max_observations)


def _parts(node: Element) -> Parts:
    """Children by tag, walked once: an observation has few, and results are many."""
    parts: Parts = {}
    for child in node:
        parts.setdefault(child.tag, child)  # type: ignore[arg-type]  # elements only, no PIs
    return parts


def _is_result(node: Element, parts: Parts) -> bool:
    value, code = parts.get(VALUE), parts.get(CODE)
    if value is None or code is None or value.get("nullFlavor"):
        return False
    if node.get("moodCode", "EVN") != "EVN" or node.get("negationInd") == "true":
        return False
    if not (code.get("code") or code.get("displayName")):
        return False
    if _type_of(value) in MEASURED:
        return True
    templates = {one.get("root") for one in every(node, "templateId")}
    if not LABORATORY.isdisjoint(templates):
        return True
    simple = not SIMPLE.isdisjoint(templates) and code.get("codeSystem") == LOINC
    return simple and code.get("code") != DOCUMENT_KIND


def _type_of(value: Element) -> str:
    return (value.get(XSI_TYPE) or "").rpartition(":")[2]


def _observation(node: Element, parts: Parts, narrative: Narrative) -> Observation:
    code = parts.get(CODE)
    value, value_type, unit = _value(parts.get(VALUE), narrative)
    group, group_text, group_id, producer = _circumstances(node, parts)
    return Observation(
        code=attribute(code, "code") or "",
        system=attribute(code, "codeSystem") or "",
        text=attribute(code, "displayName") or _referenced(code, "originalText", narrative),
        value=value,
        value_type=value_type,
        unit=unit,
        range=_range(parts.get(RANGE)),
        flag=attribute(parts.get(FLAG), "code") or "",
        status=STATUSES.get(attribute(parts.get(STATUS), "code") or "", "F"),
        time=_time(parts.get(TIME)),
        group=group,
        group_text=group_text,
        group_id=group_id,
        sub_id="",
        producer=producer,
        note=_note(node, narrative) if RELATION in parts else "",
    )


def _value(value: Element | None, narrative: Narrative) -> Found:
    if value is None:
        return "", "", ""
    kind = _type_of(value)
    if kind in ("CD", "CE", "CO", "CV"):
        text = attribute(value, "displayName") or _referenced(value, "originalText", narrative)
        return text or attribute(value, "code") or "", "CE", ""
    if kind.startswith("IVL_") or kind == "RTO":
        text, unit = _interval(value)
        return text, VALUE_TYPES.get(kind, "ST"), unit
    if plain := attribute(value, "value"):
        stamp = iso_of(plain) if kind == "TS" else None
        return stamp or plain, VALUE_TYPES.get(kind, "ST"), attribute(value, "unit") or ""
    return text_of(value) or _referenced(value, "", narrative), VALUE_TYPES.get(kind, "ST"), ""


def _interval(value: Element) -> tuple[str, str]:
    """ "low - high", "> low", "< high" or "numerator / denominator", and the unit."""
    low = first(value, "low") if first(value, "low") is not None else first(value, "numerator")
    high = first(value, "high") if first(value, "high") is not None else first(value, "denominator")
    unit = attribute(low, "unit") or attribute(high, "unit") or ""
    bottom, top = attribute(low, "value"), attribute(high, "value")
    if bottom and top:
        ratio = first(value, "denominator") is not None
        return f"{bottom} {'/' if ratio else '-'} {top}", unit
    if bottom:
        return f"> {bottom}", unit
    return (f"< {top}" if top else ""), unit


def _range(node: Element | None) -> str:
    found = first(node, "observationRange")
    if found is None:
        return ""
    value = first(found, "value")
    span = _interval(value)[0] if value is not None else ""
    return span or text_of(found, "text") or ""


def _time(node: Element | None) -> str | None:
    return iso_of(attribute(node, "value") or attribute(node, "value", "low"))


def _circumstances(node: Element, parts: Parts) -> tuple[str, str, str, str]:
    """Code, name and id of the battery or act around it, and who measured."""
    producer = _organization(parts.get(PERFORMER))
    group = group_text = group_id = ""
    parent = node.getparent()
    while parent is not None and parent.tag not in OUTSIDE:
        if parent.tag in GROUPS:
            code = first(parent, "code")
            if not group and code is not None:
                group, group_text = (
                    attribute(code, "code") or "",
                    attribute(code, "displayName") or "",
                )
                ident = first(parent, "id")
                group_id = attribute(ident, "extension") or attribute(ident, "root") or ""
            producer = producer or _organization(first(parent, "performer"))
        parent = parent.getparent()
    return group, group_text, group_id, producer


def _organization(performer: Element | None) -> str:
    return text_of(performer, "assignedEntity/representedOrganization/name") or ""


def _note(node: Element, narrative: Narrative) -> str:
    notes = []
    for relation in every(node, "entryRelationship"):
        act = first(relation, "act")
        if any(one.get("root") == COMMENT for one in every(act, "templateId")):
            notes.append(_referenced(act, "text", narrative))
    return "\n".join(note for note in notes if note)


def _referenced(node: Element | None, path: str, narrative: Narrative) -> str:
    """The narrative that `reference/@value` points at, or the text written in place."""
    target = first(node, path) if path else node
    if target is None:
        return ""
    pointer = attribute(target, "value", "reference")
    return (narrative.text(pointer) if pointer else "") or text_of(target) or ""
