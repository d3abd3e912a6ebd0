"""From an entry to the narrative beside it: what `reference/@value` points at."""

from collections.abc import Iterator

from gateway.mapping.cda.nodes import V3, attribute, first, text_of
from gateway.mapping.xml import Element
from gateway.records.documents.fact import NOTHING_CODED, Coded

MAX_WORDS = 500
"""Characters kept of a text that an entry points at: it may be a whole table."""


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
        return (text_of(node) or "")[:MAX_WORDS]

    def _nodes(self) -> Iterator[Element]:
        for section in self._body.iter(V3 + "section"):
            text = first(section, "text")
            if text is not None:
                yield from text.iter()

    def referenced(self, node: Element | None, path: str = "") -> str:
        """The narrative that `reference/@value` at `path` points at, or the text in place."""
        target = first(node, path) if path else node
        if target is None:
            return ""
        pointer = attribute(target, "value", "reference")
        return (self.text(pointer) if pointer else "") or text_of(target) or ""

    def name(self, code: Element | None) -> str:
        """A coded element in words: displayName, originalText, a translation's name, its code."""
        if code is None:
            return ""
        if shown := attribute(code, "displayName") or self.referenced(code, "originalText"):
            return shown
        return attribute(code, "displayName", "translation") or attribute(code, "code") or ""

    def coded(self, code: Element | None) -> Coded:
        """A CD with its words; the first translation where the code itself is not given."""
        if code is None:
            return NOTHING_CODED
        other = first(code, "translation") if not code.get("code") else None
        text = attribute(other, "displayName") or self.name(code)
        code = code if other is None else other
        value, system = attribute(code, "code"), attribute(code, "codeSystem")
        return Coded(value or "", system or "" if value else "", text)


def anchor_of(node: Element | None) -> str:
    """The ID that `text/reference` or `originalText/reference` names, without its "#"."""
    for path in ("text/reference", "code/originalText/reference"):
        if pointer := attribute(node, "value", path):
            return pointer.removeprefix("#")
    return ""
