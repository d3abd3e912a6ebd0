"""The narrative of a CDA as HTML of our own (SECURITY section 2).

An allow-list, not a filter: what is not known here is not written. Text is escaped, attributes
are built from fixed words and numbers, links are https or mailto; nh3 is the last gate.
"""

import re
from collections.abc import Callable, Iterator
from html import escape

import nh3

from gateway.mapping.cda import clinical_document
from gateway.mapping.cda.body import decoded, embedded_values
from gateway.mapping.cda.figures import PICTURES, figure, numbers
from gateway.mapping.cda.nodes import V3, every, first, strings, text_of
from gateway.mapping.xml import Element, max_document_bytes

XHTML = "{http://www.w3.org/1999/xhtml}"
SILENT = frozenset({"script", "style", "object", "embed", "iframe", "noscript", "template"})
CLASSES = {
    "bold": "cda-bold",
    "italics": "cda-italics",
    "bolditalics": "cda-bold cda-italics",
    "underline": "cda-underline",
    "emphasis": "cda-emphasis",
    "botrule": "cda-rule-bottom",
    "toprule": "cda-rule-top",
    "lrule": "cda-rule-left",
    "rrule": "cda-rule-right",
}
ALIGNS = {"left": "cda-left", "center": "cda-center", "right": "cda-right"}
CELLS = frozenset({"td", "th"})
ROWS = frozenset({"thead", "tbody", "tfoot", "tr"})
TAGS = {
    "section", "h2", "h3", "h4", "h5", "h6", "p", "ul", "ol", "li", "div", "table", "caption",
    "thead", "tbody", "tfoot", "tr", "th", "td", "span", "br", "sub", "sup", "small", "a", "img",
    "ins", "del", "pre",
}  # fmt: skip
ATTRIBUTES = {
    "*": {"class"},
    "a": {"href"},
    "img": {"src", "alt"},
    "th": {"scope", "rowspan", "colspan"},
    "td": {"rowspan", "colspan"},
}
max_span = 100
max_title_characters = 250
"""Of a title that is repeated for each table or picture below it."""
first_heading = 3

_LINK = re.compile(r"(?:https://|mailto:)[^\s\"'<>\\\x00-\x20\x7f]+", re.IGNORECASE)
_INVISIBLE = re.compile(r"[\x00-\x20\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060\ufeff]")


def render_narrative(data: bytes, *, prefix: str = "figures", heading: int = first_heading) -> str:
    """The sections of a document as safe HTML; "" where its body is a file.

    Pictures are `<img src="{prefix}/{n}">`, PDF copies links to the same; `n` is the number that
    `figures.embedded` takes. Sections begin at heading level `heading`. Raises XmlRefusedError.
    """
    root = clinical_document(data, max_bytes=max_document_bytes)
    plain = first(root, "component/nonXMLBody/text")
    if plain is not None:
        return nh3.clean(_plain(plain), tags=TAGS, attributes=ATTRIBUTES)
    writer = _Writer(root, prefix)
    for section in every(root, "component/structuredBody/component/section"):
        writer.section(section, heading)
    return nh3.clean(
        "".join(writer.out),
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes={"https", "mailto"},
        link_rel="noopener noreferrer",
    )


def _plain(text: Element) -> str:
    if (text.get("mediaType") or "text/plain").strip().lower() != "text/plain":
        return ""
    content = "".join(strings(text))
    if text.get("representation") == "B64":
        content = (decoded(content) or b"").decode("utf-8", "replace")
    return f'<pre class="cda-text">{escape(content)}</pre>'


class _Writer:
    """Writes one document; `out` is the HTML so far, `figures` the files by their ID."""

    def __init__(self, root: Element, prefix: str) -> None:
        self.out: list[str] = []
        self._prefix = escape(prefix)
        self._values = list(embedded_values(root))
        self._figures = numbers(root)
        self._title = ""
        self._heading_row = False
        self._kinds: dict[int, str | None] = {}
        self._elements: dict[str, Callable[[Element], None]] = {
            "list": self._list,
            "table": self._table,
            "content": self._content,
            "linkHtml": self._link,
            "renderMultiMedia": self._media,
            "br": lambda _: self.out.append("<br>"),
            "caption": lambda node: self._wrapped(node, "p", "cda-caption"),
            "paragraph": lambda node: self._wrapped(node, "p"),
            "item": lambda node: self._wrapped(node, "li"),
            "sub": lambda node: self._wrapped(node, "sub"),
            "sup": lambda node: self._wrapped(node, "sup"),
            "footnote": lambda node: self._wrapped(node, "small", "cda-footnote"),
        }

    def section(self, node: Element, level: int) -> None:
        self.out.append('<section class="cda-section">')
        title = text_of(node, "title") or ""
        if title:
            self.out.append(f"<h{level}>{escape(title)}</h{level}>")
        self._title = title[:max_title_characters]
        text = first(node, "text")
        if text is not None:
            self._inside(text)
        for inner in every(node, "component/section"):
            self.section(inner, min(level + 1, 6))
        self.out.append("</section>")

    def _inside(self, node: Element) -> None:
        if node.text:
            self.out.append(escape(node.text))
        for child in node:
            self._element(child)
            if child.tail:
                self.out.append(escape(child.tail))

    def _element(self, node: Element) -> None:
        tag = node.tag if isinstance(node.tag, str) else ""
        space, _, name = tag.rpartition("}")
        if name in SILENT or space + "}" not in (V3, XHTML):
            return
        if name in CELLS or name in ROWS:
            self._table_part(node, name)
            return
        write = self._elements.get(name) if space + "}" == V3 else None
        if write is None:
            self._inside(node)
        else:
            write(node)

    def _wrapped(self, node: Element, tag: str, kind: str = "") -> None:
        self.out.append(f"<{tag}{_class(node, kind)}>")
        self._inside(node)
        self.out.append(f"</{tag}>")

    def _content(self, node: Element) -> None:
        tag = {"insert": "ins", "delete": "del"}.get(node.get("revised", ""), "span")
        self._wrapped(node, tag)

    def _list(self, node: Element) -> None:
        tag = "ol" if node.get("listType") == "ordered" else "ul"
        caption = first(node, "caption")
        if caption is not None:
            self._wrapped(caption, "p", "cda-caption")
        self.out.append(f"<{tag}{_class(node)}>")
        for item in node.iterchildren(V3 + "item"):
            self._element(item)
        self.out.append(f"</{tag}>")

    def _table(self, node: Element) -> None:
        """Every table has a caption, its own or the section's title for screen readers."""
        self.out.append(f'<div class="cda-table"><table{_class(node)}>')
        caption = first(node, "caption")
        if caption is not None:
            self._wrapped(caption, "caption")
        elif self._title:
            self.out.append(f'<caption class="cda-hidden">{escape(self._title)}</caption>')
        for child in node:
            name = str(child.tag).rpartition("}")[2]
            if name in ROWS:
                self._table_part(child, name)
        self.out.append("</table></div>")

    def _table_part(self, node: Element, name: str) -> None:
        self.out.append(f"<{name}{_class(node)}{self._scope(node, name)}{_spans(node, name)}>")
        around = self._heading_row
        if name == "tr":
            self._heading_row = all(str(one.tag).endswith("}th") for one in node)
        self._inside(node)
        self._heading_row = around
        self.out.append(f"</{name}>")

    def _scope(self, node: Element, name: str) -> str:
        """A heading is of its column in a head, or in a row of headings only; else of its row."""
        if name != "th":
            return ""
        in_head = next(node.iterancestors(V3 + "thead"), None) is not None
        return ' scope="col"' if in_head or self._heading_row else ' scope="row"'

    def _link(self, node: Element) -> None:
        target = _INVISIBLE.sub("", node.get("href") or "")
        safe = _LINK.fullmatch(target)
        self.out.append(f'<a href="{escape(target)}">' if safe else "<span>")
        if safe and not text_of(node):
            self.out.append(escape(target))
        self._inside(node)
        self.out.append("</a>" if safe else "</span>")

    def _media(self, node: Element) -> None:
        caption = (text_of(node, "caption") or "")[:max_title_characters]
        for name in (node.get("referencedObject") or "").split():
            n = self._figures.get(name.removeprefix("#"))
            found = self._kind(n)
            if found is None:
                self.out.append("<span>[Pièce jointe non affichable]</span>")
            elif found in PICTURES:
                words = escape(caption or self._title or "Image jointe au document")
                self.out.append(f'<img src="{self._prefix}/{n}" alt="{words}">')
            else:
                words = escape(caption or "Copie du document (PDF)")
                self.out.append(f'<a href="{self._prefix}/{n}">{words}</a>')

    def _kind(self, n: int | None) -> str | None:
        """The MIME type of file `n` if it may be shown; each file is decoded once."""
        if n is not None and n not in self._kinds:
            found = figure(self._values[n])
            self._kinds[n] = found[0] if found else None
        return self._kinds.get(n) if n is not None else None


def _class(node: Element, kind: str = "") -> str:
    names = [kind] if kind else []
    names.extend(_style_classes(node))
    return f' class="{" ".join(names)}"' if names else ""


def _style_classes(node: Element) -> Iterator[str]:
    for code in (node.get("styleCode") or "").split():
        if code.lower() in CLASSES:
            yield CLASSES[code.lower()]
    if (align := (node.get("align") or "").lower()) in ALIGNS:
        yield ALIGNS[align]


def _spans(node: Element, name: str) -> str:
    if name not in CELLS:
        return ""
    spans = ""
    for attribute in ("rowspan", "colspan"):
        number = node.get(attribute) or ""
        if number.isascii() and number.isdigit() and 1 < int(number[:4]) <= max_span:
            spans += f' {attribute}="{int(number[:4])}"'
    return spans
