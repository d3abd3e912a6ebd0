"""What the body of a CDA says of its kind: sections, first words, results; for its label only."""

from itertools import islice

from gateway.mapping.cda.nodes import V3, attribute, every, first, strings, text_of
from gateway.mapping.labels.clues import Signs, max_narrative_characters, max_sections
from gateway.mapping.xml import Element

SECTIONS = "component/structuredBody/component/section"


def signs_of(root: Element, results: int) -> Signs:
    """Bounded: the first sections of the first level, and a few hundred characters of text."""
    sections = tuple(
        (attribute(first(node, "code"), "code"), text_of(node, "title"))
        for node in every(root, SECTIONS)[:max_sections]
    )
    return Signs(sections=sections, words=_first_words(root), results=results)


def _first_words(root: Element) -> str:
    plain = first(root, "component/nonXMLBody/text")
    if plain is not None:
        encoded = plain.get("representation") == "B64"
        return "" if encoded else (plain.text or "")[:max_narrative_characters]
    pieces: list[str] = []
    size = 0
    for section in islice(root.iter(V3 + "section"), max_sections):
        text = first(section, "text")
        for piece in strings(text) if text is not None else ():
            pieces.append(piece[:max_narrative_characters])
            size += len(piece)
            if size > max_narrative_characters:
                return " ".join(pieces)[:max_narrative_characters]
    return " ".join(pieces)
