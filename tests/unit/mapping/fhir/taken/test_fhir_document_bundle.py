"""A FHIR document: its state, the person it is about, and the results it holds."""

import pytest
from fhir_sample import INS, Json, coded, patient, raw

from gateway.mapping.fhir.taken.read import understand_fhir
from gateway.records.documents.observation import Observation
from gateway.records.intake.finding import Verdict
from gateway.records.intake.reading import DEFAULT_READING
from gateway.records.intake.understanding import Understanding

CLAIRE, OTHER = "urn:uuid:1", "urn:uuid:2"
RESULT: Json = {
    "resourceType": "Observation",
    "status": "final",
    "code": coded("http://loinc.org", "2345-7"),
    "subject": {"reference": CLAIRE},
}


def understood(*others: Json, status: str = "final") -> Understanding:
    composition = {
        "resourceType": "Composition",
        "status": status,
        "type": coded("http://loinc.org", "11502-2"),
        "title": "Bilan",
        "date": "2026-01-15T10:15:00+01:00",
        "subject": {"reference": CLAIRE},
        "author": [{"display": "Lou TESTEUR"}],
    }
    somebody = {
        "resourceType": "Patient",
        "identifier": [INS | {"value": "279035121518989"}],
        "name": [{"use": "official", "family": "AUTRE", "given": ["Marc"]}],
    }
    entries = [{"resource": composition}, {"fullUrl": CLAIRE, "resource": patient()}]
    entries += [{"fullUrl": OTHER, "resource": somebody}, *({"resource": one} for one in others)]
    sent = {
        "resourceType": "Bundle",
        "type": "document",
        "identifier": {"system": "urn:ietf:rfc:3986", "value": "urn:oid:1.2.250.1.999.1.7"},
        "entry": entries,
    }
    return understand_fhir(raw(sent), DEFAULT_READING)


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
