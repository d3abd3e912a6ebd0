"""Pages of a PDF as pictures, by PDFium.

Apart from the checks of `pdf`, because PDFium weighs four megabytes and few processes draw.
"""

import struct
import threading
import zlib

import pypdfium2  # type: ignore[import-untyped]  # ships no types

from gateway.errors import RefusedError

MAX_PAGE_PIXELS = 25_000_000

PDFIUM = threading.Lock()
"""PDFium may be used by one thread at a time."""


def page_count(data: bytes) -> int:
    """How many pages; RefusedError where the bytes cannot be opened."""
    with PDFIUM:
        document = _opened(data)
        try:
            return len(document)
        finally:
            document.close()


def render_pages(data: bytes, *, page: int, width: int) -> bytes:
    """Page number `page` (from 0) as a PNG `width` pixels wide; RefusedError if it cannot be."""
    with PDFIUM:
        document = _opened(data)
        try:
            return _png(document, page, width)
        except (pypdfium2.PdfiumError, IndexError) as error:
            raise RefusedError("This page of the PDF cannot be shown.") from error
        finally:
            document.close()


def _opened(data: bytes) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise RefusedError("The PDF cannot be opened.") from error


def _png(document: pypdfium2.PdfDocument, page: int, width: int) -> bytes:
    if not 0 <= page < len(document):
        raise IndexError(page)
    leaf = document[page]
    if leaf.get_width() < 1:
        raise RefusedError("This page of the PDF has no width.")
    scale = width / leaf.get_width()
    if width * scale * leaf.get_height() > MAX_PAGE_PIXELS:
        raise RefusedError("This page of the PDF is too large to be shown.")
    bitmap = leaf.render(scale=scale, rev_byteorder=True, may_draw_forms=False)
    pixels, stride = bytes(bitmap.buffer), bitmap.stride
    row, colour = bitmap.width * bitmap.n_channels, {1: 0, 3: 2, 4: 6}[bitmap.n_channels]
    lines = b"".join(
        b"\x00" + pixels[top * stride : top * stride + row] for top in range(bitmap.height)
    )
    header = struct.pack(">IIBBBBB", bitmap.width, bitmap.height, 8, colour, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(lines, 3)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, body) for name, body in chunks)


def _chunk(name: bytes, body: bytes) -> bytes:
    checksum = struct.pack(">I", zlib.crc32(name + body))
    return struct.pack(">I", len(body)) + name + body + checksum
