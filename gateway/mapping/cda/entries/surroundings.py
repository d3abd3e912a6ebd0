"""What stands around an observation: battery, isolate, specimen, laboratory, section.

Each ancestor is read once, however many results it holds.
"""

from typing import NamedTuple

from gateway.mapping.cda.entries.pointers import Narrative
from gateway.mapping.cda.nodes import V3, attribute, child, every, first, text_of
from gateway.mapping.datatypes.times import iso_of
from gateway.mapping.xml import Element

COMMENTS = frozenset({"1.3.6.1.4.1.19376.1.5.3.1.4.2", "1.2.250.1.213.1.1.3.32"})
COLLECTION = "1.3.6.1.4.1.19376.1.3.1.2"
"""IHE PaLM Specimen Collection, CI-SIS FR-Prelevement."""

LABORATORY = frozenset({"1.3.6.1.4.1.19376.1.3.1.6", "1.2.250.1.213.1.1.3.80"})
GROUPS = frozenset({V3 + "organizer", V3 + "act"})
OUTSIDE = frozenset({V3 + "entry", V3 + "section"})
DETAILED = frozenset({V3 + "substanceAdministration", V3 + "supply"})
"""What is observed inside these describes the medicine, not the patient (a rank, a dose)."""
SUBJECT = V3 + "subject"
STATEMENTS = (
    *(V3 + "observation", V3 + "act", V3 + "organizer", V3 + "procedure", V3 + "encounter"),
    *(V3 + "entryRelationship", V3 + "observationMedia", V3 + "regionOfInterest"),
)
"""What may bear moodCode, negationInd or typeCode (CDA R2, clinical statement)."""
ACTUAL = frozenset({"EVN", "DEF"})


class Surroundings(NamedTuple):
    group: str = ""
    group_text: str = ""
    group_id: str = ""
    producer: str = ""
    specimen: str = ""
    isolate: str = ""
    time: str | None = None
    note: str = ""
    section: str = ""


class Ancestors:
    """Reads the elements above observations, and remembers them."""

    def __init__(self, narrative: Narrative) -> None:
        self._narrative = narrative
        self._known: dict[Element, Surroundings] = {}
        self._foreign: dict[Element, bool] = {}

    def is_foreign(self, node: Element) -> bool:
        """Whether what stands in `node` is not an observation made on the patient now.

        It is about a relative or a newborn (`subject`), planned, denied, a detail of a
        medicine, or an earlier result quoted beside this one (REFR). The reason for an act
        (RSON) stands by itself: a weight is a weight, also under a plan.
        """
        known = self._foreign.get(node)
        if known is None:
            known = self._foreign[node] = _excludes(node) or self._above_is_foreign(node)
        return known

    def _above_is_foreign(self, node: Element) -> bool:
        parent = node.getparent()
        if parent is None or node.tag in OUTSIDE or node.get("typeCode") == "RSON":
            return False
        return self.is_foreign(parent)

    def around(self, node: Element) -> Surroundings:
        """What the ancestors of an element say, the nearest first."""
        parent = node.getparent()
        if parent is None:
            return Surroundings()
        known = self._known.get(parent)
        if known is None:
            known = self._known[parent] = self._read(parent)
        return known

    def _read(self, node: Element) -> Surroundings:
        if node.tag == V3 + "section":
            return Surroundings(section=text_of(node, "title") or "")
        above = self.around(node)
        return self._joined(node, above) if node.tag in GROUPS else above

    def _joined(self, node: Element, above: Surroundings) -> Surroundings:
        code = first(node, "code")
        name = "" if code is None or code.get("nullFlavor") else self._narrative.name(code)
        isolate = self._isolate(node) or above.isolate
        ident = first(node, "id")
        notes = (comments_of(node, self._narrative), above.note)
        return Surroundings(
            group=(attribute(code, "code") or "") if name else above.group,
            group_text=name or above.group_text,
            group_id=attribute(ident, "extension") or attribute(ident, "root") or above.group_id,
            producer=performer_of(first(node, "performer")) or above.producer,
            specimen=self._specimen(node) or above.specimen,
            isolate=isolate,
            time=time_of(first(node, "effectiveTime")) or above.time,
            note="\n".join(note for note in notes if note),
            section=above.section,
        )

    def _isolate(self, node: Element) -> str:
        role = "specimen/specimenRole/specimenPlayingEntity/code"
        return self._narrative.name(first(node, role))

    def _specimen(self, node: Element) -> str:
        """The nature of the one specimen collected for this group; "" where there are several."""
        found = [
            self._narrative.name(code)
            for path in ("entryRelationship/procedure", "component/procedure")
            for procedure in every(node, path)
            if has_template(procedure, COLLECTION)
            for code in every(procedure, "participant/participantRole/playingEntity/code")
        ]
        names = list(dict.fromkeys(name for name in found if name))
        return names[0] if len(names) == 1 else ""


def may_be_foreign(body: Element) -> bool:
    """Whether anything in a body could make one of its observations foreign.

    Asked once of the whole body, because nearly none could, and a laboratory sends hundreds of
    results. What it looks for is what `_excludes` looks for: change them together.
    """
    if next(body.iter(SUBJECT, *DETAILED), None) is not None:
        return True
    return any(
        one.get("moodCode", "EVN") not in ACTUAL
        or one.get("negationInd") == "true"
        or one.get("typeCode") == "REFR"
        for one in body.iter(*STATEMENTS)
    )


def _excludes(node: Element) -> bool:
    if node.tag in DETAILED or node.get("moodCode", "EVN") not in ACTUAL:
        return True
    if node.get("negationInd") == "true" or child(node, SUBJECT) is not None:
        return True
    return node.tag == V3 + "entryRelationship" and _quotes(node)


def _quotes(relation: Element) -> bool:
    parent = relation.getparent()
    return relation.get("typeCode") == "REFR" and has_template(parent, *LABORATORY)


def has_template(node: Element | None, *roots: str) -> bool:
    return any(one.get("root") in roots for one in every(node, "templateId"))


def time_of(node: Element | None) -> str | None:
    """A moment, or the start of an interval."""
    return iso_of(attribute(node, "value") or attribute(node, "value", "low"))


def performer_of(node: Element | None) -> str:
    """The organisation of a performer, else the person's name."""
    organization = text_of(node, "assignedEntity/representedOrganization/name")
    return organization or person_name(first(node, "assignedEntity/assignedPerson/name"))


def person_name(name: Element | None) -> str:
    parts = (text_of(name, "given"), text_of(name, "family"))
    return " ".join(part for part in parts if part)


def comments_of(node: Element, narrative: Narrative) -> str:
    """The comments on an entry, one a line (IHE PCC Comments, CI-SIS FR-Commentaire-ER)."""
    notes = (
        narrative.referenced(act, "text")
        for path in ("entryRelationship/act", "component/act")
        for act in every(node, path)
        if has_template(act, *COMMENTS)
    )
    return "\n".join(note for note in notes if note)
