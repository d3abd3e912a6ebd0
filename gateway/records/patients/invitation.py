"""An invitation to an own space, and its window (VAULT ACC-01 to ACC-03, ACC-23), in Paris."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum

from gateway.records.duration import PARIS, Duration
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.switches import ON, Switch

WINDOWS = {"P6W": Duration(days=42), "P1M": Duration(months=1)}
"""The values of POL-01."""
SIX_WEEKS: Switch[str] = Switch("P6W")
CODE_LASTS_ON = Duration(days=42)
"""ACC-03: as long as the window, and six weeks more."""
REMINDED = Duration(days=-7)
MOST_REMINDERS = 2
"""ACC-23."""
LAST_MOMENT = timedelta(microseconds=1)


LETTER_PATH, OTP_PATH = "letter", "otp"
BOTH_PATHS: Switch[tuple[str, ...]] = Switch((LETTER_PATH, OTP_PATH))
"""POL-05: by the code of the invitation, or by one that goes to a known contact."""


class Channel(StrEnum):
    EMAIL = "email"
    LETTER = "letter"


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """Of one person. `email` and `mobile` are what is known of who reads it, `postal` the address
    on the envelope, `serial` that of the reader's carte Vitale; `parent` is who reads it for a
    minor, as a patient key in hex. `sent_at` is when it left, and `ends_at` the instant at which
    its window is over, both None until then. `bounced`: the e-mail came back."""

    patient: PatientKey
    channel: Channel
    serial: str
    made_at: datetime
    email: str = ""
    mobile: str = ""
    postal: str = ""
    parent: str = ""
    sent_at: datetime | None = None
    ends_at: datetime | None = None
    reminders: int = 0
    bounced: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningPolicy:
    """How spaces begin: VAULT POL-01 (`P6W` or `P1M`), POL-02 and POL-05; `letter_days` is what a
    letter takes, in days, `sender` who invites, as French says it behind a verb."""

    opposition_window: Switch[str] = SIX_WEEKS
    automatic_creation: Switch[bool] = ON
    activation_paths: Switch[tuple[str, ...]] = BOTH_PATHS
    letter_days: int = 5
    sender: str = "l'Assurance maladie"

    def said(self, at: datetime) -> dict[str, object]:
        """The values in force, by name, as the log tells them."""
        return {
            "opposition_window": self.opposition_window.at(at),
            "automatic_creation": self.automatic_creation.at(at),
        }

    def window_end(self, channel: Channel, sent_at: datetime) -> datetime:
        """24:00 of the last day, counted from the day of reception: an e-mail is received when it
        leaves, a letter some days later (ACC-02)."""
        received = sent_at
        if channel is Channel.LETTER:
            received = Duration(days=self.letter_days).after(sent_at)
        last = WINDOWS[self.opposition_window.at(received)].after(received)
        day = last.astimezone(PARIS).date() + timedelta(days=1)
        return datetime.combine(day, time(), PARIS).astimezone(UTC)


def code_end(ends_at: datetime) -> datetime:
    """Until when the code of this window opens."""
    return CODE_LASTS_ON.after(ends_at)


def reminder_at(ends_at: datetime) -> datetime:
    return REMINDED.after(ends_at)


def last_day(ends_at: datetime) -> datetime:
    """An instant of the last day of the window, to say it by its date."""
    return ends_at - LAST_MOMENT
