"""What an ADT teaches the patient index, and what it may not without a person."""

from dataclasses import replace

import pytest
from filing_samples import CLAIRE, KEY, NOW, PERSON, Names, facts, intake, judge, understanding
from msgspec import structs

from gateway.records.account import AccountState, ChoiceKind, Person
from gateway.records.admission import Admission, Subject
from gateway.records.filing import Facts, Filing, Intake
from gateway.records.finding import Verdict
from gateway.records.index import DeskWord, Link
from gateway.records.message import Consent, Header, Message
from gateway.records.patient import PatientIdentity, PatientKey
from gateway.records.task import TaskKind
from gateway.records.understanding import Format

OID = "1.2.250.1.213.1.4.10"
MARC = replace(
    CLAIRE, ins="184037511604203", birth_given="MARC", sex="M", other_ids=("1.2.3^IPP2",)
)
MARC_KEY = Names().patient_key(OID, MARC.ins or "")
MARC_PERSON = Person(key=MARC_KEY, state=AccountState.ACTIVE, identity=MARC, qualified=True)
IPP1, IPP2, IPP3 = (f"1.2.3^IPP{n}".encode() for n in (1, 2, 3))


def local(number: int, **traits: str) -> PatientIdentity:
    return PatientIdentity(other_ids=(f"1.2.3^IPP{number}",), **traits)  # type: ignore[arg-type]


def adt(*subjects: Subject, consent: Consent | None = None, event: str = "A28") -> Intake:
    said = Admission(event=event, subjects=subjects, stated_at="20260301120000")
    message = Message(
        header=Header(control_id="C2", sending_facility="CHARMES"),
        patient=subjects[0].identity,
        admission=said,
        consent=consent,
    )
    one = intake(replace(understanding(), message=message, format=Format.HL7V2))
    return structs.replace(one, organization="1999999999")


def known(*pairs: tuple[bytes, Person], persons: tuple[Person, ...] = ()) -> Facts:
    """Local identifiers that lead to a person, and persons by INS."""
    everybody = {person.key: person for _name, person in pairs} | {p.key: p for p in persons}
    ends = {name: person.key for name, person in pairs}
    return structs.replace(facts(*everybody.values()), locals=dict(pairs), ends=ends)


def subject(
    identity: PatientIdentity,
    *,
    prior: PatientIdentity | None = None,
    status: str = "VALI",
    qualified: bool | None = None,
) -> Subject:
    is_qualified = identity.ins is not None and status == "VALI" if qualified is None else qualified
    return Subject(identity=identity, status=status, qualified=is_qualified, prior=prior)


def held(filing: Filing) -> list[str]:
    """What holds it; nothing at all is changed by what is held."""
    if filing.answer.verdict is not Verdict.HOLD:
        return []
    assert not [*filing.identities, *filing.links, *filing.consents]
    assert filing.merge is None
    return [one.code for one in filing.answer.findings if one.holds]


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


def zfa(feeding: str = "", at: str = "", consultation: str = "", when: str = "") -> Consent:
    return Consent(
        feeding=feeding, feeding_date=at, consultation=consultation, consultation_date=when
    )


def test_zfa_becomes_dated_facts_with_their_author() -> None:
    said = zfa("IO", "20260102101500", "INC", "20260102")

    filing = judge(adt(subject(CLAIRE), consent=said), facts(PERSON))

    feeding, consultation = filing.consents
    assert (feeding.kind, feeding.patient) == (ChoiceKind.FEEDING_OPPOSED, KEY)
    assert feeding.since.isoformat() == "2026-01-02T09:15:00+00:00"  # Paris, in winter
    assert feeding.by == "labo (CHARMES), message C2"
    assert (consultation.kind, consultation.target) == (ChoiceKind.TEAM_OBJECTED, "1999999999")
    assert consultation.ends == (ChoiceKind.CARE_TEAM,)


@pytest.mark.parametrize(
    ("at", "since"),
    [
        ("", "2026-03-01T11:00:00+00:00"),  # EVN of the message
        ("20260102101500+0000", "2026-01-02T10:15:00+00:00"),
        ("20260702", "2026-03-02T10:07:00+00:00"),  # not before it came
    ],
)
def test_the_date_of_a_word_is_its_own_else_that_of_the_message(at: str, since: str) -> None:
    filing = judge(adt(subject(CLAIRE), consent=zfa("INO", at)), facts(PERSON))

    assert filing.consents[0].kind is ChoiceKind.FEEDING_ALLOWED
    assert filing.consents[0].since.isoformat() == since
    assert filing.consents[0].since <= NOW


def test_what_was_not_collected_is_no_fact() -> None:
    assert not judge(adt(subject(CLAIRE), consent=zfa("NA", "", "NA")), facts(PERSON)).consents


def test_the_word_of_somebody_not_yet_qualified_is_kept_under_the_local_identifier() -> None:
    filing = judge(adt(subject(CLAIRE, status="PROV"), consent=zfa("IO")), facts(PERSON))

    assert [one.patient for one in filing.consents] == [PatientKey(IPP1)]


def test_a_word_about_nobody_is_told_to_the_sender() -> None:
    nobody = subject(PatientIdentity(birth_family="DURAND"))

    filing = judge(adt(nobody, consent=zfa("IO")), facts())

    assert [one.code for one in filing.answer.findings] == ["consent-unattached"]
    assert not filing.consents


def test_a_consent_to_consult_needs_the_organisation_of_its_sender() -> None:
    one = structs.replace(adt(subject(CLAIRE), consent=zfa("INO", "", "IC")), organization=None)

    filing = judge(one, facts(PERSON))

    assert [one.kind for one in filing.consents] == [ChoiceKind.FEEDING_ALLOWED]
    assert [one.code for one in filing.answer.findings] == ["consent-unattached"]


def test_a_provisional_message_says_nothing_of_another_person_by_their_number() -> None:
    draft = subject(replace(MARC, other_ids=("1.2.3^IPP1",)), status="PROV")

    filing = judge(adt(draft, consent=zfa("IO")), known((IPP1, PERSON)))

    assert not filing.consents
    assert "consent-unattached" in [one.code for one in filing.answer.findings]


def test_documents_of_an_identifier_that_leads_to_nobody_go_to_no_stranger() -> None:
    index = structs.replace(facts(MARC_PERSON), kept={IPP2: (CLAIRE,)})
    for one in (subject(MARC), subject(replace(MARC, other_ids=("1.2.3^IPP3",)), prior=local(2))):
        assert held(judge(adt(one, event="A40"), index)) == ["identity-mismatch"]
    taken = judge(adt(subject(replace(CLAIRE, other_ids=("1.2.3^IPP2",)))), index)
    assert taken.links == (Link(name=IPP2, into=KEY),)
