"""The narrative of a CDA as HTML of our own (SECURITY section 2).

An allow-list, not a filter: what is not known here is not written. Text is escaped, attributes
are built from fixed words and numbers, links are https or mailto; nh3 is the last gate.
"""

import re
from collections.abc import Callable
from html import escape

from gateway.mapping.cda import clinical_document
from gateway.mapping.cda.body import decoded
from gateway.mapping.cda.figures import Counter, Figure, Figures
from gateway.mapping.cda.level_one import text_in
from gateway.mapping.cda.markup import CELLS, anchor, class_of, clean, spans_of
from gateway.mapping.cda.nodes import V3, every, first, media_type_of, strings, text_of
from gateway.mapping.xml import MAX_DOCUMENT_BYTES, Element

XHTML = "{http://www.w3.org/1999/xhtml}"
SILENT = frozenset({"script", "style", "object", "embed", "iframe", "noscript", "template"})
ROWS = frozenset({"thead", "tbody", "tfoot", "tr"})
PDF_COPY, PICTURE, LEFT = "Copie du document (PDF)", "Image jointe au document", "Pièces jointes"
ONE_HIDDEN = "Une pièce jointe ne peut pas être affichée. Elle est dans le document à télécharger."
HIDDEN = (
    "{} pièces jointes ne peuvent pas être affichées. Elles sont dans le document à télécharger."
)
MAX_TITLE_CHARACTERS = 250
"""Of a title that is repeated for each table or picture below it."""
MAX_LABEL_CHARACTERS = 80
first_heading = 3

_LINK = re.compile(r"(?:https://|mailto:)[^\s\"'<>\\\x00-\x20\x7f]+", re.IGNORECASE)
_INVISIBLE = re.compile(r"[\x00-\x20\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060\ufeff]")


def render_narrative(
    data: bytes,
    *,
    prefix: str = "figures",
    heading: int = first_heading,
    pages: Counter | None = None,
) -> str:
    """The sections of a document as safe HTML; "" where its body is a file.

    Pictures are `<img src="{prefix}/{n}">`; `n` is the number that `figures.embedded` takes.
    With `pages` a PDF is the pictures `{prefix}/{n}/page/{p}` of its first pages, without it a
    link to `{prefix}/{n}`. Files that the narrative does not name stand at its end. Sections
    begin at heading level `heading`; an ID of the narrative is `markup.anchor` of it. Raises
    XmlRefusedError.
    """
    root = clinical_document(data, max_bytes=MAX_DOCUMENT_BYTES)
    plain = first(root, "component/nonXMLBody/text")
    if plain is not None:
        return clean(_plain(plain))
    writer = _Writer(root, prefix, pages)
    for section in every(root, "component/structuredBody/component/section"):
        writer.section(section, heading)
    writer.left_over(heading)
    return clean("".join(writer.out))


def _plain(text: Element) -> str:
    if (media_type_of(text) or "text/plain") != "text/plain":
        return ""
    content = "".join(strings(text))
    if text.get("representation") == "B64":
        content = text_in(decoded(content) or b"")
    return f'<pre class="cda-text">{escape(content)}</pre>'


class _Writer:
    """Writes one document; `out` is the HTML so far."""

    def __init__(self, root: Element, prefix: str, pages: Counter | None) -> None:
        self.out: list[str] = []
        self._prefix = escape(prefix)
        self._figures = Figures(root, pages)
        self._title = ""
        self._heading_row = False
        self._tables = 0
        self._ids: set[str] = set()
        self._paged: set[int] = set()
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
        self._title = title[:MAX_TITLE_CHARACTERS]
        text = first(node, "text")
        if text is not None:
            self._inside(text)
        for inner in every(node, "component/section"):
            self.section(inner, min(level + 1, 6))
        self.out.append("</section>")

    def left_over(self, level: int) -> None:
        """The files that no section names, and that some of them are not shown."""
        found, hidden = self._figures.left()
        if not found and not hidden:
            return
        self.out.append(f'<section class="cda-section"><h{level}>{LEFT}</h{level}>')
        self._title = ""
        for one in found:
            self._figure(one, "")
        if hidden:
            self.out.append(f"<p>{ONE_HIDDEN if hidden == 1 else HIDDEN.format(hidden)}</p>")
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
        self.out.append(f"<{tag}{class_of(node, kind)}{self._id(node)}>")
        self._inside(node)
        self.out.append(f"</{tag}>")

    def _id(self, node: Element) -> str:
        """The first element of a name bears it."""
        name = node.get("ID")
        made = anchor(name) if name else ""
        if not made or made in self._ids:
            return ""
        self._ids.add(made)
        return f' id="{made}"'

    def _content(self, node: Element) -> None:
        tag = {"insert": "ins", "delete": "del"}.get(node.get("revised", ""), "span")
        self._wrapped(node, tag)

    def _list(self, node: Element) -> None:
        tag = "ol" if node.get("listType") == "ordered" else "ul"
        caption = first(node, "caption")
        if caption is not None:
            self._wrapped(caption, "p", "cda-caption")
        self.out.append(f"<{tag}{class_of(node)}{self._id(node)}>")
        for item in node.iterchildren(V3 + "item"):
            self._element(item)
        self.out.append(f"</{tag}>")

    def _table(self, node: Element) -> None:
        """Every table has a caption, its own or the section's title for screen readers.

        It scrolls by itself where it is wider than the page, by the keyboard too.
        """
        caption = first(node, "caption")
        self._tables += 1
        title = (text_of(caption) or self._title)[:MAX_LABEL_CHARACTERS]
        label = escape(" : ".join(part for part in (f"Tableau {self._tables}", title) if part))
        self.out.append(
            f'<div class="cda-table" role="region" tabindex="0" aria-label="{label}">'
            f"<table{class_of(node)}{self._id(node)}>"
        )
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
        if name == "th" and not text_of(node) and len(node) == 0:
            name = "td"  # an empty heading heads nothing
        scope, spans = self._scope(node, name), spans_of(node, name)
        self.out.append(f"<{name}{class_of(node)}{self._id(node)}{scope}{spans}>")
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
        inside = anchor(target[1:]) if target.startswith("#") else ""
        safe = f"#{inside}" if inside else target if _LINK.fullmatch(target) else ""
        self.out.append(f'<a href="{escape(safe)}"{self._id(node)}>' if safe else "<span>")
        if safe and not text_of(node):
            self.out.append(escape(target))
        self._inside(node)
        self.out.append("</a>" if safe else "</span>")

    def _media(self, node: Element) -> None:
        caption = (text_of(node, "caption") or "")[:MAX_TITLE_CHARACTERS]
        for name in (node.get("referencedObject") or "").split():
            found = self._figures.named(name)
            if found is None:
                self.out.append("<span>[Pièce jointe non affichable]</span>")
            else:
                self._figure(found, caption)

    def _figure(self, found: Figure, caption: str) -> None:
        place, n = f"{self._prefix}/{found.number}", found.number
        if found.is_picture:
            self._picture(place, caption, caption or self._title or PICTURE)
        elif not found.pages:
            self.out.append(f'<a href="{place}">{escape(caption or PDF_COPY)}</a>')
        elif n in self._paged:
            self.out.append(f'<a href="#file-{n}">{escape(caption or PDF_COPY)}</a>')
        else:
            self._paged.add(n)
            self._pages(place, found, caption or PDF_COPY)

    def _pages(self, place: str, found: Figure, caption: str) -> None:
        """A PDF as its first pages; a later mention links back to them."""
        total = found.pages
        self.out.append(f'<div id="file-{found.number}">')
        for page in found.shown_pages:
            words = f"{caption}, page {page} sur {total}"
            self._picture(f"{place}/page/{page}", words, f"{words}. Son texte est dans le fichier.")
        if len(found.shown_pages) < total:
            shown = len(found.shown_pages)
            self.out.append(f"<p>Seules les {shown} premières pages sur {total} sont montrées.</p>")
        self.out.append("</div>")

    def _picture(self, place: str, caption: str, alternative: str) -> None:
        image = f'<img src="{place}" alt="{escape(alternative)}">'
        if not caption:
            self.out.append(image)
            return
        self.out.append(f"<figure>{image}<figcaption>{escape(caption)}</figcaption></figure>")
