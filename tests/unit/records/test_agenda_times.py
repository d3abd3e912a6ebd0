"""Hours of appointments and dates of reminders, on the clocks of where they are said."""

from datetime import UTC, date, datetime, timedelta

import pytest

from gateway.records.agenda.appointment import (
    PARIS_ZONE,
    Ahead,
    Appointment,
    AppointmentStatus,
    Beside,
    Meeting,
)
from gateway.records.agenda.reminder import Reminder, Repeats
from gateway.records.patients.patient import PatientKey

NOW = datetime(2026, 11, 23, tzinfo=UTC)
WHOSE = PatientKey(b"p" * 16)


def appointment(
    wall: datetime,
    ahead: Ahead = Ahead.DAY,
    *,
    zone: str = PARIS_ZONE,
    status: AppointmentStatus = AppointmentStatus.BOOKED,
) -> Appointment:
    meeting = Meeting(wall=wall, zone=zone, status=status, who="Dr Roux")
    return Appointment(
        id="a",
        patient=WHOSE,
        meeting=meeting,
        beside=Beside(ahead=ahead),
        made_at=NOW,
        changed_at=NOW,
    )


def reminder(day: date, repeats: Repeats) -> Reminder:
    return Reminder(
        id="r", patient=WHOSE, day=day, title="Pilule", repeats=repeats, by="", made_at=NOW
    )


def test_the_night_of_a_clock_change_keeps_the_hour_said() -> None:
    """The day before an appointment of the first summer morning is as early on the clock."""
    one = appointment(datetime.fromisoformat("2027-03-28T10:15"))
    assert one.meeting.starts_at == datetime(2027, 3, 28, 8, 15, tzinfo=UTC)
    assert one.reminded_at == datetime(2027, 3, 27, 9, 15, tzinfo=UTC)


def test_an_hour_overseas_is_that_of_the_place() -> None:
    one = appointment(datetime.fromisoformat("2026-12-03T10:15"), zone="Indian/Reunion")
    assert one.meeting.starts_at == datetime(2026, 12, 3, 6, 15, tzinfo=UTC)


def test_an_hour_that_comes_twice_is_the_first_unless_the_second_is_said() -> None:
    wall = datetime.fromisoformat("2026-10-25T02:30")
    first = Meeting(wall=wall, who="Dr Roux")
    second = Meeting(wall=wall, fold=1, who="Dr Roux")
    assert second.starts_at - first.starts_at == timedelta(hours=1)


@pytest.mark.parametrize(
    ("ahead", "before"),
    [
        (Ahead.HOUR, timedelta(hours=1)),
        (Ahead.DAY, timedelta(days=1)),
        (Ahead.WEEK, timedelta(days=7)),
    ],
)
def test_one_is_reminded_as_long_before_as_was_chosen(ahead: Ahead, before: timedelta) -> None:
    one = appointment(datetime.fromisoformat("2026-12-03T10:15"), ahead)
    assert one.reminded_at == one.meeting.starts_at - before


def test_nothing_reminds_of_what_is_cancelled_or_was_not_to_be_reminded_of() -> None:
    wall = datetime.fromisoformat("2026-12-03T10:15")
    assert appointment(wall, Ahead.NONE).reminded_at is None
    assert appointment(wall, status=AppointmentStatus.CANCELLED).reminded_at is None


@pytest.mark.parametrize(
    ("repeats", "asked", "found"),
    [
        (Repeats.NEVER, date(2027, 1, 31), date(2027, 1, 31)),
        (Repeats.NEVER, date(2027, 2, 1), None),
        (Repeats.DAILY, date(2027, 2, 1), date(2027, 2, 1)),
        (Repeats.WEEKLY, date(2027, 2, 1), date(2027, 2, 7)),
        (Repeats.MONTHLY, date(2027, 2, 1), date(2027, 2, 28)),
        (Repeats.MONTHLY, date(2027, 3, 1), date(2027, 3, 31)),
        (Repeats.YEARLY, date(2027, 2, 1), date(2028, 1, 31)),
    ],
)
def test_a_reminder_comes_again_and_the_31st_of_a_short_month_is_its_last_day(
    repeats: Repeats, asked: date, found: date | None
) -> None:
    assert reminder(date(2027, 1, 31), repeats).next_from(asked) == found


def test_a_birthday_of_29_february_is_remembered_each_year() -> None:
    one = reminder(date(2028, 2, 29), Repeats.YEARLY)
    assert one.next_from(date(2029, 1, 1)) == date(2029, 2, 28)
    assert one.falls_on(date(2032, 2, 29))
