"""A FHIR document: its state, the person it is about, and the results it holds."""

from dataclasses import replace

import pytest
from fhir_sample import CLAIRE, INS, OTHER, Json, coded, document, patient, raw

from gateway.mapping.fhir.taken.read import understand_fhir
from gateway.records.documents.observation import Observation
from gateway.records.intake.finding import Verdict
from gateway.records.intake.reading import DEFAULT_READING
from gateway.records.intake.understanding import Understanding

RESULT: Json = {
    "resourceType": "Observation",
    "status": "final",
    "code": coded("http://loinc.org", "2345-7"),
    "subject": {"reference": CLAIRE},
}


def understood(*others: Json, status: str = "final") -> Understanding:
    return understand_fhir(raw(document(*others, status=status)), DEFAULT_READING)


def result(**value: object) -> Observation:
    [[found]] = understood(RESULT | value).observations
    return found


@pytest.mark.parametrize("status", ["final", "amended", "preliminary"])
def test_a_document_is_taken_with_results_about_its_patient(status: str) -> None:
    assert understood(RESULT, status=status).verdict is Verdict.ACCEPT


def test_a_document_that_was_entered_in_error_is_refused() -> None:
    assert understood(RESULT, status="entered-in-error").verdict is Verdict.REFUSE


@pytest.mark.parametrize(
    "subject",
    [
        {"reference": OTHER},
        {"identifier": INS | {"value": "279035121518989"}},
        {"reference": CLAIRE, "identifier": INS | {"value": "279035121518989"}},
    ],
)
def test_results_of_another_person_are_refused(subject: Json) -> None:
    answer = understood(RESULT, RESULT | {"subject": subject})
    assert answer.verdict is Verdict.REFUSE
    assert "patient-mismatch" in {one.code for one in answer.findings}


def test_an_allergy_of_another_person_is_refused() -> None:
    allergy = {"resourceType": "AllergyIntolerance", "patient": {"reference": OTHER}}
    assert understood(allergy).verdict is Verdict.REFUSE


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ({"valueQuantity": {"value": 5, "code": "mg/L"}}, ("5", "mg/L", "NM")),
        (
            {"valueQuantity": {"value": 5, "comparator": "<", "unit": "mg/L"}},
            ("<5", "mg/L", "SN"),
        ),
        ({"valueInteger": 0}, ("0", "", "NM")),
        ({"valueBoolean": False}, ("false", "", "ST")),
        ({"valueDateTime": "2026-01-15"}, ("2026-01-15", "", "DTM")),
        ({"valueTime": "10:15:00"}, ("10:15:00", "", "ST")),
        (
            {"valueRange": {"low": {"value": 2}, "high": {"value": 5, "unit": "g"}}},
            ("2-5", "g", "SN"),
        ),
        ({"valueRange": {"high": {"value": 5, "unit": "g"}}}, ("≤5", "g", "SN")),
        ({"valueRange": {"low": {"value": 2, "unit": "g"}}}, ("≥2", "g", "SN")),
    ],
)
def test_a_value_is_kept_as_it_was_measured(value: Json, told: tuple[str, str, str]) -> None:
    found = result(**value)
    assert (found.value, found.unit, found.value_type) == told


@pytest.mark.parametrize(
    "when",
    [
        {"effectiveInstant": "2026-01-15T10:15:00Z"},
        {"effectivePeriod": {"start": "2026-01-15T10:15:00Z"}},
        {"issued": "2026-01-15T10:15:00Z"},
    ],
)
def test_a_result_is_of_when_it_was_measured(when: Json) -> None:
    assert result(**when).time == "2026-01-15T10:15:00Z"


@pytest.mark.parametrize(
    ("bounds", "told"),
    [
        ({"high": {"value": 5}}, "≤5"),
        ({"low": {"value": 0.3}}, "≥0.3"),
        ({"low": {"value": 0.3}, "high": {"value": 4.2}}, "0.3-4.2"),
        ({"high": {"value": 5}, "text": "<5"}, "<5"),
    ],
)
def test_a_bound_belongs_to_its_range_and_the_laboratorys_words_go_first(
    bounds: Json, told: str
) -> None:
    assert result(referenceRange=[bounds]).range == told


def test_two_versions_of_one_resource_stand_under_one_full_url() -> None:
    """bdl-7: told apart by meta.versionId, which a versioned reference names."""
    first, second = ({"id": "r", "meta": {"versionId": one}} for one in ("1", "2"))
    sent = document(RESULT | first, RESULT | second)
    for entry in sent["entry"][-2:]:
        entry["fullUrl"] = "urn:uuid:9"
    assert understand_fhir(raw(sent), DEFAULT_READING).verdict is Verdict.ACCEPT
    sent["entry"][-1]["resource"]["meta"] = {"versionId": "1"}
    assert understand_fhir(raw(sent), DEFAULT_READING).verdict is Verdict.REFUSE


def test_a_versioned_reference_names_that_version() -> None:
    sent = document(RESULT)
    person = {"fullUrl": CLAIRE, "resource": patient() | {"meta": {"versionId": "1"}}}
    renamed = patient() | {"meta": {"versionId": "2"}}
    renamed["name"][0]["family"] = "NEUVE"
    sent["entry"] = [sent["entry"][0], person, {"fullUrl": CLAIRE, "resource": renamed}]
    sent["entry"][0]["resource"]["subject"] = {"reference": f"{CLAIRE}/_history/2"}
    (read,) = understand_fhir(raw(sent), DEFAULT_READING).documents
    assert read.patient.birth_family == "NEUVE"


@pytest.mark.parametrize(
    ("full", "named", "resolved"),
    [
        ("http://labo.example/fhir/Composition/c", "Patient/p", True),
        ("http://labo.example/fhir/Composition/c", "http://labo.example/fhir/Patient/p", True),
        ("http://labo.example/fhir/Composition/c", "http://else.example/fhir/Patient/p", False),
        ("http://labo.example/fhir/Composition/c", "Patient/q", False),
        ("urn:uuid:00000000-0000-4000-8000-000000000001", "Patient/p", False),
    ],
)
def test_a_strict_reading_finds_what_the_composition_names(
    full: str, named: str, *, resolved: bool
) -> None:
    sent = document()
    sent["entry"][0] = sent["entry"][0] | {"fullUrl": full}
    sent["entry"][0]["resource"]["subject"] = {"reference": named}
    sent["entry"][1]["fullUrl"] = "http://labo.example/fhir/Patient/p"
    read = understand_fhir(raw(sent), replace(DEFAULT_READING, strict=True))
    found = [one.where for one in read.findings if one.code == "reference-unresolved"]
    assert found == ([] if resolved else ["Composition.subject"])


def test_a_reference_to_one_of_two_versions_names_the_version() -> None:
    first, second = ({"id": "r", "meta": {"versionId": one}} for one in ("1", "2"))
    sent = document(RESULT | first, RESULT | second)
    for entry in sent["entry"][-2:]:
        entry["fullUrl"] = "urn:uuid:9"
    for name, count in (("urn:uuid:9", 1), ("urn:uuid:9/_history/2", 0)):
        section = {"title": "Résultats", "entry": [{"reference": name}]}
        sent["entry"][0]["resource"]["section"] = [section]
        read = understand_fhir(raw(sent), replace(DEFAULT_READING, strict=True))
        assert [one.code for one in read.findings].count("reference-unresolved") == count
