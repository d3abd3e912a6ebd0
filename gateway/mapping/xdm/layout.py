"""Where the files of a zip lie, told twice: by its directory, and by the header before each file.

Readers differ in which of the two they follow, so the two say the same here, and every byte before
the directory belongs to a file that it names: nothing is hidden from one reader and shown to the
next (APPNOTE 4.3.6 to 4.3.9).
"""

import struct
import zipfile
import zlib
from itertools import pairwise
from typing import NamedTuple

from gateway.errors import RefusedError
from gateway.records.intake.finding import Finding, Severity

LOCAL_MAGIC = b"PK\x03\x04"
LOCAL = struct.Struct("<4s5H3L2H")
ENCRYPTED = 0x1 | 0x40 | 0x2000
DESCRIPTOR = 0x8
UTF_8 = 0x800
"""Bit 11 of the flags: the name is UTF-8."""
DESCRIPTOR_MAGIC = b"PK\x07\x08"
DESCRIPTORS = (struct.Struct("<3L"), struct.Struct("<L2Q"))
"""Of a plain zip, and of one with sizes of eight bytes (4.3.9.2)."""
PIECE_BYTES = 65_536
LARGE, LARGE_EXTRA = 0xFFFFFFFF, 1
TWO_FACES = "The directory and the header of a file disagree: pack the archive again."
HIDDEN = "The zip holds bytes of no file of its directory: pack the archive again."


class Local(NamedTuple):
    """`head` and `end` of a file with its header, `start` of its packed bytes."""

    head: int
    start: int
    end: int


def local_of(raw: bytes, info: zipfile.ZipInfo, directory: int) -> Local:
    """The header at which `info` points. Raises RefusedError where it says something else."""
    at, where = info.header_offset, shown(info.orig_filename)
    if at < 0 or at + LOCAL.size > directory:
        raise refusal("zip-unreadable", where, "The zip is damaged.")
    head = LOCAL.unpack_from(raw, at)
    name_at, name_length, extra_length = at + LOCAL.size, head[9], head[10]
    start = name_at + name_length + extra_length
    name = raw[name_at : name_at + name_length]
    extra = raw[name_at + name_length : start]
    encoding = "utf-8" if info.flag_bits & UTF_8 else "cp437"
    same = head[0] == LOCAL_MAGIC and head[3] == info.compress_type
    same &= not head[2] & ENCRYPTED and name.decode(encoding, "replace") == info.orig_filename
    follows = bool((head[2] | info.flag_bits) & DESCRIPTOR)
    if not same or not _measures_agree(head, extra, info, follows=follows):
        raise refusal("zip-two-faces", where, TWO_FACES)
    end = start + info.compress_size
    if follows:
        end += _descriptor(raw[end : min(end + 24, directory)], info)
    return Local(at, start, end)


def _measures_agree(
    head: tuple[int, ...], extra: bytes, info: zipfile.ZipInfo, *, follows: bool
) -> bool:
    """CRC, packed size and size; nought where a descriptor `follows` the file."""
    said = [head[6], *_sizes(head[7], head[8], extra)]
    own = [info.CRC, info.compress_size, info.file_size]
    return all(one == true or (follows and one == 0) for one, true in zip(said, own, strict=True))


def _sizes(packed: int, size: int, extra: bytes) -> tuple[int, int]:
    """Those of the extra field where the header has no room for them (4.5.3)."""
    at = 0
    while LARGE in (packed, size) and at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind == LARGE_EXTRA and length >= 16 and at + 20 <= len(extra):
            large = struct.unpack_from("<2Q", extra, at + 4)
            return large[1], large[0]
        at += 4 + length
    return packed, size


def _descriptor(told: bytes, info: zipfile.ZipInfo) -> int:
    """How long it is. Raises RefusedError where it says something else than the directory."""
    own = (info.CRC, info.compress_size, info.file_size)
    for magic in (DESCRIPTOR_MAGIC, b""):
        for shape in DESCRIPTORS:
            if told.startswith(magic + shape.pack(*own)):
                return len(magic) + shape.size
    raise refusal("zip-two-faces", shown(info.orig_filename), TWO_FACES)


def check_layout(raw: bytes, locals_: list[Local], directory: int) -> None:
    """One file behind the other, from the first byte to the directory; a gap is nothing but zeros.

    CPython before 3.11.8 does not look whether members share their bytes (CVE-2024-0450).
    """
    ordered = [Local(0, 0, 0), *sorted(locals_), Local(directory, directory, directory)]
    for before, after in pairwise(ordered):
        if before.end > after.head:
            raise refusal("zip-overlap", "/", "Two files of the zip share their bytes.")
        if raw[before.end : after.head].strip(b"\0"):
            raise refusal("zip-hidden", "/", HIDDEN)


def check_packed(packed: bytes, where: str, *, size: int) -> None:
    """A deflated file of `size` bytes ends where its packed bytes end: what stands behind is
    another header. Only what one begins in is inflated, in pieces that are not kept."""
    if LOCAL_MAGIC not in packed:
        return
    machine, rest = zlib.decompressobj(-zlib.MAX_WBITS), packed
    try:
        while rest and not machine.eof and size >= 0:
            size -= len(machine.decompress(rest, PIECE_BYTES))
            rest = machine.unconsumed_tail
    except zlib.error as error:
        raise refusal("zip-damaged", where, "A file is damaged.") from error
    if machine.unused_data or size < 0:
        raise refusal("zip-hidden", where, HIDDEN)


def shown(path: str) -> str:
    """A member's name that may be repeated to the sender: short, one line, no control letter."""
    return "".join(letter if letter.isprintable() else "?" for letter in path[:80])


def refusal(code: str, where: str, message: str) -> RefusedError:
    finding = Finding(code=code, severity=Severity.ERROR, where=where, message=message)
    return RefusedError(message, finding=finding)
