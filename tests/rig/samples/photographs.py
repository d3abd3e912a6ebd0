"""Pictures as a telephone takes them: of our own making, with a position and a way to be held."""

import io
import struct
import zlib

from PIL import Image

PLACE = (48.0, 51.0, 30.0)
MAKER = "Appareil d'essai"
POSITION = b"48/51/30-of-our-own"
"""Stands in an XMP block and in comments, to be found again."""


def picture(width: int = 60, height: int = 40, mode: str = "RGB") -> Image.Image:
    """No two corners alike."""
    made = Image.linear_gradient("L").resize((width, height)).convert(mode)
    made.paste(made.resize((width // 3, height // 3)), (2, 2))
    return made


def exif(orientation: int = 6) -> Image.Exif:
    made = Image.Exif()
    made[0x0112], made[0x010F] = orientation, MAKER
    position = made.get_ifd(0x8825)
    position[1], position[2] = "N", PLACE
    return made


def jpeg(orientation: int = 6, **said: object) -> bytes:
    out = io.BytesIO()
    picture().save(
        out, "JPEG", exif=exif(orientation), comment=POSITION, xmp=POSITION, **(said or {})
    )
    return out.getvalue()


def png(orientation: int = 6) -> bytes:
    out = io.BytesIO()
    picture().save(out, "PNG", exif=exif(orientation))
    made = out.getvalue()
    told = b"tEXtComment\0" + POSITION
    chunk = struct.pack(">I", len(told) - 4) + told + struct.pack(">I", zlib.crc32(told))
    return made[:33] + chunk + made[33:]


def tiff(pages: int = 2, mode: str = "1", compression: str = "group4") -> bytes:
    out = io.BytesIO()
    first, *others = (picture(64 + 8 * page, 40, mode) for page in range(pages))
    told = {270: POSITION.decode(), 700: POSITION, 271: MAKER}
    first.save(
        out,
        "TIFF",
        save_all=True,
        append_images=others,
        compression=compression,
        tiffinfo=told,
    )
    return out.getvalue()


def shown(data: bytes) -> list[tuple[tuple[int, int], bytes]]:
    """Size and pixels of each frame, as it is decoded."""
    found = []
    with Image.open(io.BytesIO(data)) as made:
        for number in range(getattr(made, "n_frames", 1)):
            made.seek(number)
            found.append((made.size, made.tobytes()))
    return found
