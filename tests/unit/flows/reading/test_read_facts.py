"""Rows become facts on the narrow side: states, switches, inexact dates, inherited codes."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from reading_twins import ANNE, DOCTOR, NOW, card, choice, house_of, person

from gateway.flows.reading.decided.facts import (
    ACCOUNTS,
    STATUSES,
    document_facts,
    latest_day,
    professional_reader,
    record_facts,
)
from gateway.records.documents.shelved import DocumentStatus
from gateway.records.patients.account import AccountState, ChoiceKind
from gateway.records.readers.access import Account, FactStatus


def test_every_state_of_an_account_and_a_document_has_its_word_in_access() -> None:
    assert set(ACCOUNTS) == set(AccountState)
    assert set(STATUSES) == set(DocumentStatus)
    assert ACCOUNTS[AccountState.CREATED] is Account.OPEN
    assert STATUSES[DocumentStatus.WITHDRAWN] is FactStatus.DELETED


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("1984-07-02", date(1984, 7, 2)),
        ("1984-02", date(1984, 2, 29)),
        ("2010", date(2010, 12, 31)),
        ("1984-07-02T00:00:00Z", date(1984, 7, 2)),
        ("1984-02-31", date(1980, 1, 1)),
        ("", date(1980, 1, 1)),
        (None, date(1980, 1, 1)),
    ],
)
def test_an_inexact_birth_date_is_its_latest_day(written: str | None, day: date) -> None:
    assert latest_day(written) == day


def test_the_emergency_switches_are_read_at_now() -> None:
    off = choice(ChoiceKind.EMERGENCY_SAMU_OFF, until=datetime(2026, 2, 1, tzinfo=UTC))
    on = choice(ChoiceKind.EMERGENCY_MASKED_ON)
    facts = record_facts(person(ANNE), [off, on], NOW).emergency
    assert (facts.samu, facts.professionals, facts.masked) == (True, True, True)
    again = replace(off, until=None)
    assert not record_facts(person(ANNE), [again], NOW).emergency.samu


def test_of_two_treating_doctors_the_last_declared_one_in_force_counts() -> None:
    first = choice(ChoiceKind.TREATING, "one")
    second = choice(ChoiceKind.TREATING, "two", since=datetime(2026, 2, 1, tzinfo=UTC))
    later = choice(ChoiceKind.TREATING, "three", since=datetime(2026, 4, 1, tzinfo=UTC))
    treating = record_facts(person(ANNE), [second, first, later], NOW).treating
    assert treating is not None
    assert treating.id == "two"
    assert record_facts(person(ANNE), [later], NOW).treating is None


def test_every_choice_reaches_the_decision() -> None:
    facts = record_facts(person(ANNE), [choice(kind, "x") for kind in ChoiceKind], NOW)
    assert {(one.to, one.kind) for one in facts.consents} == {
        ("professional", "care"),
        ("team", "care"),
        ("professional", "occupational"),
    }
    assert {one.role for one in facts.representatives} == {"parent", "guardian"}
    for entries in (facts.blocks, facts.administrators, facts.caregivers):
        assert [one.id for one in entries] == ["x"]
    assert facts.teams_informed == facts.teams_objected == ("x",)
    assert (facts.emergency.samu, facts.emergency.professionals) == (False, False)


def test_ended_consents_and_blocks_stay_because_they_may_be_spent() -> None:
    ended = choice(ChoiceKind.BLOCK, "x", until=datetime(2026, 2, 1, tzinfo=UTC))
    assert record_facts(person(ANNE), [ended], NOW).blocks[0].until == ended.until


def test_the_patients_mask_is_a_code_and_unknown_codes_are_left_out() -> None:
    assert document_facts(card("x", masked_by_patient=True)).codes == ("MASQUE_PS", "N")
    assert document_facts(card("x", codes=("N", "ODD"))).codes == ("N",)
    assert document_facts(card("x", codes=())).codes == ("N",)


def test_an_older_version_inherits_codes_and_the_clock_of_the_announcement() -> None:
    since = datetime(2026, 3, 1, tzinfo=UTC)
    current = document_facts(card("v2", codes=("INVISIBLE_PATIENT",), hidden_from=since))
    older = document_facts(card("v1", status=DocumentStatus.SUPERSEDED), successor=current)
    assert older.codes == ("INVISIBLE_PATIENT", "N")
    assert older.hidden_from == since


def test_a_professionals_organisation_is_the_team() -> None:
    reader = professional_reader(DOCTOR)
    assert reader.team == reader.organisation == DOCTOR.organization


@pytest.mark.parametrize(
    ("role", "function"), [("FON-29", "FON-29"), ("FON-19", "FON-19"), ("300", None), (None, None)]
)
def test_a_role_that_is_a_function_is_one_for_access(
    role: str | None, function: str | None
) -> None:
    reader = professional_reader(replace(DOCTOR, role=role))
    assert (reader.role, reader.function) == (role, function)


@pytest.mark.parametrize(("role", "rule"), [("FON-29", "F43"), ("FON-19", "F40"), ("300", "P11")])
async def test_a_care_agreement_lets_in_neither_the_works_doctor_nor_the_insurers(
    role: str, rule: str
) -> None:
    house = house_of(card("one"))
    house.agree()
    reader = professional_reader(replace(DOCTOR, role=role))
    listing = await house.read.list_documents(reader, ANNE)
    assert listing.standing.rule == rule
    assert len(listing.cards) == (rule == "P11")
