"""Appointments as a person's agenda holds them (VAULT AGE-01, AGE-02; FHIR R4 Appointment)."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from gateway.records.patients.patient import PatientKey

PARIS_ZONE = "Europe/Paris"


class AppointmentStatus(StrEnum):
    """The codes of FHIR R4, `http://hl7.org/fhir/appointmentstatus`."""

    PROPOSED = "proposed"
    PENDING = "pending"
    BOOKED = "booked"
    ARRIVED = "arrived"
    FULFILLED = "fulfilled"
    CANCELLED = "cancelled"
    NOSHOW = "noshow"
    ENTERED_IN_ERROR = "entered-in-error"
    CHECKED_IN = "checked-in"
    WAITLIST = "waitlist"


AHEAD = frozenset(
    {
        AppointmentStatus.PROPOSED,
        AppointmentStatus.PENDING,
        AppointmentStatus.BOOKED,
        AppointmentStatus.WAITLIST,
    }
)
"""What is still to take place: only of these one is reminded."""


class Ahead(StrEnum):
    """How long before it a person is reminded of an appointment (AGE-04)."""

    NONE = "aucun"
    HOUR = "heure"
    DAY = "jour"
    WEEK = "semaine"


DAYS = {Ahead.DAY: timedelta(days=1), Ahead.WEEK: timedelta(days=7)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """What is said of an appointment. `wall` is the hour as it was said, on the clocks of `zone`
    (IANA): the night of a clock change keeps it (AGE-11). `fold` 1: the second of two that
    the clocks show that night. `minutes` 0 where no end is known;
    `codes` are confidentiality codes, as those of a document."""

    wall: datetime
    zone: str = PARIS_ZONE
    fold: int = 0
    minutes: int = 0
    status: AppointmentStatus = AppointmentStatus.BOOKED
    who: str
    profession: str = ""
    place: str = ""
    reason: str = ""
    codes: tuple[str, ...] = ("N",)

    @property
    def starts_at(self) -> datetime:
        """The instant. An hour that a change of clocks takes away is read with the offset before
        it, of one that comes twice the first counts unless `fold` says the second."""
        wall = self.wall.replace(tzinfo=ZoneInfo(self.zone), fold=self.fold)
        return wall.astimezone(UTC)

    @property
    def ends_at(self) -> datetime | None:
        return self.starts_at + timedelta(minutes=self.minutes) if self.minutes else None


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateNote:
    """For the eyes of who wrote it: `by` is that person's key in hexadecimal."""

    by: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What the patient's side keeps beside an appointment, whoever told of it."""

    ahead: Ahead = Ahead.DAY
    notes: tuple[PrivateNote, ...] = ()
    documents: tuple[str, ...] = ()

    def note_of(self, person: str) -> str:
        return next((one.text for one in self.notes if one.by == person), "")

    def with_note(self, person: str, text: str) -> tuple[PrivateNote, ...]:
        others = tuple(one for one in self.notes if one.by != person)
        return (*others, PrivateNote(by=person, text=text)) if text else others


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A sender's appointment: its name here, the identifier it gave as `system|value` ("" for
    none), and the resource as it came."""

    sender: str
    identifier: str = ""
    resource: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """`version` grows with each change. `by` is the key in hexadecimal of who wrote it by hand, ""
    where a sender told of it (`source`)."""

    id: str
    patient: PatientKey
    meeting: Meeting
    beside: Beside = Beside()
    version: int = 1
    made_at: datetime
    changed_at: datetime
    by: str = ""
    source: Source | None = None

    @property
    def is_listed(self) -> bool:
        """What was entered in error leaves the list (AGE-02)."""
        return self.meeting.status is not AppointmentStatus.ENTERED_IN_ERROR

    @property
    def is_ahead(self) -> bool:
        return self.meeting.status in AHEAD

    @property
    def reminded_at(self) -> datetime | None:
        """The same hour some days before on the clocks of the place; None where nothing is."""
        ahead, meeting = self.beside.ahead, self.meeting
        if ahead is Ahead.NONE or not self.is_ahead:
            return None
        if ahead is Ahead.HOUR:
            return meeting.starts_at - timedelta(hours=1)
        wall = meeting.wall - DAYS[ahead]
        return wall.replace(tzinfo=ZoneInfo(meeting.zone)).astimezone(UTC)
