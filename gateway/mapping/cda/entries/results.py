"""Discrete results of a level 3 body: laboratory observations, vital signs, simple observations.

One `Observation` an entry that has a code and a value; value types in the words of HL7 v2 (NM,
ST, CE, TS, SN), so that one reader serves both standards.
"""

from collections.abc import Iterator
from itertools import filterfalse, islice

from gateway.mapping.cda.entries.pointers import Narrative, anchor_of
from gateway.mapping.cda.entries.surroundings import (
    LABORATORY,
    Ancestors,
    Surroundings,
    comments_of,
    may_be_foreign,
    performer_of,
    time_of,
)
from gateway.mapping.cda.entries.values import text_range, type_of, value_of
from gateway.mapping.cda.nodes import V3, attribute, child, elements_at, every, first, identifier
from gateway.mapping.xml import Element
from gateway.records.documents.observation import Observation

LOINC = "2.16.840.1.113883.6.1"
VITAL_SIGNS = frozenset({"1.3.6.1.4.1.19376.1.5.3.1.4.13.2", "1.2.250.1.213.1.1.3.50"})
HABITS = frozenset({"1.3.6.1.4.1.19376.1.5.3.1.4.13.4", "1.2.250.1.213.1.1.3.52"})
SIMPLE = frozenset(
    {
        "1.3.6.1.4.1.19376.1.5.3.1.4.13",
        "1.3.6.1.4.1.19376.1.5.3.1.4.13.2",
        "1.2.250.1.213.1.1.3.48",
    }
)
CATEGORIES = {"laboratory": LABORATORY, "vital-signs": VITAL_SIGNS, "social-history": HABITS}
DOCUMENT_KIND = "69764-9"
"""LOINC of "type de document": about a file inside, not about the patient."""

INTERPRETATIONS = "2.16.840.1.113883.5.83"
"""ObservationInterpretation: N, L, H, S, R …"""

MAX_OBSERVATIONS = 20_000
MEASURED = frozenset({"PQ", "INT", "REAL", "MO", "IVL_PQ", "IVL_INT", "RTO"})
STATUSES = {"completed": "F", "active": "P", "aborted": "X", "cancelled": "X", "held": "P"}
NOT_DONE = frozenset({"aborted", "cancelled", "nullified"})
NORMAL = "N"

OBSERVATION = V3 + "observation"
NOT_PLAIN = elements_at(
    ".//v3:observation"
    "[not(v3:value[1][@xsi:type='PQ' and not(@nullFlavor)] and v3:code[1]/@code != '')]"
)
"""Observations that are no measured quantity with a code, so that `_is_result` must look."""
CODE, VALUE, STATUS, TIME, FLAG, PERFORMER, RELATION, METHOD = (
    V3 + name
    for name in (
        "code",
        "value",
        "statusCode",
        "effectiveTime",
        "interpretationCode",
        "performer",
        "entryRelationship",
        "methodCode",
    )
)
Parts = dict[str, Element]
"""The first child of an observation under each tag."""


def observations_of(root: Element) -> tuple[Observation, ...]:
    """Every result of the structured body, in document order, at most `MAX_OBSERVATIONS`."""
    body = first(root, "component/structuredBody")
    if body is None:
        return ()
    narrative = Narrative(body)
    ancestors = Ancestors(narrative)
    return tuple(
        _observation(node, _parts(node), narrative, ancestors.around(node))
        for node in _results(body, ancestors)
    )


def count_results(root: Element) -> int:
    """How many `observations_of` would find: a tenth of the work.

    Every observation but those that are none; what is plainly measured is not looked at.
    """
    body = first(root, "component/structuredBody")
    if body is None:
        return 0
    if may_be_foreign(body):
        return sum(1 for _ in _results(body, Ancestors(Narrative(body))))
    observations = sum(1 for _ in body.iter(OBSERVATION))
    none = sum(1 for one in NOT_PLAIN(body) if not _is_result(one))
    return min(observations - none, MAX_OBSERVATIONS)


def _results(body: Element, ancestors: Ancestors) -> Iterator[Element]:
    found: Iterator[Element] = filter(_is_result, body.iter(OBSERVATION))
    if may_be_foreign(body):
        found = filterfalse(ancestors.is_foreign, found)
    return islice(found, MAX_OBSERVATIONS)


def _parts(node: Element) -> Parts:
    """Children by tag, walked once: an observation has few, and results are many."""
    parts: Parts = {}
    for part in node:
        parts.setdefault(part.tag, part)  # type: ignore[arg-type]  # elements only, no PIs
    return parts


def _is_result(node: Element) -> bool:
    value, code = child(node, VALUE), child(node, CODE)
    if code is None or not _is_named(code):
        return False
    if value is None or value.get("nullFlavor"):
        return _is_withdrawn(node)
    if type_of(value) in MEASURED:
        return True
    templates = {one.get("root") for one in every(node, "templateId")}
    if not LABORATORY.isdisjoint(templates):
        return True
    simple = not SIMPLE.isdisjoint(templates) and code.get("codeSystem") == LOINC
    return simple and code.get("code") != DOCUMENT_KIND


def _is_named(code: Element) -> bool:
    """By a code, or by words alone where a laboratory has none for its analysis (BIO-02)."""
    return bool(code.get("code") or code.get("displayName") or len(code))


def _is_withdrawn(node: Element) -> bool:
    """An analysis that the laboratory could not give is told as such (XD-LAB, statusCode)."""
    if attribute(node, "code", "statusCode") not in NOT_DONE:
        return False
    return not LABORATORY.isdisjoint({one.get("root") for one in every(node, "templateId")})


def _observation(
    node: Element, parts: Parts, narrative: Narrative, around: Surroundings
) -> Observation:
    code, system = _preferred(parts[CODE])
    value, value_type, unit = value_of(parts.get(VALUE), narrative)
    details = RELATION in parts
    return Observation(
        code=code,
        system=system,
        text=narrative.name(parts[CODE]),
        value=value,
        value_type=value_type,
        unit=unit,
        range=_range(node),
        flag=_flag(parts.get(FLAG), narrative),
        status=STATUSES.get(attribute(parts.get(STATUS), "code") or "", "F"),
        time=time_of(parts.get(TIME)) or around.time,
        group=around.group,
        group_text=_group(around),
        group_id=around.group_id,
        sub_id="",
        producer=performer_of(parts.get(PERFORMER)) or around.producer,
        note=comments_of(node, narrative) if details else "",
        specimen=around.specimen,
        method=narrative.name(parts.get(METHOD)),
        previous=_previous(node, narrative) if details else "",
        group_note=around.note,
        category=_category(node),
        section=around.section,
        entry=identifier(first(node, "id")) or "",
        anchor=anchor_of(node),
    )


def _preferred(code: Element) -> tuple[str, str]:
    """The LOINC code among the codings of an analysis, else its own, else the first other."""
    codings = [one for one in (code, *every(code, "translation")) if one.get("code")]
    loinc = (one for one in codings if one.get("codeSystem") == LOINC)
    found = next(loinc, codings[0] if codings else None)
    return attribute(found, "code") or "", attribute(found, "codeSystem") or ""


def _group(around: Surroundings) -> str:
    """Battery and isolate: two antibiograms of one culture are two groups."""
    names = (around.group_text, around.isolate)
    return " · ".join(name for name in names if name)


def _flag(interpretation: Element | None, narrative: Narrative) -> str:
    """A code of HL7's, else the words of another system's: « réagit vivement » of a score."""
    system = attribute(interpretation, "codeSystem")
    if system in (None, INTERPRETATIONS):
        return attribute(interpretation, "code") or ""
    return narrative.name(interpretation)


def _range(node: Element) -> str:
    """The laboratory's usual interval: the one marked normal, else the first."""
    found = every(node, "referenceRange/observationRange")
    usual = (one for one in found if attribute(one, "code", "interpretationCode") == NORMAL)
    return text_range(next(usual, found[0] if found else None))


def _previous(node: Element, narrative: Narrative) -> str:
    """Earlier results quoted beside this one, "1.8 mU/L (2026-01-15)", one a line."""
    if _category(node) != "laboratory":
        return ""
    lines = []
    for relation in every(node, "entryRelationship"):
        earlier = first(relation, "observation") if relation.get("typeCode") == "REFR" else None
        value, _, unit = value_of(first(earlier, "value"), narrative)
        if value:
            time = time_of(first(earlier, "effectiveTime"))
            lines.append(
                " ".join(part for part in (value, unit, f"({time})" if time else "") if part)
            )
    return "\n".join(lines)


def _category(node: Element) -> str:
    roots = {one.get("root") for one in every(node, "templateId")}
    return next((name for name, own in CATEGORIES.items() if not own.isdisjoint(roots)), "")
