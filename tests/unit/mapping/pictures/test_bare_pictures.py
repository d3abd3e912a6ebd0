"""A picture that a patient files loses its position, and no pixel (VAULT DOC-05)."""

import io
import struct
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from photographs import MAKER, PLACE, POSITION, jpeg, picture, png, shown, tiff
from PIL import Image

from gateway.errors import RefusedError
from gateway.mapping.files.pictures import JPEG, PNG, TIFF
from gateway.mapping.files.pictures.bare import bare
from gateway.mapping.files.pictures.orientation import exif_of, orientation_in

SAMPLES: dict[str, Callable[[], bytes]] = {JPEG: jpeg, PNG: png, TIFF: tiff}


def told(data: bytes) -> tuple[object, dict[int, object]]:
    """Orientation and position, as a reader of Exif finds them."""
    with Image.open(io.BytesIO(data)) as made:
        known = made.getexif()
        return known.get(0x0112), dict(known.get_ifd(0x8825))


@pytest.mark.parametrize(("kind", "sample"), [(JPEG, jpeg(8)), (PNG, png(8))])
def test_the_position_goes_and_the_way_up_stays(kind: str, sample: bytes) -> None:
    assert told(sample) == (8, {1: "N", 2: PLACE})
    clean = bare(kind, sample)
    assert told(clean) == (8, {})
    assert shown(clean) == shown(sample)
    assert MAKER.encode() not in clean
    assert POSITION not in clean


def test_a_picture_that_stands_upright_keeps_no_word_of_its_camera() -> None:
    for kind, sample in ((JPEG, jpeg(1)), (PNG, png(1))):
        assert b"Exif" not in bare(kind, sample)
        assert b"eXIf" not in bare(kind, sample)


@pytest.mark.parametrize(
    ("mode", "compression"),
    [("1", "group4"), ("L", "tiff_lzw"), ("RGB", "tiff_deflate"), ("RGB", "jpeg")],
)
def test_every_page_of_a_tiff_stays_as_it_is_seen(mode: str, compression: str) -> None:
    sample = tiff(3, mode, compression)
    clean = bare(TIFF, sample)
    assert len(shown(clean)) == 3
    assert shown(clean) == shown(sample)
    assert POSITION in sample
    assert POSITION not in clean
    assert MAKER.encode() not in clean


@pytest.mark.parametrize("order", ["<", ">"])
def test_the_position_of_a_tiff_goes_with_its_directory(order: str) -> None:
    """Two pixels of grey, a GPS directory behind them, in either order of bytes."""
    pixels, place = b"\x10\xf0", struct.pack(f"{order}II", 48, 1)
    entries = [
        (256, 3, 1, 2),
        (257, 3, 1, 1),
        (258, 3, 1, 8),
        (259, 3, 1, 1),
        (262, 3, 1, 1),
        (273, 4, 1, 8),
        (277, 3, 1, 1),
        (279, 4, 1, 2),
        (34853, 4, 1, 18),
    ]
    gps = struct.pack(f"{order}HHHII", 1, 2, 5, 1, 10) + bytes(4)
    start = b"II*\0" if order == "<" else b"MM\0*"
    body = pixels + place + gps
    directory = struct.pack(f"{order}H", len(entries))
    for tag, kind, count, value in entries:
        packed = f"{order}HHIHH" if kind == 3 else f"{order}HHII"
        said = (value, 0) if kind == 3 else (value,)
        directory += struct.pack(packed, tag, kind, count, *said)
    at = 8 + len(body)
    sample = start + struct.pack(f"{order}I", at) + body + directory + bytes(4)
    clean = bare(TIFF, sample)
    assert shown(clean) == shown(sample) == [((2, 1), pixels)]
    assert place in sample
    assert place not in clean
    with Image.open(io.BytesIO(clean)) as made:
        assert 34853 not in made.tag_v2  # type: ignore[attr-defined]  # of its TIFF reader


@pytest.mark.parametrize("kind", SAMPLES)
def test_what_is_bare_stays_as_it_is(kind: str) -> None:
    clean = bare(kind, SAMPLES[kind]())
    assert bare(kind, clean) == clean


@pytest.mark.parametrize("kind", [JPEG, PNG])
def test_what_stands_behind_the_end_of_a_picture_goes(kind: str) -> None:
    """A telephone hangs a second picture there, with a position of its own."""
    sample = SAMPLES[kind]()
    assert bare(kind, sample + jpeg()) == bare(kind, sample)


def test_a_progressive_jpeg_keeps_every_scan() -> None:
    sample = jpeg(6, progressive=True)
    assert shown(bare(JPEG, sample)) == shown(sample)


def test_fill_bytes_are_gone_over_once() -> None:
    """A hundred kilobytes of them took minutes (ITU-T T.81, B.1.1.2)."""
    filled = b"\xff\xd8\xff\xda\x00\x02" + b"\xff" * 1_000_000 + b"\x00\xff\xff\xd9"
    assert bare(JPEG, filled) == filled


def test_a_profile_of_colours_stays() -> None:
    """Without it the picture would be seen otherwise."""
    out = io.BytesIO()
    picture().save(out, "JPEG", icc_profile=b"colours of our own" * 9)
    assert b"colours of our own" in bare(JPEG, out.getvalue())


@pytest.mark.parametrize("number", range(1, 9))
def test_an_orientation_is_written_as_it_is_read(number: int) -> None:
    assert orientation_in(exif_of(number)) == number


@pytest.mark.parametrize(
    "damaged", [b"", b"II*\0", b"II*\0\xff\xff\xff\xff", exif_of(9), b"MM\0*\0\0\0\x08"]
)
def test_a_way_up_that_nobody_can_read_is_upright(damaged: bytes) -> None:
    assert orientation_in(damaged) == 1


WHOLE = {kind: sample() for kind, sample in SAMPLES.items()}
STARTS = {JPEG: b"\xff\xd8\xff", PNG: b"\x89PNG\r\n\x1a\n", TIFF: b"II*\0"}


@given(st.sampled_from(sorted(SAMPLES)), st.data())
@settings(max_examples=60)
def test_a_damaged_picture_is_refused_or_bare_and_never_an_error_of_ours(
    kind: str, data: st.DataObject
) -> None:
    whole, first = WHOLE[kind], len(STARTS[kind])
    spoilt = bytearray(whole[: data.draw(st.integers(first, len(whole)))])
    for place in data.draw(st.lists(st.integers(first, len(whole) - 1), max_size=4)):
        if place < len(spoilt):
            spoilt[place] = data.draw(st.integers(0, 255))
    try:
        clean = bare(kind, bytes(spoilt))
    except RefusedError:
        return
    assert len(clean) <= 2 * len(whole) + 64
    assert bare(kind, clean) == clean
