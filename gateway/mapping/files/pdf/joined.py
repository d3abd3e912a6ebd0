"""Pictures and PDFs joined into one PDF, page after page (VAULT DOC-05).

A JPEG goes in as it is where that says how it stands; other pictures as their pixels, packed. Where
the whole is too large, pictures are written smaller. The same files give the same bytes.
"""

import io
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pikepdf
from PIL import Image, ImageSequence

from gateway.errors import RefusedError
from gateway.mapping.files.pictures import JPEG
from gateway.mapping.files.pictures.frames import opened, upright

PDF = "application/pdf"
A4 = (595, 842)
MAX_PAGES = 100
SMALL_PIXELS, SMALL_QUALITY = 2_000, 75
"""Of the longer side, and of the JPEG: a page of A4 in 170 dots an inch."""
SPACES = {"1": ("DeviceGray", 1), "L": ("DeviceGray", 8), "RGB": ("DeviceRGB", 8)}
TURNS = {1: 0, 3: 180, 6: 90, 8: 270}
"""By how many degrees a page is turned for each orientation that mirrors nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """A picture as a page of PDF: its bytes under a filter, and by how much it is turned."""

    width: int
    height: int
    mode: str
    coded: bytes
    filter: str
    turn: int = 0


def joined_pdf(files: Sequence[tuple[str, bytes]], *, max_bytes: int) -> bytes:
    """`files` are MIME types and bytes, pictures and PDFs without active content. Raises
    RefusedError for a damaged one, for more than MAX_PAGES, or more than `max_bytes` at the end."""
    try:
        made = _joined(files, smaller=False)
        if len(made) > max_bytes:
            made = _joined(files, smaller=True)
    except (pikepdf.PikepdfError, RuntimeError) as error:
        raise RefusedError("A file cannot be read: make it again.") from error
    if len(made) > max_bytes:
        raise RefusedError("The files are too large together.")
    return made


def _joined(files: Sequence[tuple[str, bytes]], *, smaller: bool) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        for mime_type, data in files:
            if mime_type == PDF:
                with pikepdf.open(io.BytesIO(data)) as other:
                    _room_for(pdf, len(other.pages))
                    pdf.pages.extend(other.pages)
                continue
            for leaf in _leaves(mime_type, data, smaller=smaller):
                _room_for(pdf, 1)
                _add(pdf, leaf)
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


def _room_for(pdf: pikepdf.Pdf, pages: int) -> None:
    if len(pdf.pages) + pages > MAX_PAGES:
        raise RefusedError(f"The files have more than {MAX_PAGES} pages together.")


def _leaves(mime_type: str, data: bytes, *, smaller: bool) -> Iterator[Leaf]:
    with opened(data) as picture:
        turn = TURNS.get(picture.getexif().get(0x0112, 1))
        if mime_type == JPEG and not smaller and turn is not None and picture.mode in SPACES:
            picture.load()  # a damaged one is refused
            yield Leaf(
                width=picture.width,
                height=picture.height,
                mode=picture.mode,
                coded=data,
                filter="DCTDecode",
                turn=turn,
            )
            return
        for frame in ImageSequence.Iterator(picture):
            yield _smaller(upright(frame)) if smaller else _packed(upright(frame))


def _packed(picture: Image.Image) -> Leaf:
    return Leaf(
        width=picture.width,
        height=picture.height,
        mode=picture.mode,
        coded=zlib.compress(picture.tobytes(), 6),
        filter="FlateDecode",
    )


def _smaller(picture: Image.Image) -> Leaf:
    if picture.mode == "1":
        picture = picture.convert("L")
    picture.thumbnail((SMALL_PIXELS, SMALL_PIXELS))
    out = io.BytesIO()
    picture.save(out, format="JPEG", quality=SMALL_QUALITY)
    return Leaf(
        width=picture.width,
        height=picture.height,
        mode=picture.mode,
        coded=out.getvalue(),
        filter="DCTDecode",
    )


def _add(pdf: pikepdf.Pdf, leaf: Leaf) -> None:
    """As large as it can be on a sheet of A4, which stands or lies as the picture does."""
    space, bits = SPACES[leaf.mode]
    sheet = sorted(A4, reverse=leaf.width > leaf.height)
    scale = min(sheet[0] / leaf.width, sheet[1] / leaf.height)
    size = leaf.width * scale, leaf.height * scale
    page = pdf.add_blank_page(page_size=size)
    drawn = pdf.make_stream(leaf.coded)
    drawn.stream_dict = pikepdf.Dictionary(
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=leaf.width,
        Height=leaf.height,
        ColorSpace=pikepdf.Name(f"/{space}"),
        BitsPerComponent=bits,
        Filter=pikepdf.Name(f"/{leaf.filter}"),
    )
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(P=drawn))
    page.Contents = pdf.make_stream(b"%.2f 0 0 %.2f 0 0 cm /P Do" % size)
    if leaf.turn:
        page.obj.Rotate = leaf.turn
