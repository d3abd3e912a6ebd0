"""The two typefaces of a tagged PDF: those that PDFium bears, as it draws Helvetica with them.

PDF/A embeds each font that it draws with (ISO 19005-2, 6.2.11.4). These come with PDFium, under its
licence (BSD), as bare CFF; nothing of them is in the repository.
"""

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import pikepdf
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]  # ships no types

from gateway.mapping.files.pdf.pages import PDFIUM

FIRST, LAST = 32, 255
"""Codes of WinAnsiEncoding that are drawn."""
EM = 1000
NONSYMBOLIC = 32
BOX = (-200, -250, 1200, 1000)
ASCENT, DESCENT, CAPITALS = 905, -212, 716
STEMS = {"Helvetica": 88, "Helvetica-Bold": 140}


@dataclass(frozen=True, slots=True)
class Typeface:
    """`cff` is the font program, `widths` in thousandths of the size, by code from FIRST on."""

    name: str
    cff: bytes
    widths: tuple[int, ...]
    stem: int


@cache
def typeface(standard: str) -> Typeface:
    """As PDFium has it for "Helvetica" or "Helvetica-Bold"."""
    with PDFIUM:
        document = pdfium.FPDF_CreateNewDocument()
        font = pdfium.FPDFText_LoadStandardFont(document, standard.encode())
        try:
            cff = _program(font)
            widths = tuple(_width(font, code) for code in range(FIRST, LAST + 1))
        finally:
            pdfium.FPDFFont_Close(font)
            pdfium.FPDF_CloseDocument(document)
    return Typeface(name=_name(cff), cff=cff, widths=widths, stem=STEMS[standard])


def _program(font: object) -> bytes:
    size = ctypes.c_size_t()
    pdfium.FPDFFont_GetFontData(font, None, 0, size)
    room = (ctypes.c_uint8 * size.value)()
    pdfium.FPDFFont_GetFontData(font, room, size.value, size)
    return bytes(room)


def _name(cff: bytes) -> str:
    """The first of its index of names, which follows the header (Adobe TN 5176, 5 and 7)."""
    at, size = cff[2], cff[cff[2] + 2]
    first, end = (
        int.from_bytes(cff[at + 3 + size * n : at + 3 + size * (n + 1)], "big") for n in (0, 1)
    )
    names = at + 3 + 2 * size - 1
    return cff[names + first : names + end].decode("ascii")


def _width(font: object, code: int) -> int:
    width = ctypes.c_float()
    sign = bytes([code]).decode("cp1252", "replace")
    pdfium.FPDFFont_GetGlyphWidth(font, ord(sign), float(EM), width)
    return round(width.value)


def embedded(pdf: pikepdf.Pdf, face: Typeface) -> pikepdf.Object:
    """A simple font of WinAnsiEncoding with its program."""
    program = pdf.make_stream(face.cff)
    program.Subtype = pikepdf.Name.Type1C
    descriptor = pikepdf.Dictionary(
        Type=pikepdf.Name.FontDescriptor,
        FontName=pikepdf.Name(f"/{face.name}"),
        Flags=NONSYMBOLIC,
        FontBBox=pikepdf.Array(BOX),
        ItalicAngle=0,
        Ascent=ASCENT,
        Descent=DESCENT,
        CapHeight=CAPITALS,
        StemV=face.stem,
        FontFile3=pdf.make_indirect(program),
    )
    return pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Font,
            Subtype=pikepdf.Name.Type1,
            BaseFont=pikepdf.Name(f"/{face.name}"),
            FirstChar=FIRST,
            LastChar=LAST,
            Widths=pikepdf.Array(face.widths),
            Encoding=pikepdf.Name.WinAnsiEncoding,
            FontDescriptor=pdf.make_indirect(descriptor),
            ToUnicode=pdf.make_indirect(pdf.make_stream(_to_unicode(range(FIRST, LAST + 1)))),
        )
    )


def _to_unicode(codes: Sequence[int]) -> bytes:
    """What each code means (ISO 32000-1, 9.10.3), a hundred at a time."""
    pairs = [(code, bytes([code]).decode("cp1252", "replace")) for code in codes]
    lines = [f"<{code:02X}> <{ord(sign):04X}>" for code, sign in pairs if sign != "\ufffd"]
    parts = [lines[at : at + 100] for at in range(0, len(lines), 100)]
    body = "\n".join(f"{len(one)} beginbfchar\n" + "\n".join(one) + "\nendbfchar" for one in parts)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /WinAnsi-Unicode def\n/CMapType 2 def\n"
        f"1 begincodespacerange\n<00> <FF>\nendcodespacerange\n{body}\nendcmap\n"
        "CMapName currentdict /CMap defineresource pop\nend\nend\n"
    ).encode("ascii")
