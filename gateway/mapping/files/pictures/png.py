"""A PNG without what was told beside its pixels (PNG, third edition, chunks)."""

import struct
import zlib
from collections.abc import Iterator

from gateway.errors import RefusedError
from gateway.mapping.files.pictures.orientation import UPRIGHT, exif_of, orientation_in

SIGNATURE = b"\x89PNG\r\n\x1a\n"
SHOWN = frozenset(
    b"IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI bKGD pHYs hIST sPLT"
    b" acTL fcTL fdAT".split()
)
"""What makes the picture; the others hold words, times and positions."""
DAMAGED = "The PNG is damaged."


def bare_png(data: bytes) -> bytes:
    """Without words, times and positions, nor anything behind its end; its orientation is kept.
    Raises RefusedError where its chunks cannot be told."""
    kept, orientation = [], UPRIGHT
    for name, body, chunk in _chunks(data):
        if name == b"eXIf":
            orientation = orientation_in(body)
        if name in SHOWN:
            kept.append(chunk)
    if orientation != UPRIGHT:
        kept.insert(1, _chunk(b"eXIf", exif_of(orientation)))
    return SIGNATURE + b"".join(kept)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Name, body and the whole of each chunk, to the end of the picture."""
    at, name = len(SIGNATURE), b""
    while name != b"IEND":
        if at + 12 > len(data):
            raise RefusedError(DAMAGED)
        length, name = struct.unpack_from(">I4s", data, at)
        end = at + 12 + length
        if end > len(data) or (at == len(SIGNATURE)) != (name == b"IHDR"):
            raise RefusedError(DAMAGED)
        yield name, data[at + 8 : end - 4], data[at:end]
        at = end


def _chunk(name: bytes, body: bytes) -> bytes:
    checksum = struct.pack(">I", zlib.crc32(name + body))
    return struct.pack(">I", len(body)) + name + body + checksum
