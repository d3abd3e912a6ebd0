"""The zip of a copy: the same bytes from wherever it is gone on with, readable by any program."""

import io
import zipfile
import zlib
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.mapping.files.archive.zip import Layout, layout_of
from gateway.records.patients.export import Member

AT = datetime(2026, 3, 12, 14, 5, 9, tzinfo=UTC)
BODIES = st.lists(st.binary(max_size=60), max_size=6)


def packed(body: bytes, *, is_made: bool) -> bytes:
    if not is_made:
        return body
    deflate = zlib.compressobj(wbits=-15)
    return deflate.compress(body) + deflate.flush()


def members_of(bodies: list[bytes]) -> tuple[list[Member], list[bytes]]:
    """Every second one is a document, kept as it is; each with its packed bytes."""
    runs = [packed(body, is_made=number % 2 == 0) for number, body in enumerate(bodies)]
    members = [
        Member(
            name=f"é{number}",
            size=len(body),
            packed=len(run),
            crc=zlib.crc32(body),
            sha256="",
            document="d" if number % 2 else "",
            file=number,
        )
        for number, (body, run) in enumerate(zip(bodies, runs, strict=True))
    ]
    return members, runs


def written(layout: Layout, runs: dict[str, bytes], start: int, stop: int) -> bytes:
    made = bytearray()
    for cut in layout.cuts(start, stop):
        octets = runs[cut.part.member.name] if cut.part.member else cut.part.octets
        made += octets[cut.start : cut.stop]
    return bytes(made)


@given(BODIES, st.data())
def test_the_bytes_do_not_depend_on_where_a_download_goes_on(
    bodies: list[bytes], data: st.DataObject
) -> None:
    members, packed_runs = members_of(bodies)
    runs = {one.name: run for one, run in zip(members, packed_runs, strict=True)}
    layout = layout_of(members, AT)
    whole = written(layout, runs, 0, layout.size)
    assert len(whole) == layout.size
    places = data.draw(st.lists(st.integers(0, layout.size), max_size=5))
    cuts = sorted({0, layout.size, *places})
    assert b"".join(written(layout, runs, a, b) for a, b in pairwise(cuts)) == whole
    with zipfile.ZipFile(io.BytesIO(whole)) as opened:
        assert opened.testzip() is None
        assert [opened.read(one.name) for one in members] == bodies
        assert {one.date_time for one in opened.infolist()} <= {(2026, 3, 12, 14, 5, 8)}


class Sparse(io.RawIOBase):
    """A zip whose files are nothing but zeros, however large it is."""

    def __init__(self, layout: Layout) -> None:
        self._layout, self._place = layout, 0

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def seek(self, place: int, whence: int = 0) -> int:
        self._place = place + (0, self._place, self._layout.size)[whence]
        return self._place

    def tell(self) -> int:
        return self._place

    def read(self, count: int = -1) -> bytes:
        stop = self._layout.size if count < 0 else min(self._place + count, self._layout.size)
        made = bytearray()
        for cut in self._layout.cuts(self._place, stop):
            octets = bytes(cut.stop - cut.start) if cut.part.member else cut.part.octets
            made += octets if cut.part.member else octets[cut.start : cut.stop]
        self._place = stop
        return bytes(made)


def hollow(number: int, size: int) -> Member:
    return Member(name=f"{number}", size=size, packed=size, crc=0, sha256="", document="d")


@pytest.mark.parametrize(
    "members",
    [
        [hollow(number, 3_000_000_000) for number in range(3)],
        [hollow(0, 0)] * 65_535,
    ],
    ids=["beyond 4 GB", "65,535 files"],
)
def test_a_large_copy_is_read_by_its_zip64_directory(members: list[Member]) -> None:
    layout = layout_of(members, AT)
    with zipfile.ZipFile(Sparse(layout)) as opened:
        listed = opened.infolist()
        assert [one.file_size for one in listed] == [one.size for one in members]
        with opened.open(listed[-1]) as last:  # its own header is where the directory says
            assert last.read(3) == bytes(3)[: members[-1].size]


def test_a_file_of_four_gigabytes_is_refused() -> None:
    with pytest.raises(ValueError, match="less than 4 GB"):
        layout_of([hollow(1, 0xFFFFFFFF)], AT)
