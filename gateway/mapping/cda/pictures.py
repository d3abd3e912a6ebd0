"""How large a picture says it is: one that would fill a reader's memory is not shown."""

import re
import struct

MAX_PICTURE_BYTES = 10_000_000
MAX_PICTURE_PIXELS = 50_000_000
MAX_JPEG_SEGMENTS = 500

_STANDALONE = frozenset({0x01, *range(0xD0, 0xD8)})
_PADDING = re.compile(rb"\xff+")
_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
"""JPEG markers without a length, and those that begin a frame (ITU-T T.81, table B.1)."""


def may_be_shown(media: str, content: bytes) -> bool:
    """Whether a PNG, GIF or JPEG has a size, and one that a browser draws without harm."""
    if len(content) > MAX_PICTURE_BYTES:
        return False
    width, height = _SIZES[media](content)
    return 0 < width * height <= MAX_PICTURE_PIXELS


def _png(content: bytes) -> tuple[int, int]:
    if content[12:16] != b"IHDR" or len(content) < 24:
        return 0, 0
    width, height = struct.unpack(">II", content[16:24])
    return width, height


def _gif(content: bytes) -> tuple[int, int]:
    if len(content) < 10:
        return 0, 0
    width, height = struct.unpack("<HH", content[6:10])
    return width, height


def _jpeg(content: bytes) -> tuple[int, int]:
    """Of the first frame header; the segments before it are skipped."""
    place = 2
    for _ in range(MAX_JPEG_SEGMENTS):
        if padding := _PADDING.match(content, place):
            place = padding.end() - 1
        if content[place : place + 1] != b"\xff" or len(content) < place + 4:
            return 0, 0
        marker = content[place + 1]
        if marker in _FRAMES and len(content) >= place + 9:
            height, width = struct.unpack(">HH", content[place + 5 : place + 9])
            return width, height
        length = struct.unpack(">H", content[place + 2 : place + 4])[0]
        place += 2 if marker in _STANDALONE else 2 + length
    return 0, 0


_SIZES = {"image/png": _png, "image/gif": _gif, "image/jpeg": _jpeg}
