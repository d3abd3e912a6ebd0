"""What a zip says twice it says alike, and none of its bytes belong to a file nobody names."""

import io
import struct
import zipfile
import zlib

import pytest
from xdm_sample import FOLDER, archive, members, zipped

from gateway.errors import RefusedError
from gateway.mapping.xdm.archive import open_archive
from gateway.records.intake.finding import Finding

LOCAL, CENTRAL, END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
HIDDEN = f"{FOLDER}/DOC0009.XML"


def refused(raw: bytes) -> Finding:
    with pytest.raises(RefusedError) as caught:
        open_archive(raw)
    assert caught.value.finding is not None
    return caught.value.finding


def entry(name: str, body: bytes) -> bytes:
    """A header and its packed bytes, as a zip of that one file begins."""
    raw = zipped({name: body})
    return raw[: raw.index(CENTRAL)]


def shifted(raw: bytes, at: int, more: bytes) -> bytes:
    """The zip with `more` put in at `at`: its directory points right behind as before."""
    start = struct.unpack_from("<L", raw, raw.rindex(END) + 16)[0]
    made = bytearray(raw[:at] + more + raw[at:])
    struct.pack_into("<L", made, made.rindex(END) + 16, start + len(more))
    place = made.find(CENTRAL, start + len(more))
    while place >= 0:
        told = struct.unpack_from("<L", made, place + 42)[0]
        struct.pack_into("<L", made, place + 42, told + len(more) * (told >= at))
        place = made.find(CENTRAL, place + 4)
    return bytes(made)


def first_of_directory(raw: bytes) -> int:
    return int(struct.unpack_from("<L", raw, raw.rindex(END) + 16)[0])


def second_file(raw: bytes) -> int:
    with zipfile.ZipFile(io.BytesIO(raw)) as opened:
        return opened.infolist()[1].header_offset


def streamed(files: dict[str, bytes]) -> bytes:
    """As a writer makes it that cannot go back: sizes behind each file."""

    class OneWay(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def tell(self) -> int:
            raise io.UnsupportedOperation

    made = OneWay()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, body in files.items():
            opened.writestr(name, body)
    return made.getvalue()


@pytest.mark.parametrize("place", ["front", "middle", "end"])
def test_a_file_that_the_directory_leaves_out_is_told(place: str) -> None:
    raw = archive()
    at = {"front": 0, "middle": second_file(raw), "end": first_of_directory(raw)}[place]
    found = refused(shifted(raw, at, entry(HIDDEN, b"<a/>")))
    assert (found.code, "pack the archive again" in found.message) == ("zip-hidden", True)


def test_other_bytes_between_two_files_are_told_and_zeros_are_room() -> None:
    raw = archive()
    at = second_file(raw)
    assert refused(shifted(raw, at, b"#!/bin/sh\n")).code == "zip-hidden"
    plain, padded = open_archive(raw), open_archive(shifted(raw, at, bytes(7)))
    assert [padded.read(one) for one in padded.members] == [
        plain.read(one) for one in plain.members
    ]


def test_a_file_behind_the_end_of_a_packed_one_is_told() -> None:
    inner = entry(HIDDEN, b"<a/>")
    raw = zipped({"A.TXT": b"a" * 90})
    with zipfile.ZipFile(io.BytesIO(raw)) as opened:
        end = opened.infolist()[0].compress_size + 30 + len("A.TXT")
    made = bytearray(shifted(raw, end, inner))
    longer = struct.unpack_from("<L", made, 18)[0] + len(inner)
    struct.pack_into("<L", made, 18, longer)
    struct.pack_into("<L", made, made.rindex(CENTRAL) + 20, longer)
    assert refused(bytes(made)).code == "zip-hidden"


def test_a_second_directory_in_the_comment_of_the_first_is_told() -> None:
    outer, inner = zipped({"A.TXT": b"a"}), archive()
    at = len(outer)
    with zipfile.ZipFile(io.BytesIO(inner)) as opened:
        offsets = [one.header_offset for one in opened.infolist()]
    made = bytearray(outer + inner)
    struct.pack_into("<H", made, at - 2, len(inner))
    place = at + first_of_directory(inner)
    struct.pack_into("<L", made, made.rindex(END) + 16, place)
    for offset in offsets:
        struct.pack_into("<L", made, place + 42, offset + at)
        place = made.find(CENTRAL, place + 4)
    assert refused(bytes(made)).code == "zip-hidden"


@pytest.mark.parametrize("field", [14, 18, 22], ids=["crc", "packed", "size"])
def test_a_header_with_other_measures_than_the_directory_is_told(field: int) -> None:
    made = bytearray(archive())
    struct.pack_into("<L", made, field, struct.unpack_from("<L", made, field)[0] ^ 1)
    found = refused(bytes(made))
    assert (found.code, "pack the archive again" in found.message) == ("zip-two-faces", True)


def test_sizes_behind_a_file_are_those_of_the_directory() -> None:
    raw = streamed({"A.TXT": b"a" * 50, "B.TXT": b"b"})
    assert [one.size for one in open_archive(raw).members] == [50, 1]
    told = raw.index(struct.pack("<L", zlib.crc32(b"a" * 50)))
    made = bytearray(raw)
    made[told] ^= 1
    assert refused(bytes(made)).code == "zip-two-faces"


def test_sizes_behind_a_file_may_have_no_mark() -> None:
    raw = streamed({"A.TXT": b"a" * 50})
    at = raw.index(b"PK\x07\x08")
    made = bytearray(raw[:at] + raw[at + 4 :])
    place = made.rindex(END) + 16
    struct.pack_into("<L", made, place, struct.unpack_from("<L", made, place)[0] - 4)
    assert [one.size for one in open_archive(bytes(made)).members] == [50]


def test_a_header_that_keeps_its_sizes_in_eight_bytes_is_read() -> None:
    made = io.BytesIO()
    with (
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as opened,
        opened.open("A.TXT", "w", force_zip64=True) as written,
    ):
        written.write(b"a" * 50)
    assert [one.size for one in open_archive(made.getvalue()).members] == [50]


def test_a_stored_file_may_hold_whatever_looks_like_a_header() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as opened:
        opened.writestr("A.TXT", b"about " + LOCAL)
    assert len(open_archive(made.getvalue()).members) == 1
    assert len(members(made.getvalue())) == 1
