"""A JPEG without what its camera tells (ITU-T T.81, annex B): the scans stay to the last byte."""

import re
import struct
from collections.abc import Iterator

from gateway.errors import RefusedError
from gateway.mapping.files.pictures.orientation import UPRIGHT, exif_of, orientation_in

SOI, EOI, SOS = 0xD8, 0xD9, 0xDA
JFIF, EXIF, ICC, ADOBE, COMMENT = 0xE0, 0xE1, 0xE2, 0xEE, 0xFE
APPLICATION = range(0xE0, 0xF0)
ALONE = frozenset({EOI, 0x01, *range(0xD0, 0xD8)})
"""Markers without a length: the end, TEM and the restarts."""
MARKER = re.compile(rb"\xff++([^\x00\xff])", re.DOTALL)
NEXT = re.compile(rb"\xff([^\x00\xff\xd0-\xd7])", re.DOTALL)
"""The end of coded data: a marker that is neither a stuffed byte nor a restart."""
EXIF_NAME = b"Exif\0\0"
KEPT = {JFIF: b"JFIF\0", ICC: b"ICC_PROFILE\0", ADOBE: b"Adobe"}
"""Application segments that say how the colours are meant; the others tell of who took it, with
what and where (Exif, XMP, IPTC, MPF, JUMBF)."""
DAMAGED = "The JPEG is damaged."


def bare_jpeg(data: bytes) -> bytes:
    """Without position, camera, comments and previews, nor anything behind its end; its orientation
    is kept. Raises RefusedError where its segments cannot be told."""
    kept, orientation = [], UPRIGHT
    for marker, segment in _segments(data):
        if marker == EXIF and segment[4:].startswith(EXIF_NAME):
            orientation = orientation_in(segment[4 + len(EXIF_NAME) :])
        if marker == COMMENT or (marker in APPLICATION and not _is_kept(marker, segment)):
            continue
        kept.append((marker, segment))
    head = [segment for marker, segment in kept[:1] if marker == JFIF]
    rest = [segment for _, segment in kept[len(head) :]]
    told = [_exif(orientation)] if orientation != UPRIGHT else []
    return b"\xff\xd8" + b"".join([*head, *told, *rest])


def _is_kept(marker: int, segment: bytes) -> bool:
    name = KEPT.get(marker)
    return name is not None and segment[4:].startswith(name)


def _exif(orientation: int) -> bytes:
    block = EXIF_NAME + exif_of(orientation)
    return b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Marker and bytes of each segment up to the end of the picture, coded data with its SOS."""
    at, marker = 2, SOI
    while marker != EOI and at < len(data):
        begun = MARKER.match(data, at)
        if begun is None:
            raise RefusedError(DAMAGED)
        marker, end = begun[1][0], begun.end()
        if marker not in ALONE:
            length = int.from_bytes(data[end : end + 2])
            end += length
            if length < 2 or end > len(data):
                raise RefusedError(DAMAGED)
        if marker == SOS:
            coded = NEXT.search(data, end)  # none where it was cut off on its way
            end = coded.start() if coded else len(data)
        yield marker, b"\xff" + data[begun.start(1) : end]
        at = end
