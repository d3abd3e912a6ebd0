"""A card of one page, written as PDF: a heading, eight boxes of short lines, a foot.

The fonts are two of the fourteen that every reader of PDF has (ISO 32000-1, 9.6.2.2); what their
encoding (WinAnsi) has no sign for is a question mark. Text goes in as hexadecimal strings, so that
nothing of it is ever read as an operator.
"""

import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pikepdf

WIDE, HIGH, MARGIN = 595, 842, 42
COLUMNS, ROWS, GUTTER = 2, 4, 22
COLUMN = (WIDE - 2 * MARGIN - GUTTER) // COLUMNS
TOP, BOX = HIGH - 120, 160
SIZE, LEADING = 10, 13
MAX_LINES = 10
"""Of a box, its title not counted."""
MAX_CHARACTERS = 300
"""Of one line as it is given."""
MORE = "La suite est dans l'espace santé."
BOLDER = 1.1
"""What a bold letter takes at most of its plain width, in the two fonts."""
OTHER = 667
BLANKS = re.compile(r"[\x00-\x20]+")
# Helvetica, signs 32 to 126, in thousandths of its size (Adobe's metrics of the core fonts).
_PLAIN = (
    *(278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278),
    *((556,) * 10),
    *(278, 278, 584, 584, 584, 556, 1015),
    *(667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833),
    *(722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611),
    *(278, 278, 278, 469, 556, 333),
    *(556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833),
    *(556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500),
    *(334, 260, 334, 584),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CardText:
    """At most eight boxes, read by columns of two, row by row."""

    title: str
    under: str
    boxes: tuple[Box, ...]
    foot: str


def card_pdf(card: CardText) -> bytes:
    """One page of A4; the same text gives the same bytes. A box that overflows says so."""
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(WIDE, HIGH))
        page.Resources = pikepdf.Dictionary(
            Font=pikepdf.Dictionary(F1=_font("Helvetica"), F2=_font("Helvetica-Bold"))
        )
        page.Contents = pdf.make_stream(b"\n".join(_drawn(card)))
        pdf.Root.Lang = pikepdf.String("fr-FR")
        pdf.docinfo["/Title"] = pikepdf.String(card.title)
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


def wrapped(
    text: str,
    *,
    width: float,
    size: float = SIZE,
    bold: bool = False,
    most: int = MAX_CHARACTERS,
) -> list[str]:
    """The text, at most so many characters of it, in lines that fit; a word that is wider than a
    line is cut. An unbreakable blank (U+00A0) holds two words together."""
    lines, line = [], ""
    for word in filter(None, BLANKS.split(text[:most])):
        for part in _cut(word, width=width, size=size, bold=bold):
            longer = f"{line} {part}" if line else part
            if width_of(longer, size, bold=bold) <= width:
                line = longer
            else:
                lines.append(line)
                line = part
    return [*lines, line] if line else lines


def _cut(word: str, *, width: float, size: float, bold: bool) -> Iterator[str]:
    part = ""
    for sign in word:
        if part and width_of(part + sign, size, bold=bold) > width:
            yield part
            part = ""
        part += sign
    yield part


def width_of(text: str, size: float, *, bold: bool) -> float:
    plain = sum(map(_sign, text)) * size / 1000
    return plain * BOLDER if bold else plain


def _sign(sign: str) -> int:
    """An accent takes no room of its own."""
    base = ord(unicodedata.normalize("NFD", sign)[0]) - 32
    return _PLAIN[base] if 0 <= base < len(_PLAIN) else OTHER


def _font(name: str) -> pikepdf.Dictionary:
    return pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.Type1,
        BaseFont=pikepdf.Name(f"/{name}"),
        Encoding=pikepdf.Name.WinAnsiEncoding,
    )


def _drawn(card: CardText) -> Iterator[bytes]:
    across = WIDE - 2 * MARGIN
    yield _text(card.title, x=MARGIN, y=HIGH - 62, size=18, bold=True)
    for number, line in enumerate(wrapped(card.under, width=across, size=11)[:2]):
        yield _text(line, x=MARGIN, y=HIGH - 84 - 15 * number, size=11)
    for number, box in enumerate(card.boxes[: COLUMNS * ROWS]):
        row, column = divmod(number, COLUMNS)
        yield from _box(box, x=MARGIN + column * (COLUMN + GUTTER), y=TOP - row * BOX)
    for number, line in enumerate(wrapped(card.foot, width=across, size=9)[:3]):
        yield _text(line, x=MARGIN, y=68 - 12 * number, size=9)


def _box(box: Box, *, x: int, y: int) -> Iterator[bytes]:
    yield b"0.66 0.11 0.17 rg %d %d %d 2 re f 0 g" % (x, y, COLUMN)
    yield _text(box.title, x=x, y=y - 14, size=11, bold=True)
    for number, line in enumerate(_fitting(box.lines)):
        yield _text(line, x=x, y=y - 14 - LEADING * (number + 1), size=SIZE)


def _fitting(lines: Sequence[str]) -> list[str]:
    """Whole lines only: half of a dose would be another dose."""
    shown: list[str] = []
    for position, line in enumerate(lines):
        parts = wrapped(line, width=COLUMN)
        room = MAX_LINES - (position < len(lines) - 1)
        if len(shown) + len(parts) > room:
            return [*shown, MORE]
        shown += parts
    return shown


def _text(text: str, *, x: int, y: int, size: int, bold: bool = False) -> bytes:
    signs = text.encode("cp1252", "replace").hex().encode()
    return b"BT /%s %d Tf %d %d Td <%s> Tj ET" % (b"F2" if bold else b"F1", size, x, y, signs)
