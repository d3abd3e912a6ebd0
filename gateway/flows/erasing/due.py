"""When a space may be erased, and when the clock does it (VAULT 1: `erase`, `archive-ends`).

Two people may from the hour that its deletion was asked for; the clock does what nobody did, a week
before the three months end. What was held for the person keeps the clock waiting until the last day
of that week, and no longer.
"""

from datetime import datetime, timedelta

from gateway.records.patients.account import AccountState, Person
from gateway.records.patients.erasure import Cause
from gateway.records.patients.leaving import archive_ends, clocks_turn, deletion_due

LAST_DAY = timedelta(days=1)
PATIENCE = timedelta(days=6)
"""What an archive that ended waits for what is held: as long as a deletion does."""
ASKED_AT_LEAST = timedelta(days=80)
CLOSED_AT_LEAST = timedelta(days=3_650)
"""Less than three months without a week, and than ten years: what a list begins with."""


def cause_of(person: Person, now: datetime) -> tuple[Cause, datetime] | None:
    """Why this space may be erased now, and since when it is so; None where it may not."""
    if person.state is not AccountState.CLOSED:
        return None
    if person.deletion_asked_at is not None:
        return Cause.ASKED, person.deletion_asked_at
    if person.closed_at is not None and now >= archive_ends(person.closed_at):
        return Cause.ARCHIVE, person.closed_at
    return None


def is_the_clocks(person: Person, now: datetime, *, held: bool) -> bool:
    """Whether the clock erases it now; `held` that messages wait for this person."""
    begins = _begins(person, now)
    if begins is None:
        return False
    return now >= (last_day(person) or begins) if held else now >= begins


def last_day(person: Person) -> datetime | None:
    """From when on nothing keeps the clock waiting; None of a space that nothing ends."""
    if person.deletion_asked_at is not None:
        return deletion_due(person.deletion_asked_at) - LAST_DAY
    return archive_ends(person.closed_at) + PATIENCE if person.closed_at is not None else None


def _begins(person: Person, now: datetime) -> datetime | None:
    found = cause_of(person, now)
    if found is None:
        return None
    cause, since = found
    return clocks_turn(since) if cause is Cause.ASKED else archive_ends(since)
