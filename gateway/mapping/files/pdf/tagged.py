"""A paper of headings, paragraphs, lists and tables as a tagged PDF, to the rules of PDF/A-2a.

Each block is an element of the structure tree, in the order of reading (ISO 32000-1, 14.7, 14.8).
Fonts are embedded, colours have their profile, the metadata say what the file claims to be
(ISO 19005-2, 6.2.11, 6.2.3, 6.6 and 6.7). The same paper gives the same bytes.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import pikepdf

from gateway.mapping.files.pdf.archival import declare
from gateway.mapping.files.pdf.card import MARGIN, WIDE, wrapped
from gateway.mapping.files.pdf.sheet import BOTTOM, TOP, Sheet, Style

ACROSS = WIDE - 2 * MARGIN
MAX_CHARACTERS = 5_000
"""Of one line of a block or cell, as it is given."""
PAD = 4
BULLET, INDENT = "\u2022", 14
LINES_BELOW = {1: 6, 2: 6, 3: 4, 4: 2}
"""Of a heading by its level, those of what follows it: it stands alone at the end of no page."""


@dataclass(frozen=True, slots=True)
class Heading:
    """`level` 1 to 4."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str


@dataclass(frozen=True, slots=True)
class Items:
    """A list, one thing a line; what is written in several lines keeps them."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """`shares` of the width, a column each; every row has as many cells as `head`, and the first
    cell of a row names it."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    shares: tuple[float, ...]


Block = Heading | Paragraph | Items | Table


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
        sheet = Sheet(pdf, pikepdf.Dictionary(Font={"/F1": faces[0], "/F2": faces[1]}))
        for block in paper.blocks:
            _put(sheet, block)
        sheet.finish(paper.foot)
        declare(pdf, paper.title, paper.made_at)
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True, min_version="1.7")
    return out.getvalue()


TITLES = {level: Style(size, bold=True) for level, size in ((1, 18), (2, 14), (3, 12), (4, 11))}
PLAIN, HEAD, CELL = Style(11), Style(10, bold=True), Style(10)


def _put(sheet: Sheet, block: Block) -> None:
    match block:
        case Heading(text, level):
            sheet.y -= 12 / level if level > 1 else 0
            sheet.room_for(TITLES[level].leading + LINES_BELOW[level] * PLAIN.leading)
            _flow(sheet, sheet.element(f"H{level}", sheet.document), text, TITLES[level])
        case Paragraph(text):
            _flow(sheet, sheet.element("P", sheet.document), text, PLAIN)
        case Items(lines):
            _list(sheet, lines)
        case Table():
            _table(sheet, block)


def _flow(sheet: Sheet, element: pikepdf.Object, text: str, style: Style) -> None:
    for line in _lines(text, ACROSS, style):
        _down(sheet, style)
        sheet.text(element, line, MARGIN, sheet.y, style)
    sheet.y -= style.leading / 2


def _list(sheet: Sheet, lines: Sequence[str]) -> None:
    element = sheet.element("L", sheet.document)
    element.A = pikepdf.Dictionary(O=pikepdf.Name.List, ListNumbering=pikepdf.Name.Disc)
    for text in lines:
        item = sheet.element("LI", element)
        label, body = sheet.element("Lbl", item), sheet.element("LBody", item)
        for number, line in enumerate(_lines(text, ACROSS - INDENT, PLAIN)):
            _down(sheet, PLAIN)
            if not number:
                sheet.text(label, BULLET, MARGIN, sheet.y, PLAIN)
            sheet.text(body, line, MARGIN + INDENT, sheet.y, PLAIN)
    sheet.y -= PLAIN.leading / 2


def _down(sheet: Sheet, style: Style) -> None:
    """To the next line, on the next page where this one is full."""
    sheet.room_for(style.leading)
    sheet.y -= style.leading


def _table(sheet: Sheet, table: Table) -> None:
    element = sheet.element("Table", sheet.document)
    whole = sum(table.shares)
    widths = [ACROSS * share / whole for share in table.shares]
    for number, cells in enumerate((table.head, *table.rows)):
        style = CELL if number else HEAD
        lines = [
            list(_lines(text, width - 2 * PAD, style))
            for text, width in zip(cells, widths, strict=True)
        ]
        _row(sheet, _cells(sheet, element, len(cells), is_head=not number), lines, widths, style)
    sheet.y -= CELL.leading


def _cells(
    sheet: Sheet, table: pikepdf.Object, count: int, *, is_head: bool
) -> list[pikepdf.Object]:
    """Those of a new row."""
    row, cells = sheet.element("TR", table), []
    for column in range(count):
        names = is_head or not column
        cell = sheet.element("TH" if names else "TD", row)
        if names:
            scope = pikepdf.Name.Column if is_head else pikepdf.Name.Row
            cell.A = pikepdf.Dictionary(O=pikepdf.Name.Table, Scope=scope)
        cells.append(cell)
    return cells


def _row(
    sheet: Sheet,
    cells: Sequence[pikepdf.Object],
    lines: Sequence[Sequence[str]],
    widths: Sequence[float],
    style: Style,
) -> None:
    """On one page; what is taller than a page goes on on the next ones."""
    most = int((TOP - BOTTOM - 2 * PAD) / style.leading)
    high = max(map(len, lines))
    for start in range(0, max(high, 1), most):
        some = [column[start : start + most] for column in lines]
        tall = max(map(len, some)) * style.leading + 2 * PAD
        sheet.room_for(tall)
        x, top = float(MARGIN), sheet.y
        for cell, column, width in zip(cells, some, widths, strict=True):
            for number, line in enumerate(column, 1):
                sheet.text(cell, line, x + PAD, top - PAD - number * style.leading, style)
            x += width
        sheet.y = top - tall
    sheet.rule(sheet.y)


def _lines(text: str, width: float, style: Style) -> Iterator[str]:
    for line in text.splitlines():
        yield from wrapped(line, width=width, size=style.size, bold=style.bold, most=MAX_CHARACTERS)
