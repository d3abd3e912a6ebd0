"""The agenda as iCalendar (RFC 5545, VAULT AGE-09)."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.mapping.agenda.calendar import LINE_OCTETS, calendar, text
from gateway.records.agenda.appointment import (
    Appointment,
    AppointmentStatus,
    Beside,
    Meeting,
    PrivateNote,
)
from gateway.records.agenda.reminder import Reminder, Repeats
from gateway.records.patients.patient import PatientKey

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
WHOSE = PatientKey(b"p" * 16)


def appointment(
    who: str = "Dr Roux",
    *,
    reason: str = "Suivi",
    version: int = 1,
    status: AppointmentStatus = AppointmentStatus.BOOKED,
) -> Appointment:
    return Appointment(
        id="a" * 32,
        patient=WHOSE,
        meeting=Meeting(
            wall=datetime.fromisoformat("2026-12-03T10:15"),
            minutes=30,
            who=who,
            profession="Médecin",
            place="Reims",
            reason=reason,
            status=status,
        ),
        beside=Beside(notes=(PrivateNote(by="me", text="Demander"),)),
        version=version,
        made_at=NOW,
        changed_at=NOW,
    )


def lines_of(written: bytes) -> list[str]:
    """Unfolded (section 3.1)."""
    return written.replace(b"\r\n ", b"").decode().split("\r\n")


def test_by_default_nothing_tells_of_health() -> None:
    told = calendar([appointment()])
    assert "SUMMARY:Rendez-vous médical" in lines_of(told)
    for word in ("Roux", "Médecin", "Reims", "Suivi", "Demander"):
        assert word.encode() not in told


def test_an_event_has_its_name_its_hours_in_utc_and_how_often_it_changed() -> None:
    told = lines_of(calendar([appointment(version=3)]))
    for line in (
        f"UID:{'a' * 32}@agenda.passerelle",
        "DTSTAMP:20261123T080000Z",
        "SEQUENCE:2",
        "DTSTART:20261203T091500Z",
        "DTEND:20261203T094500Z",
        "STATUS:CONFIRMED",
    ):
        assert line in told


def test_details_are_there_for_who_asks_for_them_and_a_note_for_its_writer_alone() -> None:
    told = lines_of(calendar([appointment()], detailed=True))
    assert "SUMMARY:Rendez-vous médical : Dr Roux\\, Médecin" in told
    assert "LOCATION:Reims" in told
    assert "DESCRIPTION:Suivi" in told
    mine = lines_of(calendar([appointment()], detailed=True, notes_of="me"))
    assert "DESCRIPTION:Suivi\\nDemander" in mine


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (AppointmentStatus.CANCELLED, "CANCELLED"),
        (AppointmentStatus.PENDING, "TENTATIVE"),
        (AppointmentStatus.FULFILLED, "CONFIRMED"),
    ],
)
def test_a_status_is_told_in_the_words_of_calendars(status: AppointmentStatus, said: str) -> None:
    assert f"STATUS:{said}" in lines_of(calendar([appointment(status=status)]))


def test_a_reminder_of_the_31st_names_the_last_day_of_every_month() -> None:
    one = Reminder(
        id="r" * 32,
        patient=WHOSE,
        day=date(2027, 1, 31),
        title="Pilule",
        repeats=Repeats.MONTHLY,
        by="",
        made_at=NOW,
    )
    told = lines_of(calendar([], [one]))
    assert "DTSTART;VALUE=DATE:20270131" in told
    assert "RRULE:FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1" in told
    assert "SUMMARY:Rappel" in told


@given(st.text(max_size=300))
def test_no_text_breaks_out_of_its_line(said: str) -> None:
    told = calendar([appointment(said, reason=said)], detailed=True)
    rows = told.split(b"\r\n")
    assert max(map(len, rows)) <= LINE_OCTETS
    assert b"\n" not in told.replace(b"\r\n", b"")
    unfolded = lines_of(told)
    assert [one for one in unfolded if one.startswith("BEGIN:")] == [
        "BEGIN:VCALENDAR",
        "BEGIN:VEVENT",
    ]
    assert f"DESCRIPTION:{text(said)}" in unfolded or not text(said)


def test_separators_of_a_text_are_escaped_and_controls_are_dropped() -> None:
    assert text("a;b,c\\d\r\ne\x07") == "a\\;b\\,c\\\\d\\ne"
