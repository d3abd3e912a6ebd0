"""Discrete results of a level 3 body: laboratory observations, vital signs, simple observations.

One `Observation` an entry that has a code and a value; value types in the words of HL7 v2 (NM,
ST, CE, TS, SN), so that one reader serves both standards.
"""

from collections.abc import Iterator

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

Found = tuple[str, str, str]
"""Value, value type, unit."""


def observations_of(root: Element) -> tuple[Observation, ...]:
    """Every result of the structured body, in document order, at most `max_observations`."""
    body = first(root, "component/structuredBody")
    if body is None:
        return ()
    narrative: dict[str, Element] = {}
    found: list[Observation] = []
    for node in body.iter(V3 + "observation"):
        if _is_result(node):
            if not narrative:
                narrative = _narrative_ids(body)
            found.append(_observation(node, narrative))
            if len(found) == max_observations:
                break
    return tuple(found)


def _is_result(node: Element) -> bool:
    if node.get("moodCode", "EVN") != "EVN" or node.get("negationInd") == "true":
        return False
    value, code = first(node, "value"), first(node, "code")
    if value is None or code is None or value.get("nullFlavor") or not _named(code):
        return False
    templates = {one.get("root") for one in every(node, "templateId")}
    if not LABORATORY.isdisjoint(templates) or _type_of(value) in MEASURED:
        return True
    simple = not SIMPLE.isdisjoint(templates) and code.get("codeSystem") == LOINC
    return simple and code.get("code") != DOCUMENT_KIND


def _named(code: Element) -> bool:
    return bool(code.get("code") or code.get("displayName"))


def _type_of(value: Element) -> str:
    return (value.get(XSI_TYPE) or "").rpartition(":")[2]


def _observation(node: Element, narrative: dict[str, Element]) -> Observation:
    code = first(node, "code")
    value, value_type, unit = _value(first(node, "value"), narrative)
    group = _group(node)
    group_code = first(group, "code")
    return Observation(
        code=attribute(code, "code") or "",
        system=attribute(code, "codeSystem") or "",
        text=attribute(code, "displayName") or _referenced(code, "originalText", narrative),
        value=value,
        value_type=value_type,
        unit=unit,
        range=_range(node),
        flag=attribute(node, "code", "interpretationCode") or "",
        status=STATUSES.get(attribute(node, "code", "statusCode") or "", "F"),
        time=_time(node),
        group=attribute(group_code, "code") or "",
        group_text=attribute(group_code, "displayName") or "",
        group_id=attribute(group, "extension", "id") or attribute(group, "root", "id") or "",
        sub_id="",
        producer=_producer(node),
        note=_note(node, narrative),
    )


def _value(value: Element | None, narrative: dict[str, Element]) -> Found:
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


def _range(node: Element) -> str:
    found = first(node, "referenceRange/observationRange")
    if found is None:
        return ""
    value = first(found, "value")
    span = _interval(value)[0] if value is not None else ""
    return span or text_of(found, "text") or ""


def _time(node: Element) -> str | None:
    stamp = attribute(node, "value", "effectiveTime") or attribute(
        node, "value", "effectiveTime/low"
    )
    return iso_of(stamp)


def _group(node: Element) -> Element | None:
    """The battery around it, else the act or organizer of its entry."""
    for parent in node.iterancestors(V3 + "organizer", V3 + "act", V3 + "section"):
        return parent if parent.tag in GROUPS else None
    return None


def _producer(node: Element) -> str:
    for step in (node, *node.iterancestors(V3 + "organizer", V3 + "act")):
        name = text_of(step, "performer/assignedEntity/representedOrganization/name")
        if name:
            return name
    return ""


def _note(node: Element, narrative: dict[str, Element]) -> str:
    notes = []
    for act in every(node, "entryRelationship/act"):
        if any(one.get("root") == COMMENT for one in every(act, "templateId")):
            notes.append(text_of(act, "text") or _referenced(act, "text", narrative))
    return "\n".join(note for note in notes if note)


def _referenced(node: Element | None, path: str, narrative: dict[str, Element]) -> str:
    """The narrative that `reference/@value` points at, or the text written in place."""
    target = first(node, path) if path else node
    if target is None:
        return ""
    pointer = (attribute(target, "value", "reference") or "").removeprefix("#")
    if pointer in narrative:
        return text_of(narrative[pointer]) or ""
    return text_of(target) or ""


def _narrative_ids(body: Element) -> dict[str, Element]:
    return {name: node for node in _narrative(body) if (name := node.get("ID"))}


def _narrative(body: Element) -> Iterator[Element]:
    for section in body.iter(V3 + "section"):
        text = first(section, "text")
        if text is not None:
            yield from text.iter()
