"""Time stamps of every carrier are read alike: UTC, as precise as written, bounded."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.mapping.datatypes.times import (
    clock_instant,
    clock_iso,
    date_of,
    iso_of,
    offset_of,
    stamp_of,
)


@pytest.mark.parametrize(
    ("stamp", "iso"),
    [
        ("2026", "2026"),
        ("202601", "2026-01"),
        ("20260115", "2026-01-15"),
        ("20260115+0100", "2026-01-15"),
        ("2026011510", "2026-01-15T10Z"),
        ("202601151015", "2026-01-15T10:15Z"),
        ("202601151015+0100", "2026-01-15T09:15Z"),
        ("20260115101500", "2026-01-15T10:15:00Z"),
        (" 20260115101500+0100 ", "2026-01-15T09:15:00Z"),
        ("20260101001500+0100", "2025-12-31T23:15:00Z"),
        ("20260115101500-0530", "2026-01-15T15:45:00Z"),
        ("20260115101500.25-0500", "2026-01-15T15:15:00.25Z"),
        ("20260115101500.1234+0100", "2026-01-15T09:15:00.1234Z"),
        ("20260115101500+01", "2026-01-15T09:15:00Z"),
        ("2026011510-05", "2026-01-15T15Z"),
        ("20260115101500.1234567+0100", "2026-01-15T09:15:00.123456Z"),
        ("20260115101500+1400", "2026-01-14T20:15:00Z"),
        ("18500101", "1850-01-01"),
        ("22001231235959-1400", "2201-01-01T13:59:59Z"),
    ],
)
def test_times_are_utc_with_their_precision(stamp: str, iso: str) -> None:
    assert iso_of(stamp) == iso


@pytest.mark.parametrize(
    "stamp",
    [
        None,
        "",
        "hier",
        "20260",
        "20260230",
        "20261301",
        "20260115246060",
        "20260115101500+1401",
        "20260115101500-9999",
        "20260115101500+0160",
        "20260115101500Z",
        "20260115.5",
        "2026-01",
        "20260115-05",
        "20260115101500+1",
        "20260115101500+15",
        "00000101",
        "18491231",
        "22010101",
        "99999999",
        "٢٠٢٦",
        "２０２６",
    ],
)
def test_what_is_no_time_is_none(stamp: str | None) -> None:
    assert iso_of(stamp) is None


@pytest.mark.parametrize(
    ("stamp", "iso"),
    [
        ("1984", "1984"),
        ("198403", "1984-03"),
        (" 198403120815", "1984-03-12"),
        ("19840312235900-0500", "1984-03-12"),
        ("19841332", None),
        ("30200101", None),
        ("1984031", None),
        ("", None),
        (None, None),
    ],
)
def test_a_date_is_that_of_the_place_where_it_was_written(
    stamp: str | None, iso: str | None
) -> None:
    assert date_of(stamp) == iso


def test_a_stamp_tells_whether_it_names_its_offset() -> None:
    told, untold = stamp_of("202601151015+0100"), stamp_of("202601151015")
    assert told is not None
    assert untold is not None
    assert (told.offset, untold.offset) == (timedelta(hours=1), None)
    assert told.instant == datetime(2026, 1, 15, 9, 15, tzinfo=UTC)
    assert untold.instant == untold.written == datetime(2026, 1, 15, 10, 15, tzinfo=UTC)


@given(st.text(alphabet="0123456789+-. ", max_size=22))
def test_no_stamp_raises(stamp: str) -> None:
    assert iso_of(stamp) is None or iso_of(stamp)


@pytest.mark.parametrize(
    ("stamp", "offset", "meant"),
    [
        ("202601150815", "", "2026-01-15T07:15Z"),
        ("202607150815", "", "2026-07-15T06:15Z"),
        ("202601010030", "", "2025-12-31T23:30Z"),
        ("2026010100300012", "", None),
        ("202601150815", "+0400", "2026-01-15T04:15Z"),
        ("20260115081530.5", "-0300", "2026-01-15T11:15:30.5Z"),
        ("202601150815+0100", "+0400", "2026-01-15T07:15Z"),
        ("20260115", "+0400", "2026-01-15"),
        ("2026", "", "2026"),
        ("", "+0400", None),
        ("demain", "+0400", None),
    ],
)
def test_the_offset_of_a_message_is_that_of_its_times_else_it_is_the_clock_in_paris(
    stamp: str, offset: str, meant: str | None
) -> None:
    assert clock_iso(stamp, offset) == meant
    found = clock_instant(stamp, offset)
    if meant is None or "T" not in meant:
        assert (found is None) == (meant is None)
    else:
        assert found == datetime.fromisoformat(meant).replace(microsecond=0)


def test_a_date_alone_begins_at_midnight_in_paris_whatever_the_offset() -> None:
    for offset in ("", "+0400"):
        assert clock_instant("20260115", offset) == datetime(2026, 1, 14, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("sent", "offset"),
    [("20260115101500+0400", "+0400"), ("202601151015-0300 ", "-0300"), ("20260115", ""), ("", "")],
)
def test_a_message_says_its_offset_in_its_own_time(sent: str, offset: str) -> None:
    assert offset_of(sent) == offset
