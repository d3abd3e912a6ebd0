"""Whom the index lets a document be filed for, and what two people's word changes."""

from dataclasses import replace

import pytest
from filing_samples import (
    CLAIRE,
    DOCUMENT,
    HELD,
    KEY,
    PERSON,
    codes,
    facts,
    intake,
    judge,
    understanding,
)
from msgspec import structs

from gateway.flows.filing.judging.people import IDENTITY_HOLDS
from gateway.records.intake.filing import Facts, Intake
from gateway.records.intake.finding import Verdict
from gateway.records.patients.account import Person
from gateway.records.patients.index import DeskWord
from gateway.records.patients.patient import PatientIdentity

UNQUALIFIED = replace(PERSON, qualified=False)
BARE = PatientIdentity(ins=CLAIRE.ins, ins_oid=CLAIRE.ins_oid)
NUMBER = PatientIdentity(
    other_ids=CLAIRE.other_ids, birth_family=CLAIRE.birth_family, birth_date=CLAIRE.birth_date
)


def held(identity: PatientIdentity, *found: str, released: bool = False) -> Intake:
    document = replace(DOCUMENT, patient=identity)
    findings = tuple(replace(HELD, code=code) for code in found)
    understood = replace(understanding(document, verdict=Verdict.HOLD), findings=findings)
    return structs.replace(intake(understood), released=released)


def knowing(person: Person) -> Facts:
    """By the INS, and by the local identifier."""
    name = b"1.2.3^IPP1"
    return structs.replace(facts(person), locals={name: person}, ends={name: KEY})


@pytest.mark.parametrize(
    ("one", "person", "verdict"),
    [
        (held(BARE, "traits-missing"), PERSON, Verdict.ACCEPT),
        (held(BARE, "traits-missing"), UNQUALIFIED, Verdict.HOLD),
        (held(BARE, "traits-missing", "ins-not-qualified"), PERSON, Verdict.HOLD),
        (held(replace(BARE, birth_family="DURAND"), "traits-missing"), PERSON, Verdict.HOLD),
        (held(CLAIRE, "ins-not-qualified", released=True), PERSON, Verdict.ACCEPT),
        (held(CLAIRE, "ins-not-qualified", released=True), UNQUALIFIED, Verdict.HOLD),
        (held(CLAIRE, "confidentiality-differs", released=True), PERSON, Verdict.HOLD),
        (held(NUMBER, "ins-missing"), PERSON, Verdict.ACCEPT),
        (held(NUMBER, "ins-missing"), UNQUALIFIED, Verdict.HOLD),
        (held(NUMBER, *sorted(IDENTITY_HOLDS), released=True), PERSON, Verdict.ACCEPT),
    ],
)
def test_only_an_identity_that_the_index_holds_qualified_settles_what_is_held(
    one: Intake, person: Person, verdict: Verdict
) -> None:
    assert judge(one, knowing(person)).answer.verdict is verdict


def test_a_warning_that_holds_nothing_keeps_nothing_waiting() -> None:
    one = held(BARE, "traits-missing")
    told = (*one.understanding.findings, replace(HELD, code="sender-differs", holds=False))
    warned = structs.replace(one, understanding=replace(one.understanding, findings=told))

    assert judge(warned, knowing(PERSON)).answer.verdict is Verdict.ACCEPT


def test_a_local_number_that_leads_to_nobody_waits_until_it_does() -> None:
    filing = judge(held(NUMBER, "ins-missing"), facts(PERSON))

    assert (filing.answer.verdict, filing.waits_for) == (Verdict.HOLD, (b"1.2.3^IPP1",))


def test_who_names_an_ins_nobody_knows_is_not_filed_by_a_local_number() -> None:
    """Not before somebody looked: the number may be another person's."""
    other = replace(NUMBER, ins="199019999999937", ins_oid=CLAIRE.ins_oid)

    filing = judge(held(other, "traits-missing"), knowing(PERSON))

    assert filing.answer.verdict is Verdict.HOLD
    assert not filing.shelvings
    looked_at = judge(held(other, "traits-missing", released=True), knowing(PERSON))
    assert [one.patient for one in looked_at.shelvings] == [b"1.2.3^IPP1"]


def test_a_local_number_with_other_traits_is_told_nothing_of_whom_it_leads_to() -> None:
    other = replace(NUMBER, birth_date="1984-03-13")

    assert codes(judge(held(other, "ins-missing"), knowing(PERSON))) == ["ins-missing"]


def test_what_two_people_correct_by_a_document_is_learned_and_the_rest_stays_known() -> None:
    corrected = replace(
        CLAIRE, birth_date="1985-03-12", birth_place=None, other_ids=("1.2.3^IPP9",)
    )
    document = replace(DOCUMENT, patient=corrected)
    decided = structs.replace(intake(understanding(document)), desk=DeskWord.CORRECT)

    filing = judge(decided, facts(PERSON))

    assert filing.answer.verdict is Verdict.ACCEPT
    (change,) = filing.identities
    assert (change.key, change.qualified) == (KEY, True)
    assert change.identity.birth_date == "1985-03-12"
    assert change.identity.birth_place == CLAIRE.birth_place
    assert change.identity.other_ids == ("1.2.3^IPP1", "1.2.3^IPP9")


def test_a_correction_under_a_local_number_changes_no_qualified_person() -> None:
    decided = structs.replace(held(NUMBER, "ins-missing", released=True), desk=DeskWord.CORRECT)

    filing = judge(decided, knowing(PERSON))

    assert filing.answer.verdict is Verdict.ACCEPT
    assert not filing.identities


@pytest.mark.parametrize(
    ("complete", "person", "learned"),
    [(True, UNQUALIFIED, True), (True, PERSON, False), (False, UNQUALIFIED, False)],
)
def test_a_document_teaches_an_identity_that_was_not_known_qualified(
    complete: bool, person: Person, learned: bool
) -> None:
    document = replace(DOCUMENT, patient=replace(CLAIRE, traits_complete=complete))

    filing = judge(intake(understanding(document)), facts(person))

    assert filing.answer.verdict is Verdict.ACCEPT
    assert [(one.key, one.qualified) for one in filing.identities] == [(KEY, True)] * learned
