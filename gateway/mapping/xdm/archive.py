"""An IHE_XDM archive opened in memory, never on disk: names and bytes, nothing followed.

Everything is checked on the central directory before a byte is inflated, and every inflation
has a ceiling. A broken rule ends the reading: a zip that lies once is not read further.
"""

import io
import stat
import struct
import unicodedata
import zipfile
import zlib
from contextlib import suppress
from dataclasses import dataclass

from gateway.mapping.xdm.layout import (
    ENCRYPTED,
    LOCAL_MAGIC,
    UTF_8,
    Local,
    check_layout,
    check_packed,
    local_of,
    refusal,
    shown,
)
from gateway.records.intake.reading import MEGABYTE

MAX_MEMBERS = 200
MAX_TOTAL_BYTES = 100 * MEGABYTE
MAX_MEMBER_BYTES = 20 * MEGABYTE
MAX_RATIO = 100
RATIO_FREE_BYTES = 100_000
MAX_NAME_BYTES = 255

END_MAGIC = b"PK\x05\x06"
END = struct.Struct("<4s4H2LH")
HERE = "./"
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ARCHIVE_STARTS = (LOCAL_MAGIC, END_MAGIC, b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"BZh", b"\xfd7zX")
DEVICES = frozenset(
    ["CON", "PRN", "AUX", "NUL"]
    + [f"{port}{number}" for port in ("COM", "LPT") for number in range(1, 10)]
)


@dataclass(frozen=True, slots=True)
class Member:
    """One file of the archive: `path` as written, less a leading `./`; `start` of its packed bytes
    in the archive."""

    path: str
    method: int
    start: int
    packed: int
    size: int
    crc: int

    @property
    def folder(self) -> str:
        return self.path.rpartition("/")[0]

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Archive:
    raw: bytes
    members: tuple[Member, ...]

    def named(self, name: str) -> list[Member]:
        """Members of that file name in any folder, without case."""
        return [one for one in self.members if one.name.casefold() == name.casefold()]

    def at(self, folder: str, name: str) -> Member | None:
        """The member of exactly that folder; names are compared as `_folded`."""
        wanted = _folded(f"{folder}/{name}".removeprefix("/"))
        return next((one for one in self.members if _folded(one.path) == wanted), None)

    def read(self, member: Member) -> bytes:
        """The member's own bytes. Raises RefusedError where they are not what was declared."""
        return _inflate(self.raw, member)


def open_archive(raw: bytes) -> Archive:
    """Raises RefusedError with a finding that names the rule of SECURITY section 1 it breaks."""
    if not raw.startswith(LOCAL_MAGIC):
        message = "This is no zip archive that begins with its first file."
        raise refusal("zip-unreadable", "/", message)
    directory = _directory(raw)
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as opened:
            infos = opened.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error) as error:
        raise refusal("zip-unreadable", "/", "The directory of the zip is damaged.") from error
    places: list[Local] = []
    members = [_member(raw, info, directory, places) for info in infos]
    check_layout(raw, places, directory)
    _check_names(infos)
    if sum(member.size for member in members) > MAX_TOTAL_BYTES:
        raise refusal("zip-too-big", "/", f"The files exceed {MAX_TOTAL_BYTES} bytes in all.")
    files = (one for one in members if one.path and not one.path.endswith("/"))
    archive = Archive(raw, tuple(files))
    for member in archive.members:
        _check_start(archive, member)
    return archive


def _directory(raw: bytes) -> int:
    """Where the central directory begins; its end record must close the file exactly."""
    at = raw.rfind(END_MAGIC, max(0, len(raw) - END.size - 0xFFFF))
    if at < 0 or at + END.size > len(raw):
        raise refusal("zip-unreadable", "/", "The zip is cut off: send it again whole.")
    _, disk, first, here, count, size, start, comment = END.unpack_from(raw, at)
    if disk or first or here != count or start + size != at or at + END.size + comment != len(raw):
        raise refusal("zip-unreadable", "/", "Send one plain zip: no parts, no added bytes.")
    if count > MAX_MEMBERS:
        raise refusal("zip-too-many-files", "/", f"Send at most {MAX_MEMBERS} files a zip.")
    return int(start)


def _member(raw: bytes, info: zipfile.ZipInfo, directory: int, places: list[Local]) -> Member:
    path = _relative(info)
    if info.orig_filename != HERE:
        _check_name(path)
    _check_kind(info)
    if info.file_size > MAX_MEMBER_BYTES:
        raise refusal("zip-too-big", shown(path), f"A file exceeds {MAX_MEMBER_BYTES} bytes.")
    too_dense = info.file_size > MAX_RATIO * max(info.compress_size, 1)
    if info.file_size > RATIO_FREE_BYTES and too_dense:
        raise refusal("zip-bomb", shown(path), "A file inflates more than a hundredfold.")
    place = local_of(raw, info, directory)
    places.append(place)
    packed, size = info.compress_size, info.file_size
    return Member(path, info.compress_type, place.start, packed, size, info.CRC)


def _relative(info: zipfile.ZipInfo) -> str:
    """The name without the `./` that bsdtar and other packers of "this folder" write before it:
    a relative path as any other (APPNOTE 4.4.17.1), and nothing is unpacked to it here.

    Without bit 11 a name is in cp437 by the letter (APPNOTE D.1); macOS and others write UTF-8 and
    do not set it: what can be read as UTF-8 is."""
    name = info.orig_filename
    if not (name.isascii() or info.flag_bits & UTF_8):
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return name.removeprefix(HERE)


def _folded(path: str) -> str:
    """One name for all that a system may take for the same: without case, composed or not."""
    return unicodedata.normalize("NFKC", path).casefold()


def _check_kind(info: zipfile.ZipInfo) -> None:
    where = shown(info.orig_filename)
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise refusal("zip-link", where, "Send plain files: no link and no device.")
    if info.flag_bits & ENCRYPTED:
        raise refusal("zip-encrypted", where, "Send the files without a password.")
    if info.compress_type not in METHODS:
        raise refusal("zip-method", where, "Pack the files by storing or deflating only.")
    if info.orig_filename.endswith("/") and info.file_size:
        raise refusal("zip-name", where, "A folder cannot hold bytes.")


def _check_name(path: str) -> None:
    parts = path.removesuffix("/").split("/")
    odd = any(ord(letter) < 32 or letter in "\\:\x7f" for letter in path)
    outside = any(part in ("", ".", "..") for part in parts)
    if odd or outside or not path or len(path.encode("utf-8", "replace")) > MAX_NAME_BYTES:
        raise refusal(
            "zip-name", shown(path), "Name files by relative paths without '..', ':' or '\\'."
        )
    if any(part.partition(".")[0].strip().upper() in DEVICES for part in parts):
        raise refusal("zip-name", shown(path), "A file bears the name of a device.")


def _check_names(infos: list[zipfile.ZipInfo]) -> None:
    seen: set[str] = set()
    for info in infos:
        folded = _folded(_relative(info).removesuffix("/"))
        if folded in seen:
            raise refusal("zip-twins", shown(info.orig_filename), "Two files have one name.")
        seen.add(folded)


def _check_start(archive: Archive, member: Member) -> None:
    head = archive.raw[member.start : member.start + min(member.packed, 64)]
    if member.method == zipfile.ZIP_DEFLATED:
        try:
            head = zlib.decompressobj(-zlib.MAX_WBITS).decompress(head, 8)
        except zlib.error as error:
            raise refusal("zip-damaged", shown(member.path), "A file is damaged.") from error
        packed = archive.raw[member.start : member.start + member.packed]
        check_packed(packed, shown(member.path), size=member.size)
    if head.startswith(ARCHIVE_STARTS):
        raise refusal("zip-nested", shown(member.path), "Send the files, not a zip of zips.")


def _inflate(raw: bytes, member: Member) -> bytes:
    packed = raw[member.start : member.start + member.packed]
    data = packed
    if member.method == zipfile.ZIP_DEFLATED:
        machine = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            data = machine.decompress(packed, member.size + 1)
        except zlib.error as error:
            raise refusal("zip-damaged", shown(member.path), "A file is damaged.") from error
    if len(data) != member.size or zlib.crc32(data) != member.crc:
        raise refusal(
            "zip-damaged", shown(member.path), "A file is not as long or not what it declares."
        )
    return data
