"""Whose a document is: what waits for an identity, what a local identifier names."""

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
    known,
    understanding,
)
from msgspec import structs

from gateway.flows.filing.judging.findings import traits_disagree
from gateway.records.documents.document import Action, Document
from gateway.records.intake.finding import Verdict
from gateway.records.intake.understanding import Format, Understanding
from gateway.records.patients.patient import PatientIdentity

KNOWN_BY_NUMBER = structs.replace(
    facts(PERSON), locals={b"1.2.3^IPP1": PERSON}, ends={b"1.2.3^IPP1": KEY}
)


def numbered(traits: PatientIdentity, *held: str) -> Understanding:
    """A held document with these traits, a local identifier and no INS."""
    one = replace(traits, ins=None, ins_oid=None, other_ids=("1.2.3^IPP1",))
    found = tuple(replace(HELD, code=code) for code in held or ("ins-missing",))
    document = replace(DOCUMENT, patient=one)
    return replace(understanding(document, verdict=Verdict.HOLD), findings=found)


def test_an_unqualified_identity_is_held_and_says_what_would_release_it() -> None:
    understood = replace(understanding(DOCUMENT, verdict=Verdict.HOLD), findings=(HELD,))

    filing = judge(intake(understood), facts(PERSON))

    assert filing.answer.verdict is Verdict.HOLD
    assert filing.waits_for == (KEY, b"1.2.3^IPP1")
    assert not filing.shelvings


def test_a_held_document_files_itself_when_released() -> None:
    understood = replace(understanding(DOCUMENT, verdict=Verdict.HOLD), findings=(HELD,))
    released = structs.replace(intake(understood), released=True)

    filing = judge(released, facts(PERSON))

    assert filing.answer.verdict is Verdict.ACCEPT
    assert [(one.code, one.holds) for one in filing.answer.findings] == [(HELD.code, False)]
    assert len(filing.shelvings) == 1


def test_a_document_with_a_local_number_only_is_filed_for_whom_the_index_names() -> None:
    """Kept under that number: what it leads to may change (decision 010)."""
    filing = judge(intake(numbered(CLAIRE)), KNOWN_BY_NUMBER)

    assert filing.answer.verdict is Verdict.ACCEPT
    assert filing.shelvings[0].patient == b"1.2.3^IPP1"


def test_a_document_with_a_local_number_only_replaces_one_of_the_record_it_leads_to() -> None:
    """The former one is in that person's record, whichever name it was filed under."""
    first = numbered(CLAIRE)
    later = replace(first.documents[0], action=Action.REPLACE, replaces="1.2.3.3")
    former = structs.replace(
        facts(PERSON, documents=(known(),)),
        locals=KNOWN_BY_NUMBER.locals,
        ends=KNOWN_BY_NUMBER.ends,
    )

    filing = judge(intake(replace(first, documents=(later,))), former)

    assert codes(filing) == ["ins-missing"]
    assert [(one.id, one.by) for one in filing.changes] == [("old", "id1")]


@pytest.mark.parametrize(
    "traits",
    [
        {},
        {"birth_family": "DURAND"},
        {"birth_date": "1984-03-12"},
        {"birth_family": "DURAND", "birth_date": "1984-03-13"},
        {"birth_family": "DURAND", "birth_date": "1984"},
        {"birth_family": "DURAND", "birth_date": "1984-03"},
    ],
)
def test_a_local_number_whose_traits_do_not_name_the_same_person_waits(
    traits: dict[str, str],
) -> None:
    filing = judge(intake(numbered(PatientIdentity(**traits))), KNOWN_BY_NUMBER)  # type: ignore[arg-type]  # names are checked by the class

    assert filing.answer.verdict is Verdict.HOLD
    assert filing.waits_for == (b"1.2.3^IPP1",)


def test_a_contrary_sign_beside_a_known_local_number_waits_until_it_is_qualified_anew() -> None:
    contrary = numbered(CLAIRE, "ins-missing", "ins-not-qualified")

    assert judge(intake(contrary), KNOWN_BY_NUMBER).answer.verdict is Verdict.HOLD
    released = structs.replace(intake(contrary), released=True)
    assert judge(released, KNOWN_BY_NUMBER).answer.verdict is Verdict.ACCEPT


def test_a_known_local_number_does_not_settle_what_a_person_must_look_at() -> None:
    local = replace(DOCUMENT, patient=PatientIdentity(other_ids=("1.2.3^IPP1",)))
    missing = replace(HELD, code="ins-missing")
    differs = replace(HELD, code="confidentiality-differs")
    understood = replace(understanding(local, verdict=Verdict.HOLD), findings=(missing, differs))
    known_here = structs.replace(facts(PERSON), locals={b"1.2.3^IPP1": PERSON})

    for one in (intake(understood), structs.replace(intake(understood), released=True)):
        assert judge(one, known_here).answer.verdict is Verdict.HOLD


def test_traits_that_disagree_are_held_for_a_person() -> None:
    other = replace(DOCUMENT, patient=replace(CLAIRE, birth_date="1985-03-12"))

    filing = judge(intake(understanding(other)), facts(PERSON))

    assert filing.answer.verdict is Verdict.HOLD
    assert codes(filing) == ["identity-mismatch"]


@pytest.mark.parametrize(("trait", "field"), [("birth_date", "PID-7"), ("birth_given", "PID-5")])
def test_a_trait_that_differs_is_told_with_its_own_field(trait: str, field: str) -> None:
    assert traits_disagree([trait], Format.HL7V2).where == field
    assert traits_disagree([trait], Format.XDM).where == "METADATA.XML: sourcePatientInfo"


OTHER = Document(
    patient=replace(CLAIRE, ins="199019999999937", birth_family="AUTRE"), unique_id="1.2.3.5"
)


@pytest.mark.parametrize(
    ("form", "place"),
    [
        (Format.HL7V2, "PID-3"),
        (Format.FHIR, "DocumentReference.subject"),
        (Format.XDM, "METADATA.XML: patientId"),
        (Format.CDA, "/ClinicalDocument/recordTarget/patientRole"),
    ],
)
@pytest.mark.parametrize("verdict", [Verdict.ACCEPT, Verdict.HOLD])
def test_documents_of_several_ins_are_never_filed_together(
    form: Format, place: str, verdict: Verdict
) -> None:
    understood = replace(understanding(DOCUMENT, OTHER, verdict=verdict), format=form)
    for released in (False, True):
        one = structs.replace(intake(understood), released=released)
        filing = judge(one, facts(PERSON))
        assert filing.answer.verdict is Verdict.REFUSE
        assert filing.shelvings == ()
        assert codes(filing) == ["several-records"]
        assert filing.answer.findings[0].where == place


def test_documents_of_one_ins_are_filed_together_and_one_may_name_none() -> None:
    unnamed = replace(DOCUMENT, patient=replace(CLAIRE, ins=None, ins_oid=None), unique_id=None)
    filing = judge(intake(understanding(DOCUMENT, unnamed)), facts(PERSON))
    assert filing.answer.verdict is Verdict.ACCEPT
    assert len(filing.shelvings) == 2
