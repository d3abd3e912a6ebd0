"""Where an entry stands in its document and who wrote it: the provenance of a fact."""

from collections.abc import Iterator

from gateway.mapping.cda.entries.pointers import Narrative, anchor_of
from gateway.mapping.cda.entries.surroundings import person_name
from gateway.mapping.cda.nodes import V3, attribute, first, identifier, text_of
from gateway.mapping.datatypes.times import iso_of
from gateway.mapping.xml import Element
from gateway.records.documents.fact import Provenance

SECTION = V3 + "section"


def provenance_of(node: Element, narrative: Narrative) -> Provenance:
    """The nearest section and the nearest author above; no author: those of the document."""
    section = next(node.iterancestors(SECTION), None)
    author = next(_authors(node), None)
    assigned = first(author, "assignedAuthor")
    anchor = anchor_of(node)
    return Provenance(
        section=_section_code(section),
        section_title=text_of(section, "title") or "",
        entry=identifier(first(node, "id")) or "",
        anchor=anchor,
        words=narrative.text(anchor) if anchor else "",
        author=person_name(first(assigned, "assignedPerson/name")),
        organization=text_of(assigned, "representedOrganization/name") or "",
        time=iso_of(attribute(author, "value", "time")),
    )


def _authors(node: Element) -> Iterator[Element]:
    """The author of the entry, of what surrounds it, of its sections."""
    for one in (node, *node.iterancestors()):
        if one.tag == V3 + "structuredBody":
            return
        found = first(one, "author")
        if found is not None:
            yield found


def _section_code(section: Element | None) -> str:
    """A subsection without a code is known by that of the section around it."""
    while section is not None:
        if code := attribute(section, "code", "code"):
            return code
        section = next(section.iterancestors(SECTION), None)
    return ""
