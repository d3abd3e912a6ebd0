"""The state of an account on the 18th birthday, whoever has written it down (VAULT REP-10)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from reading_twins import ANNE, PAUL, MemoryPeople, choice, person

from gateway.access.time import of_age_at
from gateway.flows.family.majority import state_at
from gateway.flows.reading.decided.facts import record_facts
from gateway.flows.signing_in.standing import is_let_in
from gateway.records.patients.account import AccountState, Choice, ChoiceKind, Person
from gateway.records.readers.access import Account

MIDNIGHT = datetime(2026, 11, 30, 23, tzinfo=UTC)
BORN = date(2008, 12, 1)
SECOND = timedelta(seconds=1)


def parent(until: datetime | None = None, since: datetime | None = None) -> Choice:
    made = choice(ChoiceKind.PARENT, PAUL.hex(), until=until)
    return made if since is None else replace(made, since=since)


def jade() -> Person:
    known = person(ANNE)
    return replace(known, identity=replace(known.identity, birth_date="2008-12-01"))


def account(chosen: list[Choice], now: datetime) -> Account:
    return record_facts(jade(), chosen, now).account


def test_the_account_of_a_child_is_not_activated_from_the_first_second_of_adulthood() -> None:
    assert account([parent()], MIDNIGHT - SECOND) is Account.ACTIVE
    assert account([parent()], MIDNIGHT) is Account.OPEN
    ended = parent(until=MIDNIGHT - timedelta(days=90))
    assert account([ended], MIDNIGHT) is Account.OPEN, "nobody stood for the child at the end"


def test_who_was_handed_the_own_space_has_it_as_its_line_says() -> None:
    handed = choice(ChoiceKind.MAJORITY, since=MIDNIGHT + timedelta(hours=3))
    assert account([parent(), handed], MIDNIGHT + timedelta(days=9)) is Account.ACTIVE
    too_early = choice(ChoiceKind.MAJORITY, since=MIDNIGHT - timedelta(days=9))
    assert account([parent(), too_early], MIDNIGHT) is Account.OPEN, "the date was corrected"


def test_a_guardian_keeps_the_space_open_while_the_entry_is_in_force() -> None:
    end = MIDNIGHT + timedelta(hours=1)
    chosen = [parent(), choice(ChoiceKind.GUARDIAN, PAUL.hex(), until=end)]
    assert account(chosen, end - SECOND) is Account.ACTIVE
    assert account(chosen, end) is Account.OPEN


def test_an_adult_who_was_never_represented_as_a_child_is_left_alone() -> None:
    assert account([], MIDNIGHT) is Account.ACTIVE
    caregiver = choice(ChoiceKind.CAREGIVER, PAUL.hex())
    later = choice(ChoiceKind.GUARDIAN, PAUL.hex(), since=MIDNIGHT, until=MIDNIGHT + SECOND)
    assert account([caregiver, later], MIDNIGHT + timedelta(days=1)) is Account.ACTIVE


@pytest.mark.parametrize("state", [one for one in AccountState if one is not AccountState.ACTIVE])
def test_no_other_state_changes_with_the_day(state: AccountState) -> None:
    assert state_at(state, BORN, [parent()], MIDNIGHT) is state


@pytest.mark.parametrize(
    ("born", "instant"),
    [
        (date(2008, 2, 29), datetime(2026, 2, 28, 23, tzinfo=UTC)),  # 1 March: a common year
        (date(2008, 12, 1), MIDNIGHT),
        (date(2008, 7, 14), datetime(2026, 7, 13, 22, tzinfo=UTC)),  # summer time
        (date(2008, 3, 29), datetime(2026, 3, 28, 23, tzinfo=UTC)),  # the night of its change
    ],
)
def test_majority_is_midnight_in_paris(born: date, instant: datetime) -> None:
    assert of_age_at(born) == instant
    assert state_at(AccountState.ACTIVE, born, [parent()], instant) is AccountState.CREATED
    before = state_at(AccountState.ACTIVE, born, [parent()], instant - SECOND)
    assert before is AccountState.ACTIVE


async def test_the_own_login_of_a_child_waits_for_the_activation_as_well() -> None:
    people = MemoryPeople(known={ANNE: jade()}, chosen=[parent()])
    assert await is_let_in(people, jade(), MIDNIGHT - SECOND)
    assert not await is_let_in(people, jade(), MIDNIGHT)
    people.chosen.append(choice(ChoiceKind.MAJORITY, since=MIDNIGHT))
    assert await is_let_in(people, jade(), MIDNIGHT + SECOND)
    assert not await is_let_in(people, None, MIDNIGHT)


def test_whom_a_parent_named_helps_the_child_and_not_the_adult() -> None:
    """REP-10, also of what was said before it had an end of its own."""
    carer = replace(choice(ChoiceKind.CAREGIVER, "ab"), since=MIDNIGHT - timedelta(days=9))
    later = replace(carer, target="cd", since=MIDNIGHT)
    chosen = [parent(since=MIDNIGHT - timedelta(days=99)), carer, later]

    def carers(held: list[Choice], now: datetime) -> list[str]:
        return [one.id for one in record_facts(jade(), held, now).caregivers]

    assert "ab" in carers(chosen, MIDNIGHT - SECOND)
    assert carers(chosen, MIDNIGHT) == ["cd"]
    guardian = choice(ChoiceKind.GUARDIAN, PAUL.hex())
    assert carers([*chosen, guardian], MIDNIGHT) == ["ab", "cd"]
    assert carers(chosen[1:], MIDNIGHT) == ["ab", "cd"], "an adult since he is known here"
