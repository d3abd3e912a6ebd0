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
from dataclasses import dataclass
from itertools import pairwise

from gateway.errors import RefusedError
from gateway.records.intake.finding import Finding, Severity
from gateway.records.intake.reading import MEGABYTE

MAX_MEMBERS = 200
MAX_TOTAL_BYTES = 100 * MEGABYTE
MAX_MEMBER_BYTES = 20 * MEGABYTE
MAX_RATIO = 100
RATIO_FREE_BYTES = 100_000
MAX_NAME_BYTES = 255

LOCAL_MAGIC = b"PK\x03\x04"
END_MAGIC = b"PK\x05\x06"
END = struct.Struct("<4s4H2LH")
LOCAL = struct.Struct("<4s5H3L2H")
ENCRYPTED = 0x1 | 0x40 | 0x2000
DESCRIPTOR = 0x8
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
        """The member of exactly that folder; names are compared without case."""
        for one in self.members:
            if one.path.casefold() == f"{folder}/{name}".removeprefix("/").casefold():
                return one
        return None

    def read(self, member: Member) -> bytes:
        """The member's own bytes. Raises RefusedError where they are not what was declared."""
        return _inflate(self.raw, member)


def open_archive(raw: bytes) -> Archive:
    """Raises RefusedError with a finding that names the rule of SECURITY section 1 it breaks."""
    if not raw.startswith(LOCAL_MAGIC):
        message = "This is no zip archive that begins with its first file."
        raise _refusal("zip-unreadable", "/", message)
    directory = _directory(raw)
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as opened:
            infos = opened.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error) as error:
        raise _refusal("zip-unreadable", "/", "The directory of the zip is damaged.") from error
    spans: list[tuple[int, int]] = []
    members = [_member(raw, info, directory, spans) for info in infos]
    _check_spans(spans, directory)
    _check_names(infos)
    if sum(member.size for member in members) > MAX_TOTAL_BYTES:
        raise _refusal("zip-too-big", "/", f"The files exceed {MAX_TOTAL_BYTES} bytes in all.")
    files = (one for one in members if one.path and not one.path.endswith("/"))
    archive = Archive(raw, tuple(files))
    for member in archive.members:
        _check_start(archive, member)
    return archive


def _directory(raw: bytes) -> int:
    """Where the central directory begins; its end record must close the file exactly."""
    at = raw.rfind(END_MAGIC, max(0, len(raw) - END.size - 0xFFFF))
    if at < 0 or at + END.size > len(raw):
        raise _refusal("zip-unreadable", "/", "The zip is cut off: send it again whole.")
    _, disk, first, here, count, size, start, comment = END.unpack_from(raw, at)
    if disk or first or here != count or start + size != at or at + END.size + comment != len(raw):
        raise _refusal("zip-unreadable", "/", "Send one plain zip: no parts, no added bytes.")
    if count > MAX_MEMBERS:
        raise _refusal("zip-too-many-files", "/", f"Send at most {MAX_MEMBERS} files a zip.")
    return int(start)


def _member(
    raw: bytes, info: zipfile.ZipInfo, directory: int, spans: list[tuple[int, int]]
) -> Member:
    path = _relative(info)
    if info.orig_filename != HERE:
        _check_name(path)
    _check_kind(info)
    if info.file_size > MAX_MEMBER_BYTES:
        raise _refusal("zip-too-big", _shown(path), f"A file exceeds {MAX_MEMBER_BYTES} bytes.")
    too_dense = info.file_size > MAX_RATIO * max(info.compress_size, 1)
    if info.file_size > RATIO_FREE_BYTES and too_dense:
        raise _refusal("zip-bomb", _shown(path), "A file inflates more than a hundredfold.")
    start = _data_start(raw, info, directory)
    tail = 12 if info.flag_bits & DESCRIPTOR else 0
    spans.append((info.header_offset, start + info.compress_size + tail))
    return Member(path, info.compress_type, start, info.compress_size, info.file_size, info.CRC)


def _relative(info: zipfile.ZipInfo) -> str:
    """The name without the `./` that bsdtar and other packers of "this folder" write before it:
    a relative path as any other (APPNOTE 4.4.17.1), and nothing is unpacked to it here."""
    return info.orig_filename.removeprefix(HERE)


def _data_start(raw: bytes, info: zipfile.ZipInfo, directory: int) -> int:
    at = info.header_offset
    if at < 0 or at + LOCAL.size > directory:
        raise _refusal("zip-unreadable", _shown(info.orig_filename), "The zip is damaged.")
    head = LOCAL.unpack_from(raw, at)
    name_at, name_length, extra_length = at + LOCAL.size, head[9], head[10]
    name = raw[name_at : name_at + name_length]
    same = head[0] == LOCAL_MAGIC and head[3] == info.compress_type
    encoding = "utf-8" if info.flag_bits & 0x800 else "cp437"
    if not same or head[2] & ENCRYPTED or name.decode(encoding, "replace") != info.orig_filename:
        raise _refusal(
            "zip-two-faces", _shown(info.orig_filename), "The two headers of a file disagree."
        )
    return int(name_at + name_length + extra_length)


def _check_kind(info: zipfile.ZipInfo) -> None:
    where = _shown(info.orig_filename)
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise _refusal("zip-link", where, "Send plain files: no link and no device.")
    if info.flag_bits & ENCRYPTED:
        raise _refusal("zip-encrypted", where, "Send the files without a password.")
    if info.compress_type not in METHODS:
        raise _refusal("zip-method", where, "Pack the files by storing or deflating only.")
    if info.orig_filename.endswith("/") and info.file_size:
        raise _refusal("zip-name", where, "A folder cannot hold bytes.")


def _check_name(path: str) -> None:
    parts = path.removesuffix("/").split("/")
    odd = any(ord(letter) < 32 or letter in "\\:\x7f" for letter in path)
    outside = any(part in ("", ".", "..") for part in parts)
    if odd or outside or not path or len(path.encode("utf-8", "replace")) > MAX_NAME_BYTES:
        raise _refusal(
            "zip-name", _shown(path), "Name files by relative paths without '..', ':' or '\\'."
        )
    if any(part.partition(".")[0].strip().upper() in DEVICES for part in parts):
        raise _refusal("zip-name", _shown(path), "A file bears the name of a device.")


def _check_names(infos: list[zipfile.ZipInfo]) -> None:
    seen: set[str] = set()
    for info in infos:
        folded = unicodedata.normalize("NFKC", _relative(info).removesuffix("/")).casefold()
        if folded in seen:
            raise _refusal("zip-twins", _shown(info.orig_filename), "Two files have one name.")
        seen.add(folded)


def _check_spans(spans: list[tuple[int, int]], directory: int) -> None:
    """CPython before 3.11.8 does not look whether members share their bytes (CVE-2024-0450)."""
    ordered = [*sorted(spans), (directory, directory)]
    if any(end > following for (_, end), (following, _) in pairwise(ordered)):
        raise _refusal("zip-overlap", "/", "Two files of the zip share their bytes.")


def _check_start(archive: Archive, member: Member) -> None:
    head = archive.raw[member.start : member.start + min(member.packed, 64)]
    if member.method == zipfile.ZIP_DEFLATED:
        try:
            head = zlib.decompressobj(-zlib.MAX_WBITS).decompress(head, 8)
        except zlib.error as error:
            raise _refusal("zip-damaged", _shown(member.path), "A file is damaged.") from error
    if head.startswith(ARCHIVE_STARTS):
        raise _refusal("zip-nested", _shown(member.path), "Send the files, not a zip of zips.")


def _inflate(raw: bytes, member: Member) -> bytes:
    packed = raw[member.start : member.start + member.packed]
    data = packed
    if member.method == zipfile.ZIP_DEFLATED:
        machine = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            data = machine.decompress(packed, member.size + 1)
        except zlib.error as error:
            raise _refusal("zip-damaged", _shown(member.path), "A file is damaged.") from error
    if len(data) != member.size or zlib.crc32(data) != member.crc:
        raise _refusal(
            "zip-damaged", _shown(member.path), "A file is not as long or not what it declares."
        )
    return data


def _shown(path: str) -> str:
    """A member's name that may be repeated to the sender: short, one line, no control letter."""
    return "".join(letter if letter.isprintable() else "?" for letter in path[:80])


def _refusal(code: str, where: str, message: str) -> RefusedError:
    finding = Finding(code=code, severity=Severity.ERROR, where=where, message=message)
    return RefusedError(message, finding=finding)
