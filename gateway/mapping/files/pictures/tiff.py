"""A TIFF written again with what draws it, and nothing else (TIFF 6.0): its strips and tiles are
taken over to the last byte, under directories of their own."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from gateway.errors import RefusedError
from gateway.mapping.files.pictures.orientation import MAX_ENTRIES, ORDERS

SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}
"""Bytes of a value, by type."""
LONG, LONGS = 4, {3: "H", 4: "I"}
PLACES = {273: 279, 324: 325}
"""StripOffsets and TileOffsets, and the tag that says how long each is."""
DRAWS = frozenset(
    {
        *(254, 255, 256, 257, 258, 259, 262, 263, 264, 265, 266, 273, 274, 277, 278, 279, 280),
        *(281, 282, 283, 284, 290, 291, 292, 293, 296, 297, 301, 317, 318, 319, 320, 321, 322),
        *(323, 324, 325, 332, 334, 336, 338, 339, 340, 341, 342, 347, 529, 530, 531, 532, 34675),
    }
)
"""Tags that the picture is drawn by; Exif, GPS, GeoTIFF, XMP, IPTC and private tags are left."""
MAX_PAGES, MAX_PIECES = 100, 100_000
DAMAGED = "The TIFF is damaged, or of a kind that is not taken."


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a directory: `value` as written, in the file's own order of bytes, and not yet a
    copy of it: a small file may have a thousand entries that each name the whole of it."""

    tag: int
    kind: int
    count: int
    value: memoryview | bytes


def bare_tiff(data: bytes) -> bytes:
    """Every page, without position, camera and words. Raises RefusedError where the directories
    cannot be told, or draw more than the file holds."""
    order = ORDERS[data[:4]]
    try:
        return _written(data, order, list(_directories(data, order)))
    except struct.error as error:
        raise RefusedError(DAMAGED) from error


def _directories(data: bytes, order: str) -> Iterator[list[Entry]]:
    (at,) = struct.unpack_from(f"{order}I", data, 4)
    seen: set[int] = set()
    while at:
        if at in seen or len(seen) == MAX_PAGES:
            raise RefusedError(DAMAGED)
        seen.add(at)
        (count,) = struct.unpack_from(f"{order}H", data, at)
        if count > MAX_ENTRIES:
            raise RefusedError(DAMAGED)
        places = (at + 2 + 12 * number for number in range(count))
        entries = [one for place in places if (one := _entry(data, order, place)) is not None]
        yield sorted(entries, key=lambda one: one.tag)
        (at,) = struct.unpack_from(f"{order}I", data, at + 2 + 12 * count)


def _entry(data: bytes, order: str, at: int) -> Entry | None:
    tag, kind, count = struct.unpack_from(f"{order}HHI", data, at)
    if tag not in DRAWS or kind not in SIZES:
        return None
    length, place = SIZES[kind] * count, at + 8
    if length > 4:
        (place,) = struct.unpack_from(f"{order}I", data, place)
    value = memoryview(data)[place : place + length]
    if len(value) != length:
        raise RefusedError(DAMAGED)
    return Entry(tag, kind, count, value)


def _written(data: bytes, order: str, pages: list[list[Entry]]) -> bytes:
    made = bytearray(data[:4] + bytes(4))
    link = 4
    for entries in pages:
        moved = [_moved(data, order, one, entries, made) for one in entries]
        outside = [_outside(one, made, 2 * len(data)) for one in moved]
        made += bytes(len(made) % 2)
        struct.pack_into(f"{order}I", made, link, len(made))
        made += struct.pack(f"{order}H", len(moved))
        for one, place in zip(moved, outside, strict=True):
            made += struct.pack(f"{order}HHI", one.tag, one.kind, one.count)
            made += struct.pack(f"{order}I", place) if place else bytes(one.value).ljust(4, b"\0")
        link = len(made)
        made += bytes(4)
    return bytes(made)


def _outside(one: Entry, made: bytearray, most: int) -> int:
    """Where a value stands that an entry has no room for; 0 for one that it has."""
    return _put(one.value, made, most) if len(one.value) > 4 else 0


def _put(piece: memoryview | bytes, made: bytearray, most: int) -> int:
    """Where it stands now; a file does not grow by being written again."""
    if len(made) + len(piece) > most:
        raise RefusedError(DAMAGED)
    made += bytes(len(made) % 2)
    place = len(made)
    made += piece
    return place


def _moved(data: bytes, order: str, one: Entry, page: list[Entry], made: bytearray) -> Entry:
    """An entry of places with what stands there taken over; any other as it is."""
    if one.tag not in PLACES:
        return one
    lengths = next((_numbers(other, order) for other in page if other.tag == PLACES[one.tag]), [])
    places = _numbers(one, order)
    if not places or len(places) != len(lengths):
        raise RefusedError(DAMAGED)
    now = []
    for place, length in zip(places, lengths, strict=True):
        piece = memoryview(data)[place : place + length]
        if len(piece) != length:
            raise RefusedError(DAMAGED)
        now.append(_put(piece, made, 2 * len(data)))
    return Entry(one.tag, LONG, len(now), struct.pack(f"{order}{len(now)}I", *now))


def _numbers(one: Entry, order: str) -> list[int]:
    if one.kind not in LONGS or one.count > MAX_PIECES:
        raise RefusedError(DAMAGED)
    return list(struct.unpack(f"{order}{one.count}{LONGS[one.kind]}", one.value))
