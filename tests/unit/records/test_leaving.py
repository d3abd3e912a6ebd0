"""The dates of leaving a space (VAULT section 1)."""

from datetime import UTC, datetime, timedelta

import pytest

from gateway.records.patients.leaving import (
    archive_ends,
    clocks_turn,
    deletion_due,
    is_red,
)

MICROSECOND = timedelta(microseconds=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        ("2026-03-02T10:00:00+01:00", "2026-06-02T10:00:00+02:00"),
        ("2026-11-30T10:00:00+01:00", "2027-02-28T10:00:00+01:00"),
        ("2027-11-30T10:00:00+01:00", "2028-02-29T10:00:00+01:00"),
        ("2026-10-15T00:00:00+02:00", "2027-01-15T00:00:00+01:00"),
    ],
)
def test_a_deletion_is_due_three_months_after_it_was_asked_for(asked: str, due: str) -> None:
    assert deletion_due(at(asked)) == at(due)


def test_the_clock_has_its_turn_seven_civil_days_before() -> None:
    asked = at("2025-12-30T10:00:00+01:00")

    assert deletion_due(asked) == at("2026-03-30T10:00:00+02:00")
    assert clocks_turn(asked) == at("2026-03-23T10:00:00+01:00")


def test_a_deletion_is_red_from_fourteen_days_before() -> None:
    asked, red = at("2026-03-02T10:00:00+01:00"), at("2026-05-19T10:00:00+02:00")

    assert not is_red(asked, red - MICROSECOND)
    assert is_red(asked, red)
    assert is_red(asked, deletion_due(asked) + timedelta(days=1))


@pytest.mark.parametrize(
    ("closed", "ends"),
    [
        ("2026-03-02T10:00:00+01:00", "2036-03-02T10:00:00+01:00"),
        ("2028-02-29T10:00:00+01:00", "2038-02-28T10:00:00+01:00"),
    ],
)
def test_an_archive_ends_ten_years_after_the_closing(closed: str, ends: str) -> None:
    assert archive_ends(at(closed)) == at(ends)
