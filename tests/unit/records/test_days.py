"""The day of an instant is the one of Paris, whatever day it is in UTC."""

from datetime import UTC, datetime

import pytest

from gateway.records.days import day_of, iso_day, iso_day_of


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2026, 3, 11, 22, 59, 59, tzinfo=UTC), "2026-03-11"),
        (datetime(2026, 3, 11, 23, tzinfo=UTC), "2026-03-12"),
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), "2027-01-01"),
        (datetime(2026, 7, 14, 21, 59, tzinfo=UTC), "2026-07-14"),
        (datetime(2026, 7, 14, 22, tzinfo=UTC), "2026-07-15"),
        (datetime(2028, 2, 28, 23, tzinfo=UTC), "2028-02-29"),
        (datetime(9999, 12, 31, 23, 30, tzinfo=UTC), "9999-12-31"),
    ],
)
def test_a_day_begins_at_midnight_in_paris(instant: datetime, day: str) -> None:
    assert iso_day(instant) == day
    assert day_of(instant).split()[0] == str(int(day[-2:]))


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("2026", "2026"),
        ("2026-03", "2026-03"),
        ("2026-03-11", "2026-03-11"),
        ("2026-03-11T23Z", "2026-03-12"),
        ("2026-03-11T23:30Z", "2026-03-12"),
        ("2026-03-11T23:30:00.5Z", "2026-03-12"),
        ("2026-03-12T00:30:00+01:00", "2026-03-12"),
        ("2026-03-11T99:30:00Z", "2026-03-11"),
    ],
)
def test_a_date_of_a_document_is_its_day_as_pages_show_it(said: str, day: str) -> None:
    assert iso_day_of(said) == day
