"""Pictures decoded, by Pillow: are they whole, and how a TIFF, which no browser shows, looks.

What a stranger sends is decoded within bounds of pixels and frames, in a process of its own with a
limit of time and of memory (`vault.document.drawing`); never in the daemon.
"""

import io
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image, ImageOps, ImageSequence

from gateway.errors import RefusedError

MAX_PIXELS = 60_000_000
"""Of all frames of a picture together."""
MAX_FRAMES = 50
FORMATS = ("JPEG", "PNG", "TIFF")
FAULTS = (
    *(OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError),
    *(struct.error, zlib.error),
)
"""What Pillow says of a damaged picture, by its formats' readers."""
DAMAGED, TOO_LARGE = "The picture is damaged.", "The picture has too many pixels."


def frame_count(data: bytes) -> int:
    """How many frames; every one of them could be decoded. Raises RefusedError."""
    with opened(data) as picture:
        for frame in ImageSequence.Iterator(picture):
            frame.load()
        return _frames(picture)


def render_frame(data: bytes, *, page: int, width: int) -> bytes:
    """Frame `page` (from 0), upright, as a PNG at most `width` pixels wide. Raises RefusedError."""
    with opened(data) as picture:
        if not 0 <= page < _frames(picture):
            raise RefusedError("The picture has no such page.")
        picture.seek(page)
        return png_of(upright(picture), width=width)


def upright(picture: Image.Image) -> Image.Image:
    """As its orientation has it shown, in grey, black and white, or colours on white paper."""
    turned = ImageOps.exif_transpose(picture)
    if turned.mode in ("1", "L", "RGB"):
        return turned
    if turned.mode.startswith(("I", "F")):
        return turned.point(lambda value: value / 256).convert("L")  # 16 bits of grey
    if not turned.has_transparency_data:
        return turned.convert("RGB")
    over = turned.convert("RGBA")
    paper = Image.new("RGBA", over.size, "white")
    return Image.alpha_composite(paper, over).convert("RGB")


def png_of(picture: Image.Image, *, width: int) -> bytes:
    shown = picture.convert("L") if picture.mode == "1" else picture
    shown.thumbnail((width, 4 * width))
    out = io.BytesIO()
    shown.save(out, format="PNG")
    return out.getvalue()


@contextmanager
def opened(data: bytes) -> Iterator[Image.Image]:
    """Within the bounds; what goes wrong with it inside becomes a RefusedError."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what Pillow remarks of odd tags
        try:
            with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
                _bounded(picture)
                yield picture
        except Image.DecompressionBombError as error:
            raise RefusedError(TOO_LARGE) from error
        except FAULTS as error:
            raise RefusedError(DAMAGED) from error


def _frames(picture: Image.Image) -> int:
    count: int = getattr(picture, "n_frames", 1)
    return count


def _bounded(picture: Image.Image) -> None:
    """By what each frame says of itself, before any is decoded."""
    if _frames(picture) > MAX_FRAMES:
        raise RefusedError(f"The picture has more than {MAX_FRAMES} pages.")
    pixels = 0
    for number in range(_frames(picture)):
        picture.seek(number)
        pixels += picture.width * picture.height
        if pixels > MAX_PIXELS:
            raise RefusedError(TOO_LARGE)
    picture.seek(0)
