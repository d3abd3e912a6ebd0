"""When a space may be erased, and when the clock does it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from gateway.flows.erasing.due import (
    ASKED_AT_LEAST,
    CLOSED_AT_LEAST,
    cause_of,
    is_the_clocks,
    last_day,
)
from gateway.records.patients.account import AccountState, Person
from gateway.records.patients.erasure import Cause
from gateway.records.patients.leaving import archive_ends, clocks_turn, deletion_due
from gateway.records.patients.patient import PatientIdentity, PatientKey

ASKED = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
ANNE = Person(
    key=PatientKey(b"a" * 16),
    state=AccountState.CLOSED,
    identity=PatientIdentity(),
    qualified=True,
    closed_at=ASKED - DAY,
    deletion_asked_at=ASKED,
)
KEPT = replace(ANNE, deletion_asked_at=None, closed_at=ASKED)


def test_two_people_may_erase_from_the_hour_that_it_was_asked_for() -> None:
    assert cause_of(ANNE, ASKED) == (Cause.ASKED, ASKED)
    assert cause_of(KEPT, ASKED) is None
    assert cause_of(KEPT, archive_ends(ASKED)) == (Cause.ARCHIVE, ASKED)


@pytest.mark.parametrize("state", [one for one in AccountState if one != AccountState.CLOSED])
def test_only_a_closed_space_is_erased(state: AccountState) -> None:
    late = archive_ends(ASKED) + 100 * DAY
    assert cause_of(replace(ANNE, state=state), late) is None
    assert not is_the_clocks(replace(ANNE, state=state), late, held=False)


@pytest.mark.parametrize(
    ("person", "turn"), [(ANNE, clocks_turn(ASKED)), (KEPT, archive_ends(ASKED))]
)
def test_the_clock_has_its_turn_and_waits_for_what_is_held_until_the_last_day(
    person: Person, turn: datetime
) -> None:
    last = last_day(person)
    assert last is not None
    assert timedelta(days=5) < last - turn <= timedelta(days=6)
    assert not is_the_clocks(person, turn - SECOND, held=False)
    assert is_the_clocks(person, turn, held=False)
    assert not is_the_clocks(person, last - SECOND, held=True)
    assert is_the_clocks(person, last, held=True)


def test_a_deletion_is_done_before_the_three_months_are_over() -> None:
    assert (last_day(ANNE) or ASKED) < deletion_due(ASKED)


@pytest.mark.parametrize("day", range(0, 366, 5))
def test_the_list_of_the_store_begins_before_the_clock_has_its_turn(day: int) -> None:
    at = ASKED + timedelta(days=day)
    assert clocks_turn(at) - at > ASKED_AT_LEAST
    assert archive_ends(at) - at > CLOSED_AT_LEAST


def test_a_space_that_nothing_ends_has_no_last_day() -> None:
    assert last_day(replace(KEPT, closed_at=None)) is None
