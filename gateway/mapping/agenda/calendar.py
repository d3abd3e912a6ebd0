"""Appointments and reminders as iCalendar (RFC 5545), to be read by the calendar of a phone.

Hours are UTC, so that no time zone must be told (section 3.3.5, form 2). Without `detailed` it says
that there is an appointment, and nothing that tells of health (VAULT AGE-09, NOT-02).
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from gateway.records.agenda.appointment import Appointment, AppointmentStatus
from gateway.records.agenda.reminder import Reminder, Repeats

CALENDAR_TYPE = "text/calendar"
LINE_OCTETS = 75
"""Of a line without its break (section 3.1); what is longer goes on after a break and a blank."""
HEAD = (
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Passerelle//Agenda//FR",
    "CALSCALE:GREGORIAN",
)
TAIL = ("END:VCALENDAR",)
SUMMARY, REMINDER = "Rendez-vous médical", "Rappel"
DOMAIN = "agenda.passerelle"
"""Behind the @ of a UID: ids are never given twice, wherever they are made."""
STATUSES = {
    AppointmentStatus.PROPOSED: "TENTATIVE",
    AppointmentStatus.PENDING: "TENTATIVE",
    AppointmentStatus.WAITLIST: "TENTATIVE",
    AppointmentStatus.CANCELLED: "CANCELLED",
}
CONFIRMED = "CONFIRMED"
ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
FREQUENCIES = {
    Repeats.DAILY: "DAILY",
    Repeats.WEEKLY: "WEEKLY",
    Repeats.MONTHLY: "MONTHLY",
    Repeats.YEARLY: "YEARLY",
}
SHORTEST_MONTH_DAYS = 28


def calendar(
    appointments: Iterable[Appointment],
    reminders: Iterable[Reminder] = (),
    *,
    detailed: bool = False,
    notes_of: str = "",
) -> bytes:
    """A whole calendar; the same of the same, byte for byte. With the private notes of that person
    (a key in hexadecimal), for a copy of all that is theirs."""
    lines = [*HEAD]
    for one in appointments:
        note = one.beside.note_of(notes_of) if notes_of else ""
        lines += _event(one, detailed=detailed, note=note)
    for own in reminders:
        lines += _own(own, detailed=detailed)
    return b"".join(_folded(line) for line in (*lines, *TAIL))


def _event(one: Appointment, *, detailed: bool, note: str) -> Iterator[str]:
    meeting = one.meeting
    yield "BEGIN:VEVENT"
    yield f"UID:{one.id}@{DOMAIN}"
    yield f"DTSTAMP:{_utc(one.changed_at)}"
    yield f"SEQUENCE:{one.version - 1}"
    yield f"DTSTART:{_utc(meeting.starts_at)}"
    if meeting.ends_at is not None:
        yield f"DTEND:{_utc(meeting.ends_at)}"
    yield f"STATUS:{STATUSES.get(meeting.status, CONFIRMED)}"
    yield "CLASS:PRIVATE"
    if not detailed:
        yield f"SUMMARY:{SUMMARY}"
    else:
        who = ", ".join(part for part in (meeting.who, meeting.profession) if part)
        yield f"SUMMARY:{text(f'{SUMMARY} : {who}')}"
        if meeting.place:
            yield f"LOCATION:{text(meeting.place)}"
        if said := "\n".join(part for part in (meeting.reason, note) if part):
            yield f"DESCRIPTION:{text(said)}"
    yield "END:VEVENT"


def _own(one: Reminder, *, detailed: bool) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{one.id}@{DOMAIN}"
    yield f"DTSTAMP:{_utc(one.made_at)}"
    yield "SEQUENCE:0"
    yield f"DTSTART;VALUE=DATE:{one.day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{one.day + timedelta(days=1):%Y%m%d}"
    if one.repeats is not Repeats.NEVER:
        yield f"RRULE:FREQ={FREQUENCIES[one.repeats]}{_last_day(one)}"
    yield "CLASS:PRIVATE"
    yield "TRANSP:TRANSPARENT"
    yield f"SUMMARY:{text(one.title) if detailed else REMINDER}"
    yield "END:VEVENT"


def _last_day(one: Reminder) -> str:
    """A rule passes over months without that day (section 3.3.10): the last one of those that
    there are is meant."""
    day = one.day.day
    if day <= SHORTEST_MONTH_DAYS or one.repeats not in (Repeats.MONTHLY, Repeats.YEARLY):
        return ""
    month = f";BYMONTH={one.day.month}" if one.repeats is Repeats.YEARLY else ""
    days = ",".join(str(number) for number in range(SHORTEST_MONTH_DAYS, day + 1))
    return f"{month};BYMONTHDAY={days};BYSETPOS=-1"


def text(value: str) -> str:
    """A value of type TEXT (section 3.3.11); of control characters a line break alone is one."""
    plain = value.replace("\r\n", "\n").replace("\r", "\n")
    return CONTROLS.sub("", plain).translate(ESCAPED)


def _utc(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _folded(line: str) -> bytes:
    """No character is cut in two."""
    folded, room = bytearray(), LINE_OCTETS
    for letter in line:
        octets = letter.encode("utf-8", "replace")
        if len(octets) > room:
            folded += b"\r\n "
            room = LINE_OCTETS - 1
        folded += octets
        room -= len(octets)
    return bytes(folded + b"\r\n")
