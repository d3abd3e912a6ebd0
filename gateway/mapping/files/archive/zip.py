"""The layout of a zip (APPNOTE 6.3.10) whose files are known by size and CRC alone.

Headers are made here, the files between them are somebody else's to bring. So a download goes on
at any byte, and no zip is ever kept. Offsets and counts may pass 4 GB and 65,535 (ZIP64); one file
may not.
"""

import struct
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from gateway.records.patients.export import Member

STORED, DEFLATED = 0, 8
UTF_8 = 0x0800
"""Bit 11 of the flags: the name is UTF-8."""
PLAIN, WITH_ZIP64 = 20, 45
UNIX, REGULAR_FILE = 3 << 8, 0o100644 << 16
LOW, HIGH = 0xFFFF, 0xFFFFFFFF
LOCAL = struct.Struct("<4s5H3L2H")
CENTRAL = struct.Struct("<4s6H3L5H2L")
END = struct.Struct("<4s4H2LH")
END_64 = struct.Struct("<4sQ2H2L4Q")
LOCATOR_64 = struct.Struct("<4sLQL")
FIRST_YEAR = 1980


@dataclass(frozen=True, slots=True)
class Part:
    """A run of bytes: `octets` at hand, or those of `member`, packed."""

    start: int
    length: int
    octets: bytes = b""
    member: Member | None = None


@dataclass(frozen=True, slots=True)
class Cut:
    """What of a part is asked for: from `start` on, before `stop`, counted in the part."""

    part: Part
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Layout:
    """The parts follow each other without a gap; `size` is that of the whole zip."""

    parts: tuple[Part, ...]
    size: int

    def cuts(self, start: int, stop: int) -> Iterator[Cut]:
        """What makes up the bytes from `start` on, before `stop`, in order."""
        first = bisect_right(self.parts, start, key=lambda part: part.start) - 1
        for place in range(max(first, 0), len(self.parts)):
            part = self.parts[place]
            if part.start >= stop:
                return
            begin, end = max(start - part.start, 0), min(stop - part.start, part.length)
            if begin < end:
                yield Cut(part, begin, end)


def layout_of(members: Sequence[Member], at: datetime) -> Layout:
    """`at` is the hour that every file bears, as it is written. Raises ValueError for a file of
    4 GB."""
    parts: list[Part] = []
    place, directory = 0, bytearray()
    for member in members:
        if max(member.size, member.packed) >= HIGH:
            raise ValueError("a file of a zip has less than 4 GB here")
        directory += _central(member, at, place)
        header = _local(member, at)
        parts.append(Part(place, len(header), octets=header))
        place += len(header)
        if member.packed:
            parts.append(Part(place, member.packed, member=member))
            place += member.packed
    tail = bytes(directory) + _end(len(members), place, len(directory))
    parts.append(Part(place, len(tail), octets=tail))
    return Layout(tuple(parts), place + len(tail))


def _local(member: Member, at: datetime) -> bytes:
    name = member.name.encode()
    made = LOCAL.pack(
        *(b"PK\x03\x04", PLAIN, UTF_8, _method(member), *_stamp(at)),
        *(member.crc, member.packed, member.size, len(name), 0),
    )
    return made + name


def _central(member: Member, at: datetime, place: int) -> bytes:
    name = member.name.encode()
    extra = struct.pack("<2HQ", 1, 8, place) if place >= HIGH else b""
    needed = WITH_ZIP64 if extra else PLAIN
    made = CENTRAL.pack(
        *(b"PK\x01\x02", UNIX | needed, needed, UTF_8, _method(member), *_stamp(at)),
        *(member.crc, member.packed, member.size, len(name), len(extra)),
        *(0, 0, 0, REGULAR_FILE, min(place, HIGH)),
    )
    return made + name + extra


def _end(count: int, place: int, length: int) -> bytes:
    made = b""
    if count >= LOW or place >= HIGH or length >= HIGH:
        versions = (UNIX | WITH_ZIP64, WITH_ZIP64)
        whole = (count, count, length, place)
        made += END_64.pack(b"PK\x06\x06", END_64.size - 12, *versions, 0, 0, *whole)
        made += LOCATOR_64.pack(b"PK\x06\x07", 0, place + length, 1)
    number, size, start = min(count, LOW), min(length, HIGH), min(place, HIGH)
    return made + END.pack(b"PK\x05\x06", 0, 0, number, number, size, start, 0)


def _method(member: Member) -> int:
    return DEFLATED if member.is_deflated else STORED


def _stamp(at: datetime) -> tuple[int, int]:
    """Time and date of MS-DOS, of two seconds and without a zone."""
    year = max(at.year - FIRST_YEAR, 0)
    return at.hour << 11 | at.minute << 5 | at.second // 2, year << 9 | at.month << 5 | at.day
