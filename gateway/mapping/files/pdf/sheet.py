"""The pages of a tagged PDF as they fill, and the structure tree beside them.

Each line belongs to an element (ISO 32000-1, 14.7, 14.8); what only decorates is an artifact. Words
go in as hexadecimal strings, so that nothing of them is ever read as an operator.
"""

from dataclasses import dataclass

import pikepdf

from gateway.mapping.files.pdf.card import HIGH, MARGIN, WIDE
from gateway.mapping.files.pdf.signs import actual_text, drawn

TOP, BOTTOM = HIGH - 60, 60
LEADING = 1.35


@dataclass(frozen=True, slots=True)
class Style:
    size: int
    bold: bool = False

    @property
    def leading(self) -> float:
        return self.size * LEADING


SMALL = Style(9)


class Sheet:
    """The pages as they fill, and the structure tree beside them."""

    def __init__(self, pdf: pikepdf.Pdf, resources: pikepdf.Dictionary) -> None:
        self._pdf = pdf
        self._resources = pdf.make_indirect(resources)
        self._drawn: list[list[bytes]] = []
        self._marked: list[list[pikepdf.Object]] = []
        """Of each page, the elements of its marked contents, by number."""
        self.y = 0.0
        self.tree = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.StructTreeRoot))
        self.document = self.element("Document", self.tree)
        self.tree.K = self.document
        self.turn()

    def element(self, tag: str, parent: pikepdf.Object) -> pikepdf.Object:
        made = self._pdf.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.StructElem,
                S=pikepdf.Name(f"/{tag}"),
                P=parent,
                K=pikepdf.Array(),
            )
        )
        if parent.get("/S") is not None:
            parent.K.append(made)
        return made

    def turn(self) -> None:
        """A new page."""
        page = self._pdf.add_blank_page(page_size=(WIDE, HIGH))
        page.Resources = self._resources
        page.obj.Tabs = pikepdf.Name.S
        page.obj.StructParents = len(self._drawn)
        self._drawn.append([])
        self._marked.append([])
        self.y = TOP

    def room_for(self, height: float) -> None:
        if self.y - height < BOTTOM and self._drawn[-1]:
            self.turn()

    def text(self, element: pikepdf.Object, line: str, x: float, y: float, style: Style) -> None:
        """One line that belongs to an element."""
        number = len(self._marked[-1])
        tag = str(element.S).encode()
        element.K.append(
            pikepdf.Dictionary(Type=pikepdf.Name.MCR, Pg=self._pdf.pages[-1].obj, MCID=number)
        )
        self._marked[-1].append(element)
        self._drawn[-1].append(
            b"%s <</MCID %d%s>> BDC %s EMC"
            % (tag, number, actual_text(line), shown(line, x, y, style))
        )

    def rule(self, y: float) -> None:
        """A thin line across, which says nothing."""
        self._drawn[-1].append(
            b"/Artifact BMC 0.6 G %d %.1f m %d %.1f l S EMC" % (MARGIN, y, WIDE - MARGIN, y)
        )

    def finish(self, foot: str) -> None:
        """Feet, contents and the parent tree (ISO 32000-1, 14.7.4.4)."""
        pages = len(self._drawn)
        for number, (page, parts) in enumerate(zip(self._pdf.pages, self._drawn, strict=True), 1):
            words = " · ".join(one for one in (foot, f"Page {number} sur {pages}") if one)
            said = shown(words, MARGIN, 36, SMALL)
            parts.append(b"/Artifact <</Type /Pagination /Subtype /Footer>> BDC %s EMC" % said)
            page.Contents = self._pdf.make_stream(b"\n".join(parts))
        numbers: list[object] = []
        for number, elements in enumerate(self._marked):
            numbers += [number, self._pdf.make_indirect(pikepdf.Array(elements))]
        parents = pikepdf.Dictionary(Nums=pikepdf.Array(numbers))
        self.tree.ParentTree = self._pdf.make_indirect(parents)
        self.tree.ParentTreeNextKey = pages
        self._pdf.Root.StructTreeRoot = self.tree


def shown(text: str, x: float, y: float, style: Style) -> bytes:
    face = b"F2" if style.bold else b"F1"
    return b"0 g BT /%s %d Tf %.1f %.1f Td <%s> Tj ET" % (
        face,
        style.size,
        x,
        y,
        drawn(text).hex().encode(),
    )
