"""What an ADT teaches the patient index, and what it may not without a person."""

from dataclasses import replace

import pytest
from filing_samples import CLAIRE, KEY, PERSON, facts, judge
from identity_samples import (
    IPP1,
    IPP2,
    IPP3,
    MARC,
    MARC_KEY,
    MARC_PERSON,
    OID,
    adt,
    held,
    known,
    local,
    subject,
)
from msgspec import structs

from gateway.records.intake.finding import Verdict
from gateway.records.patients.account import AccountState
from gateway.records.patients.index import DeskWord, Link
from gateway.records.patients.patient import PatientIdentity
from gateway.records.task import TaskKind


def test_a_qualified_identity_is_learned_with_its_local_identifiers_and_releases_what_waits() -> (
    None
):
    filing = judge(adt(subject(CLAIRE)), facts())

    assert filing.answer.verdict is Verdict.ACCEPT
    assert [(one.key, one.qualified, one.status) for one in filing.identities] == [
        (KEY, True, "VALI")
    ]
    assert filing.links == (Link(name=IPP1, into=KEY),)
    assert filing.merge is None
    assert [task.kind for task in filing.tasks] == [TaskKind.RELEASE]
    assert filing.tasks[0].payload == f"{KEY.hex()},{IPP1.hex()}".encode()


@pytest.mark.parametrize("status", ["PROV", "DOUB", "COLP"])
def test_an_identity_that_is_not_validated_qualifies_nobody_and_releases_nothing(
    status: str,
) -> None:
    filing = judge(adt(subject(CLAIRE, status=status)), facts())

    assert filing.answer.verdict is Verdict.ACCEPT
    assert [(one.qualified, one.status) for one in filing.identities] == [(False, status)]
    assert not filing.links
    assert not filing.tasks


def test_what_is_not_validated_takes_nothing_from_a_person_who_is_qualified() -> None:
    filing = judge(adt(subject(CLAIRE, status="PROV")), facts(PERSON))

    assert filing.answer.verdict is Verdict.ACCEPT
    assert not filing.identities


def test_a_correction_of_what_was_never_qualified_is_taken() -> None:
    draft = replace(PERSON, qualified=False, identity=replace(CLAIRE, birth_family="DURANT"))

    filing = judge(adt(subject(CLAIRE)), facts(draft))

    assert filing.identities[0].identity.birth_family == "DURAND"
    assert filing.identities[0].qualified


def test_traits_that_a_message_leaves_out_stay_as_they_were_known() -> None:
    short = replace(CLAIRE, birth_place=None, birth_givens=None)

    filing = judge(adt(subject(short)), facts(PERSON))

    assert filing.identities[0].identity.birth_place == "75116"


@pytest.mark.parametrize("status", ["VALI", "PROV"])
def test_traits_that_differ_from_a_qualified_identity_wait_for_a_person(status: str) -> None:
    other = replace(CLAIRE, birth_family="DUPONT")

    filing = judge(adt(subject(other, status=status)), facts(PERSON))

    assert held(filing) == ["identity-mismatch"]
    assert "birth_family" in filing.answer.findings[0].message
    assert "DUPONT" not in filing.answer.findings[0].message
    assert filing.waits_for == (KEY, IPP1)


def test_two_people_may_correct_the_index() -> None:
    other = replace(CLAIRE, birth_family="DUPONT")
    decided = structs.replace(adt(subject(other)), released=True, desk=DeskWord.CORRECT)

    filing = judge(decided, facts(PERSON))

    assert filing.answer.verdict is Verdict.ACCEPT
    assert filing.identities[0].identity.birth_family == "DUPONT"


def test_a_correction_by_an_identity_that_is_not_validated_still_waits() -> None:
    other = replace(CLAIRE, birth_family="DUPONT")
    decided = structs.replace(adt(subject(other, status="PROV")), desk=DeskWord.CORRECT)

    assert held(judge(decided, facts(PERSON))) == ["identity-mismatch"]


def test_a_message_set_aside_is_refused_and_its_bytes_are_kept() -> None:
    other = replace(CLAIRE, birth_family="DUPONT")
    decided = structs.replace(adt(subject(other)), released=True, desk=DeskWord.SET_ASIDE)

    filing = judge(decided, facts(PERSON))

    assert filing.answer.verdict is Verdict.REFUSE
    assert [one.code for one in filing.answer.findings] == ["set-aside"]
    assert filing.keep_until is not None
    assert not filing.identities


def test_a_local_identifier_of_somebody_else_is_never_taken_from_them() -> None:
    thief = replace(MARC, other_ids=("1.2.3^IPP1",))

    filing = judge(adt(subject(thief)), known((IPP1, PERSON)))

    assert held(filing) == ["local-id-conflict"]


def test_two_people_may_give_a_local_identifier_to_another_person() -> None:
    right = replace(MARC, other_ids=("1.2.3^IPP1",))
    decided = structs.replace(adt(subject(right)), desk=DeskWord.CORRECT)

    filing = judge(decided, known((IPP1, PERSON)))

    assert filing.links == (Link(name=IPP1, into=MARC_KEY, rebinds=True),)


def test_a_local_identifier_that_shows_other_traits_waits_for_a_person() -> None:
    reused = local(1, birth_family="AUTRE", birth_date="1950-01-01")

    assert held(judge(adt(subject(reused)), known((IPP1, PERSON)))) == ["identity-mismatch"]
    freed = judge(
        structs.replace(adt(subject(reused)), desk=DeskWord.CORRECT), known((IPP1, PERSON))
    )
    assert freed.links == (Link(name=IPP1, into=None, rebinds=True),)


def test_identifiers_of_two_persons_in_one_pid_wait_for_a_person() -> None:
    both = PatientIdentity(other_ids=("1.2.3^IPP1", "1.2.3^IPP2"))

    filing = judge(adt(subject(both)), known((IPP1, PERSON), (IPP2, MARC_PERSON)))

    assert held(filing) == ["local-id-conflict"]


def test_a_merge_of_two_unknown_identifiers_is_remembered() -> None:
    filing = judge(adt(subject(local(1), prior=local(2)), event="A40"), facts())

    assert filing.merge is not None
    assert filing.merge.links == (Link(name=IPP2, into=IPP1),)
    assert filing.merge.event == "A40"


@pytest.mark.parametrize("event", ["A40", "A47"])
def test_what_ends_joins_the_qualified_survivor_and_what_waited_for_it_is_released(
    event: str,
) -> None:
    filing = judge(adt(subject(CLAIRE, prior=local(2)), event=event), known((IPP1, PERSON)))

    assert filing.merge is not None
    assert filing.merge.links == (Link(name=IPP2, into=KEY),)
    assert IPP2.hex().encode() in filing.tasks[0].payload
    assert {one.patient for one in filing.traces} == {KEY, IPP2}


def test_a_survivor_without_ins_takes_that_of_what_ends_when_its_traits_say_so() -> None:
    named = replace(CLAIRE, ins=None, ins_oid=None, other_ids=("1.2.3^IPP3",))

    filing = judge(
        adt(subject(named, prior=local(1), qualified=False), event="A40"), known((IPP1, PERSON))
    )

    assert filing.merge is not None
    assert filing.merge.links == (Link(name=IPP3, into=IPP1),)


@pytest.mark.parametrize(
    ("survivor", "status"),
    [
        (local(3), "VALI"),
        (replace(CLAIRE, ins=None, ins_oid=None, other_ids=("1.2.3^IPP3",)), "PROV"),
    ],
)
def test_a_survivor_not_shown_to_be_the_same_person_waits(
    survivor: PatientIdentity, status: str
) -> None:
    one = subject(survivor, prior=local(1), status=status, qualified=False)

    assert held(judge(adt(one, event="A40"), known((IPP1, PERSON)))) == ["merge-unqualified"]


@pytest.mark.parametrize(
    "prior", [local(2), replace(local(9), ins=MARC.ins, ins_oid=OID)], ids=["by IPP", "by INS"]
)
def test_two_qualified_ins_are_never_merged_without_two_people(prior: PatientIdentity) -> None:
    index = known((IPP1, PERSON), (IPP2, MARC_PERSON))
    one = adt(subject(CLAIRE, prior=prior), event="A40")

    assert held(judge(one, index)) == ["merge-two-ins"]
    merged = judge(structs.replace(one, desk=DeskWord.MERGE), index)
    assert merged.merge is not None
    assert Link(name=MARC_KEY, into=KEY) in merged.merge.links


def test_an_ins_new_to_the_index_does_not_take_over_another_person() -> None:
    one = adt(subject(MARC, prior=replace(local(9), ins=CLAIRE.ins, ins_oid=OID)), event="A47")

    assert held(judge(one, facts(PERSON))) == ["merge-two-ins"]


def test_only_the_identifier_moves_when_two_people_say_the_persons_are_two() -> None:
    index = known((IPP1, PERSON), (IPP2, MARC_PERSON))
    one = adt(subject(CLAIRE, prior=local(2)), event="A40")

    filing = judge(structs.replace(one, desk=DeskWord.CORRECT), index)

    assert filing.merge is not None
    assert filing.merge.links == (Link(name=IPP2, into=KEY, rebinds=True),)


@pytest.mark.parametrize("state", [AccountState.OPPOSED, AccountState.CLOSED, AccountState.ERASING])
def test_a_closed_space_is_never_merged(state: AccountState) -> None:
    index = known((IPP1, PERSON), (IPP2, replace(MARC_PERSON, state=state)))
    one = adt(subject(CLAIRE, prior=local(2)), event="A40")

    assert held(judge(structs.replace(one, desk=DeskWord.MERGE), index)) == ["merge-closed"]


def test_the_space_stays_open_under_the_ins_that_survives() -> None:
    index = known((IPP1, replace(PERSON, state=AccountState.UNKNOWN)), (IPP2, MARC_PERSON))
    one = adt(subject(CLAIRE, prior=local(2)), event="A40")

    filing = judge(structs.replace(one, desk=DeskWord.MERGE), index)

    assert filing.identities[0].key == KEY
    assert filing.identities[0].state is AccountState.ACTIVE


def test_an_ins_that_the_index_knows_unqualified_is_not_merged_by_a_message() -> None:
    index = known((IPP1, PERSON), (IPP2, replace(MARC_PERSON, qualified=False)))

    assert held(judge(adt(subject(CLAIRE, prior=local(2)), event="A40"), index)) == [
        "merge-two-ins"
    ]


def test_later_pairs_of_one_message_see_the_former_ones() -> None:
    pairs = (subject(local(1), prior=local(2)), subject(local(3), prior=local(1)))

    filing = judge(adt(*pairs, event="A40"), facts())

    assert filing.merge is not None
    assert filing.merge.links == (Link(name=IPP2, into=IPP1), Link(name=IPP1, into=IPP3))


def test_a_merge_said_twice_changes_nothing_the_second_time() -> None:
    done = structs.replace(
        facts(PERSON), ends={IPP1: KEY, IPP2: KEY}, locals={IPP1: PERSON, IPP2: PERSON}
    )

    filing = judge(adt(subject(CLAIRE, prior=local(2)), event="A40"), done)

    assert filing.answer.verdict is Verdict.ACCEPT
    assert filing.merge is None


def test_a_bare_namespace_means_something_inside_one_house_only() -> None:
    spaced = replace(CLAIRE, other_ids=("CHU-X^1", "1.2.3^IPP1", "000897406^1"))

    filing = judge(adt(subject(spaced)), facts())

    names = {one.name for one in filing.links}
    assert names == {b"1999999999\x00CHU-X^1", IPP1, b"000897406^1"}


def test_documents_of_an_identifier_that_leads_to_nobody_go_to_no_stranger() -> None:
    index = structs.replace(facts(MARC_PERSON), kept={IPP2: (CLAIRE,)})
    for one in (subject(MARC), subject(replace(MARC, other_ids=("1.2.3^IPP3",)), prior=local(2))):
        assert held(judge(adt(one, event="A40"), index)) == ["identity-mismatch"]
    taken = judge(adt(subject(replace(CLAIRE, other_ids=("1.2.3^IPP2",)))), index)
    assert taken.links == (Link(name=IPP2, into=KEY),)
