"""Civil time: Paris midnights, birthdays on 29 February, months that end early, clock changes."""

from datetime import UTC, date, datetime

import pytest

from gateway.access.time import (
    END_OF_TIME,
    birthday,
    civil_date,
    in_force,
    is_minor,
    one_month_after,
    two_weeks_after,
)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_a_period_holds_its_first_second_and_not_its_last() -> None:
    start, end = utc("2026-01-01T00:00:00"), utc("2026-02-01T00:00:00")
    assert in_force(start, end, start)
    assert not in_force(start, end, end)
    assert not in_force(end, None, start)
    assert in_force(None, None, start)


@pytest.mark.parametrize(
    ("now", "minor"), [("2026-03-14T22:59:59", True), ("2026-03-14T23:00:00", False)]
)
def test_adulthood_begins_at_midnight_in_paris(now: str, minor: bool) -> None:
    assert is_minor(date(2008, 3, 15), utc(now)) is minor


def test_somebody_born_on_29_february_comes_of_age_on_1_march_in_a_common_year() -> None:
    assert birthday(date(2008, 2, 29), 18) == date(2026, 3, 1)
    assert birthday(date(2008, 2, 29), 20) == date(2028, 2, 29)


def test_every_other_29th_is_a_birthday_of_its_own_month() -> None:
    assert birthday(date(2008, 3, 29), 18) == date(2026, 3, 29)
    assert birthday(date(2008, 1, 29), 18) == date(2026, 1, 29)


@pytest.mark.parametrize(("years", "day"), [(-2000, date.min), (9000, date.max)])
def test_a_birthday_that_no_calendar_has_is_its_first_or_last_day(years: int, day: date) -> None:
    assert birthday(date(1984, 2, 29), years) == day
    first, last = date.min.year - 1984, date.max.year - 1984
    assert birthday(date(1984, 2, 3), first) == date(1, 2, 3)
    assert birthday(date(1984, 2, 3), last) == date(9999, 2, 3)


@pytest.mark.parametrize(
    ("deposit", "opening"),
    [
        ("2026-01-31T11:00:00", "2026-02-28T11:00:00"),
        ("2028-01-31T11:00:00", "2028-02-29T11:00:00"),
        ("2026-12-15T11:00:00", "2027-01-15T11:00:00"),
        # Winter time to summer time: the wall clock in Paris is kept.
        ("2026-03-10T09:00:00", "2026-04-10T08:00:00"),
        # 02:30 on 29 March 2026 does not exist: read with the offset before the change.
        ("2026-02-28T01:30:00", "2026-03-28T01:30:00"),
        ("2026-03-01T01:30:00", "2026-04-01T00:30:00"),
        # 02:30 on 25 October 2026 happens twice: the first one, in summer time.
        ("2026-09-25T00:30:00", "2026-10-25T00:30:00"),
        # 23:30 UTC is already the next day in Paris.
        ("2026-01-30T23:30:00", "2026-02-27T23:30:00"),
    ],
)
def test_a_month_is_the_same_wall_time_of_the_next_month(deposit: str, opening: str) -> None:
    assert one_month_after(utc(deposit)) == utc(opening)


def test_a_wall_time_that_does_not_exist_is_read_with_the_offset_before() -> None:
    assert one_month_after(utc("2027-02-28T01:30:00")) == utc("2027-03-28T01:30:00")


def test_two_weeks_are_seconds_not_civil_days() -> None:
    assert two_weeks_after(utc("2026-03-20T09:00:00")) == utc("2026-04-03T09:00:00")


def test_the_end_of_time_is_not_an_error() -> None:
    last = END_OF_TIME
    assert one_month_after(last) == two_weeks_after(last) == END_OF_TIME
    assert civil_date(last) == date.max
    assert birthday(date(9990, 1, 1), 18) == date.max
    assert birthday(date(1, 1, 1), -5) == date.min
