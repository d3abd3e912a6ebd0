"""The dates of leaving a space (VAULT section 1, ACC-16, ACC-17, DSK-07). Civil, in Paris."""

from dataclasses import dataclass
from datetime import datetime

from gateway.records.duration import Duration
from gateway.records.patients.account import AccountState
from gateway.records.patients.erasure import Cause
from gateway.records.patients.patient import PatientKey

DELETION = Duration(months=3)
CLOCKS_TURN = Duration(days=-7)
RED = Duration(days=-14)
ARCHIVE = Duration(months=10 * 12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deletion:
    """One that was asked for at `asked_at` and is not done."""

    patient: PatientKey
    state: AccountState
    asked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """An erasure by its number: `since` when it was asked for, `by` and `proposed_by` who said yes,
    "" for the clock. `cause` and `since` are None where a restore brought the number alone."""

    id: str
    at: datetime
    is_under_way: bool
    cause: Cause | None = None
    since: datetime | None = None
    by: str = ""
    proposed_by: str = ""


def deletion_due(asked_at: datetime) -> datetime:
    """By when all is gone: three months after it was asked for, the last day of a shorter month."""
    return DELETION.after(asked_at)


def clocks_turn(asked_at: datetime) -> datetime:
    """From when the clock erases what no two operators erased: seven days before it is due."""
    return CLOCKS_TURN.after(deletion_due(asked_at))


def is_red(asked_at: datetime, now: datetime) -> bool:
    """From fourteen days before it is due."""
    return now >= RED.after(deletion_due(asked_at))


def archive_ends(closed_at: datetime) -> datetime:
    """When a closed space ends by itself: ten years after it was closed."""
    return ARCHIVE.after(closed_at)
