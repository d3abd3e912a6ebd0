"""What the body of a CDA says of its kind: sections, first words, results; for its label only."""

from itertools import islice

from gateway.mapping.cda.body import decoded
from gateway.mapping.cda.nodes import V3, attribute, every, first, media_type_of, strings, text_of
from gateway.mapping.labels.clues import MAX_NARRATIVE_CHARACTERS, MAX_SECTIONS, Signs
from gateway.mapping.xml import Element

MAX_BASE64_CHARACTERS = 4 * MAX_NARRATIVE_CHARACTERS
TEXT = "text/plain"
SECTIONS = "component/structuredBody/component/section"


def signs_of(root: Element, results: int) -> Signs:
    """Bounded: the first sections of the first level, and a few hundred characters of text."""
    sections = tuple(
        (attribute(first(node, "code"), "code"), text_of(node, "title"))
        for node in every(root, SECTIONS)[:MAX_SECTIONS]
    )
    return Signs(sections=sections, words=_first_words(root), results=results)


def _first_words(root: Element) -> str:
    plain = first(root, "component/nonXMLBody/text")
    if plain is not None:
        return _plain_text(plain)
    pieces: list[str] = []
    size = 0
    for section in islice(root.iter(V3 + "section"), MAX_SECTIONS):
        text = first(section, "text")
        for piece in strings(text) if text is not None else ():
            pieces.append(piece[:MAX_NARRATIVE_CHARACTERS])
            size += len(piece)
            if size > MAX_NARRATIVE_CHARACTERS:
                return " ".join(pieces)[:MAX_NARRATIVE_CHARACTERS]
    return " ".join(pieces)


def _plain_text(node: Element) -> str:
    """How a level 1 text begins; nothing of a PDF or a picture is read for a label."""
    if (media_type_of(node) or TEXT) != TEXT:
        return ""
    text = node.text or ""
    if node.get("representation") != "B64":
        return text[:MAX_NARRATIVE_CHARACTERS]
    begin = "".join(text[:MAX_BASE64_CHARACTERS].split())
    body = decoded(begin[: len(begin) // 4 * 4]) or b""
    return body.decode("utf-8", "replace")[:MAX_NARRATIVE_CHARACTERS]
