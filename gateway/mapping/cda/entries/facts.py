"""The coded facts of a level 3 body: problems, allergies, treatments, vaccines, acts, devices.

Entries are found by the templates they declare, whatever the model of the document.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice

from gateway.mapping.cda.entries import acts, conditions
from gateway.mapping.cda.entries.details import Told
from gateway.mapping.cda.entries.pointers import Narrative
from gateway.mapping.cda.nodes import V3, attribute, every, first
from gateway.mapping.datatypes.times import iso_of
from gateway.mapping.xml import Element
from gateway.records.documents.fact import Fact, FactStatus

MAX_FACTS = 5_000
MAX_NESTING = 20

PCC = "1.3.6.1.4.1.19376.1.5.3.1.4."
FRENCH = "1.2.250.1.213.1.1.3."
ADVERSE_EFFECT = FRENCH + "210"
"""FR-Effet-indesirable is built as a problem and is none: it stays in the narrative."""

Reader = Callable[[Element, Told], Iterator[Fact]]
READERS: tuple[tuple[str, str, Reader], ...] = (
    ("observation", PCC + "6", conditions.allergy),
    ("observation", FRENCH + "41", conditions.allergy),
    ("observation", PCC + "5", conditions.problem),
    ("observation", FRENCH + "37", conditions.problem),
    ("organizer", PCC + "15", conditions.family_history),
    ("organizer", FRENCH + "59", conditions.family_history),
    ("substanceAdministration", PCC + "12", acts.immunization),
    ("substanceAdministration", PCC + "12.2", acts.immunization),
    ("substanceAdministration", FRENCH + "45", acts.immunization),
    ("substanceAdministration", PCC + "7", acts.medication),
    ("substanceAdministration", FRENCH + "42", acts.medication),
    ("procedure", PCC + "19", acts.procedure),
    ("procedure", FRENCH + "62", acts.procedure),
    ("supply", FRENCH + "20", acts.device),
    ("encounter", PCC + "14", acts.encounter),
)
"""Tag and template of an entry, in the order in which a statement of several is taken."""

GROUPS = frozenset({V3 + "act", V3 + "organizer"})


def facts_of(root: Element) -> tuple[Fact, ...]:
    """Every fact of the structured body, in document order, at most `MAX_FACTS`."""
    body = first(root, "component/structuredBody")
    if body is None:
        return ()
    told = Told(Narrative(body), iso_of(attribute(root, "value", "effectiveTime")))
    found = (
        _undenied(fact)
        for section in body.iter(V3 + "section")
        for entry in every(section, "entry")
        for statement in entry
        for fact in _walk(statement, told, MAX_NESTING)
        if fact.what.code or fact.what.text
    )
    return tuple(islice(found, MAX_FACTS))


def _undenied(fact: Fact) -> Fact:
    """« Pas d'allergie connue » is neither denied, nor over, nor done: its words say all of it."""
    if not fact.says_none:
        return fact
    return replace(fact, status=FactStatus.UNKNOWN, negated=False)


def _walk(node: Element, told: Told, left: int) -> Iterator[Fact]:
    """The facts of a statement, or of the parts of a group; a group on somebody else has none."""
    reader = _reader_of(node)
    if reader is not None:
        yield from reader(node, told)
    elif node.tag in GROUPS and left and first(node, "subject") is None:
        for path in ("component", "entryRelationship"):
            for relation in every(node, path):
                for inner in relation:
                    yield from _walk(inner, told, left - 1)


def _reader_of(node: Element) -> Reader | None:
    tag = str(node.tag).removeprefix(V3)
    roots = {one.get("root") for one in every(node, "templateId")}
    if ADVERSE_EFFECT in roots:
        return None
    return next((read for name, root, read in READERS if name == tag and root in roots), None)
