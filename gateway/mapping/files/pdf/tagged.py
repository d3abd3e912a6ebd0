"""A paper of headings, paragraphs and tables as a tagged PDF, to the rules of PDF/A-2a.

Each block is an element of the structure tree, in the order of reading (ISO 32000-1, 14.7, 14.8);
what only decorates is an artifact. Fonts are embedded, colours have their profile, the metadata say
what the file claims to be (ISO 19005-2, 6.2.11, 6.2.3, 6.6 and 6.7). The same paper gives the same
bytes. Words go in as hexadecimal strings, so that nothing of them is ever read as an operator.
"""

import io
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.sax.saxutils import escape

import pikepdf
from PIL import ImageCms

from gateway.mapping.files.pdf.card import HIGH, MARGIN, WIDE, wrapped

ACROSS = WIDE - 2 * MARGIN
TOP, BOTTOM = HIGH - 60, 60
MAX_CHARACTERS = 5_000
"""Of one block or cell."""
MAX_LINES_OF_A_ROW = 40
"""So that a row stands on one page."""
PAD = 4
LEADING = 1.35
PROFILE_DATED, NEW_YEAR_2000 = slice(24, 36), struct.pack(">6H", 2000, 1, 1, 0, 0, 0)
"""When the profile was made, in its header (ICC.1:2004-10, 7.2): the same in every file."""


@dataclass(frozen=True, slots=True)
class Heading:
    """`level` 1 or 2."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """`shares` of the width, a column each; every row has as many cells as `head`, and the first
    cell of a row names it."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    shares: tuple[float, ...]


Block = Heading | Paragraph | Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """`made_at` is written in the metadata."""

    title: str
    blocks: tuple[Block, ...]
    made_at: datetime
    foot: str = ""


def tagged_pdf(paper: Paper) -> bytes:
    """Pages of A4."""
    # PDFium weighs four megabytes: only who makes a paper loads it.
    from gateway.mapping.files.pdf.typefaces import embedded, typeface

    with pikepdf.new() as pdf:
        faces = [embedded(pdf, typeface(name)) for name in ("Helvetica", "Helvetica-Bold")]
        sheet = _Sheet(pdf, pikepdf.Dictionary(Font={"/F1": faces[0], "/F2": faces[1]}))
        for block in paper.blocks:
            _put(sheet, block)
        sheet.finish(paper.foot)
        _declare(pdf, paper)
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True, min_version="1.7")
    return out.getvalue()


class _Sheet:
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

    def text(self, element: pikepdf.Object, line: str, x: float, y: float, style: "_Style") -> None:
        """One line that belongs to an element."""
        number = len(self._marked[-1])
        tag = str(element.S).encode()
        element.K.append(
            pikepdf.Dictionary(Type=pikepdf.Name.MCR, Pg=self._pdf.pages[-1].obj, MCID=number)
        )
        self._marked[-1].append(element)
        self._drawn[-1].append(
            b"%s <</MCID %d>> BDC %s EMC" % (tag, number, _shown(line, x, y, style))
        )

    def rule(self, y: float) -> None:
        """A thin line across, which says nothing."""
        self._drawn[-1].append(
            b"/Artifact BMC 0.6 G %d %.1f m %d %.1f l S EMC" % (MARGIN, y, WIDE - MARGIN, y)
        )

    def finish(self, foot: str) -> None:
        """Feet, contents and the parent tree (ISO 32000-1, 14.7.4.4)."""
        pages = len(self._drawn)
        for number, (page, drawn) in enumerate(zip(self._pdf.pages, self._drawn, strict=True), 1):
            words = " · ".join(one for one in (foot, f"Page {number} sur {pages}") if one)
            shown = _shown(words, MARGIN, 36, SMALL)
            drawn.append(b"/Artifact <</Type /Pagination /Subtype /Footer>> BDC %s EMC" % shown)
            page.Contents = self._pdf.make_stream(b"\n".join(drawn))
        numbers: list[object] = []
        for number, elements in enumerate(self._marked):
            numbers += [number, self._pdf.make_indirect(pikepdf.Array(elements))]
        parents = pikepdf.Dictionary(Nums=pikepdf.Array(numbers))
        self.tree.ParentTree = self._pdf.make_indirect(parents)
        self.tree.ParentTreeNextKey = pages
        self._pdf.Root.StructTreeRoot = self.tree


@dataclass(frozen=True, slots=True)
class _Style:
    size: int
    bold: bool = False

    @property
    def leading(self) -> float:
        return self.size * LEADING


TITLES = {1: _Style(18, bold=True), 2: _Style(13, bold=True)}
PLAIN, HEAD, SMALL = _Style(11), _Style(10, bold=True), _Style(9)
CELL = _Style(10)


def _put(sheet: _Sheet, block: Block) -> None:
    match block:
        case Heading(text, level):
            sheet.y -= 6 * (level - 1)
            _flow(sheet, sheet.element(f"H{level}", sheet.document), text, TITLES[level])
        case Paragraph(text):
            _flow(sheet, sheet.element("P", sheet.document), text, PLAIN)
        case Table():
            _table(sheet, block)


def _flow(sheet: _Sheet, element: pikepdf.Object, text: str, style: _Style) -> None:
    for line in _lines(text, ACROSS, style):
        sheet.room_for(style.leading)
        sheet.y -= style.leading
        sheet.text(element, line, MARGIN, sheet.y, style)
    sheet.y -= style.leading / 2


def _table(sheet: _Sheet, table: Table) -> None:
    element = sheet.element("Table", sheet.document)
    whole = sum(table.shares)
    widths = [ACROSS * share / whole for share in table.shares]
    for number, cells in enumerate((table.head, *table.rows)):
        style = CELL if number else HEAD
        lines = [
            list(_lines(text, width - 2 * PAD, style))[:MAX_LINES_OF_A_ROW]
            for text, width in zip(cells, widths, strict=True)
        ]
        sheet.room_for(max(map(len, lines)) * style.leading + 2 * PAD)
        _row(sheet, sheet.element("TR", element), lines, widths, is_head=not number)
    sheet.y -= CELL.leading


def _row(
    sheet: _Sheet,
    element: pikepdf.Object,
    cells: Sequence[Sequence[str]],
    widths: Sequence[float],
    *,
    is_head: bool,
) -> None:
    x, top, style = float(MARGIN), sheet.y, HEAD if is_head else CELL
    for column, (lines, width) in enumerate(zip(cells, widths, strict=True)):
        cell = sheet.element("TH" if is_head or not column else "TD", element)
        if is_head or not column:
            scope = pikepdf.Name.Column if is_head else pikepdf.Name.Row
            cell.A = pikepdf.Dictionary(O=pikepdf.Name.Table, Scope=scope)
        for number, line in enumerate(lines, 1):
            sheet.text(cell, line, x + PAD, top - PAD - number * style.leading, style)
        x += width
    sheet.y = top - 2 * PAD - max(map(len, cells)) * style.leading
    sheet.rule(sheet.y)


def _lines(text: str, width: float, style: _Style) -> Iterator[str]:
    yield from wrapped(text, width=width, size=style.size, bold=style.bold, most=MAX_CHARACTERS)


def _shown(text: str, x: float, y: float, style: _Style) -> bytes:
    signs = text.replace("\u00ad", "").replace("\u00a0", " ").encode("cp1252", "replace")
    face = b"F2" if style.bold else b"F1"
    return b"0 g BT /%s %d Tf %.1f %.1f Td <%s> Tj ET" % (
        face,
        style.size,
        x,
        y,
        signs.hex().encode(),
    )


def _declare(pdf: pikepdf.Pdf, paper: Paper) -> None:
    """Language, marks, profile of colours and metadata."""
    root = pdf.Root
    root.Lang = pikepdf.String("fr-FR")
    root.MarkInfo = pikepdf.Dictionary(Marked=True)
    root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
    profile = pdf.make_stream(_profile())
    profile.N = 3
    root.OutputIntents = pikepdf.Array(
        [
            pikepdf.Dictionary(
                Type=pikepdf.Name.OutputIntent,
                S=pikepdf.Name.GTS_PDFA1,
                OutputConditionIdentifier=pikepdf.String("sRGB"),
                Info=pikepdf.String("sRGB"),
                DestOutputProfile=profile,
            )
        ]
    )
    at = paper.made_at.astimezone(UTC).replace(microsecond=0)
    pdf.docinfo["/Title"] = pikepdf.String(paper.title)
    pdf.docinfo["/CreationDate"] = pikepdf.String(at.strftime("D:%Y%m%d%H%M%SZ"))
    metadata = pdf.make_stream(_xmp(paper.title, at))
    metadata.Type, metadata.Subtype = pikepdf.Name.Metadata, pikepdf.Name.XML
    root.Metadata = metadata


def _profile() -> bytes:
    made = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    made[PROFILE_DATED] = NEW_YEAR_2000
    return bytes(made)


def _xmp(title: str, at: datetime) -> bytes:
    instant = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">\n'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n'
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:xmp="http://ns.adobe.com/xap/1.0/"'
        ' xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">\n'
        "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>\n"
        "<dc:format>application/pdf</dc:format>\n"
        '<dc:title><rdf:Alt><rdf:li xml:lang="x-default">'
        f"{escape(title)}</rdf:li></rdf:Alt></dc:title>\n"
        "<dc:language><rdf:Bag><rdf:li>fr-FR</rdf:li></rdf:Bag></dc:language>\n"
        f"<xmp:CreateDate>{instant}</xmp:CreateDate>\n"
        "</rdf:Description>\n</rdf:RDF>\n</x:xmpmeta>\n"
        '<?xpacket end="w"?>'
    ).encode()
