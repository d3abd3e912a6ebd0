"""One patient in one deposit: what contradicts it is refused or waits."""

import pytest
from fhir_sample import INS, Json, bundle, coded, patient, raw, reference

from gateway.mapping.fhir.taken.read import understand_fhir
from gateway.mapping.fhir.taken.resources.people import identity_of
from gateway.records.intake.finding import Verdict
from gateway.records.intake.reading import DEFAULT_READING
from gateway.records.intake.understanding import Understanding

OTHER = INS | {"value": "279035121518989"}
OLD = OTHER | {"use": "old"}
MARC = {"use": "official", "family": "AUTRE", "given": ["Marc"]}


def understood(resource: Json) -> Understanding:
    return understand_fhir(raw(resource), DEFAULT_READING)


def codes(resource: Json) -> set[str]:
    return {finding.code for finding in understood(resource).findings}


def person(own: str, *identifiers: Json, **changes: object) -> Json:
    return patient() | {"id": own, "identifier": list(identifiers)} | changes


def about(subject: Json, source: Json | None, *people: Json) -> Json:
    """A DocumentReference of this subject and sourcePatientInfo; `people` are contained."""
    return reference(
        contained=[*people],
        subject=subject,
        context={"sourcePatientInfo": source} if source else None,
        author=None,
        authenticator=None,
        custodian=None,
    )


CLAIRE, SAME = person("claire", INS), person("same", INS)
NAMED, SOURCE = {"reference": "#claire"}, {"reference": "#marc"}


@pytest.mark.parametrize(
    ("subject", "source", "people"),
    [
        (NAMED, SOURCE, [CLAIRE, person("marc", OTHER)]),
        (NAMED | {"identifier": OTHER}, None, [CLAIRE]),
        ({"identifier": INS}, SOURCE, [person("marc", OTHER)]),
        ({"identifier": INS}, {"identifier": OTHER}, []),
        (NAMED, {"identifier": OTHER}, [CLAIRE]),
    ],
)
def test_two_ins_in_one_reference_are_refused(
    subject: Json, source: Json | None, people: list[Json]
) -> None:
    answer = understood(about(subject, source, *people))
    assert answer.verdict is Verdict.REFUSE
    [found] = [one for one in answer.findings if one.code == "patient-mismatch"]
    assert (found.where, found.application) == ("DocumentReference.subject", 904)


def test_the_same_ins_said_three_times_is_one_patient() -> None:
    sent = about(NAMED | {"identifier": INS}, {"reference": "#same"}, CLAIRE, SAME)
    answer = understood(sent)
    assert (answer.verdict, answer.findings) == (Verdict.ACCEPT, ())


@pytest.mark.parametrize("change", [{"name": [MARC]}, {"birthDate": "1955-08-16"}])
def test_traits_that_differ_under_one_ins_wait(change: Json) -> None:
    answer = understood(about(NAMED, SOURCE, CLAIRE, person("marc", INS, **change)))
    assert answer.verdict is Verdict.HOLD
    assert "traits-differ" in {one.code for one in answer.findings if one.holds}


def test_a_patient_of_two_ins_waits_and_an_old_one_is_not_one() -> None:
    assert understood(about(NAMED, None, person("claire", INS, OTHER))).verdict is Verdict.HOLD
    assert "ins-several" in codes(about(NAMED, None, person("claire", INS, OTHER)))
    answer = understood(about(NAMED, None, person("claire", OLD, INS)))
    assert answer.verdict is Verdict.ACCEPT
    assert answer.documents[0].patient.ins == INS["value"]


def test_an_old_identifier_alone_is_none() -> None:
    identity = identity_of(
        person("claire", OLD, {"use": "old", "system": "urn:oid:1.2", "value": "9"})
    )
    assert (identity.ins, identity.other_ids) == (None, ())


def test_the_submission_set_bears_one_ins_too() -> None:
    sent = bundle()
    lot = sent["entry"][0]["resource"]
    lot["contained"].append(CLAIRE)
    lot["subject"] = NAMED | {"identifier": INS}
    assert understood(sent).verdict is Verdict.ACCEPT
    lot["subject"] = NAMED | {"identifier": OTHER}
    assert "patient-mismatch" in codes(sent)


def test_the_submission_set_and_a_document_with_other_traits_wait() -> None:
    sent = bundle()
    lot = sent["entry"][0]["resource"]
    lot["contained"].append(person("claire", INS, name=[MARC]))
    lot["subject"] = NAMED
    answer = understood(sent)
    assert answer.verdict is Verdict.HOLD
    assert "traits-differ" in {one.code for one in answer.findings}


def test_documents_whose_sources_differ_are_two_patients() -> None:
    """The subject is known elsewhere only; each document names its patient in the source."""
    sent = bundle(about({"reference": "Patient/1"}, SOURCE, person("marc", INS)))
    second = bundle(about({"reference": "Patient/1"}, SOURCE, person("marc", OTHER)))["entry"][1]
    master = {"system": "urn:ietf:rfc:3986", "value": "urn:oid:1.2.250.1.999.1.2"}
    second["resource"]["masterIdentifier"] = master
    sent["entry"][0]["resource"]["subject"] = {"reference": "Patient/1"}
    assert "patient-mismatch" not in codes(sent)
    sent["entry"].append(second | {"fullUrl": "urn:uuid:00000000-0000-4000-8000-000000000004"})
    assert "patient-mismatch" in codes(sent)


def test_a_composition_bears_one_ins() -> None:
    composition = {
        "resourceType": "Composition",
        "type": coded("http://loinc.org", "11488-4"),
        "subject": {"reference": "urn:uuid:1", "identifier": INS},
    }
    sent = {
        "resourceType": "Bundle",
        "type": "document",
        "identifier": {"system": "urn:ietf:rfc:3986", "value": "urn:oid:1.2.250.1.999.1.7"},
        "entry": [
            {"fullUrl": "urn:uuid:0", "resource": composition},
            {"fullUrl": "urn:uuid:1", "resource": patient()},
        ],
    }
    assert understood(sent).verdict is Verdict.ACCEPT
    composition["subject"] = {"reference": "urn:uuid:1", "identifier": OTHER}
    assert "patient-mismatch" in codes(sent)


@pytest.mark.parametrize(
    ("more", "held"),
    [({}, True), ({"period": {"end": "2020-01-01"}}, False), ({"use": "usual"}, False)],
)
def test_two_official_names_in_force_wait(more: Json, held: bool) -> None:
    names = [*patient()["name"], MARC | more]
    assert ("several-names" in codes(about(NAMED, None, person("claire", INS, name=names)))) is held
