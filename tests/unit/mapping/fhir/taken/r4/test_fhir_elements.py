"""Strict mode: what R4 says of every element, wherever it stands."""

from dataclasses import replace

import pytest
from fhir_sample import Json, bundle, coded, document, patient, practitioner, raw, reference

from gateway.mapping.fhir.taken.read import understand_fhir
from gateway.records.intake.reading import DEFAULT_READING

STRICT = replace(DEFAULT_READING, strict=True)
NAME: Json = {"use": "official", "family": "PATTE"}
HOUSE = "managingOrganization"


def told(resource: Json) -> set[tuple[str, str]]:
    """What a strict reading says and an ingestion does not."""
    found = understand_fhir(raw(resource), STRICT).findings
    mild = set(understand_fhir(raw(resource), DEFAULT_READING).findings)
    return {(one.code, one.where) for one in found if one not in mild}


def of_patient(**changes: object) -> set[tuple[str, str]]:
    """Of the patient that a DocumentReference contains, less where it stands."""
    start = "DocumentReference.contained[0]."
    people = [patient() | changes, practitioner()]
    found = told(reference(contained=people, custodian={"display": "Labo"}))
    plain = told(reference(contained=[patient(), practitioner()], custodian={"display": "Labo"}))
    return {(code, where.removeprefix(start)) for code, where in found - plain}


@pytest.mark.parametrize(
    ("changes", "code", "where"),
    [
        ({"telecom": [{"system": "mobile", "value": "1"}]}, "fhir-code", "telecom[0].system"),
        ({"address": [{"type": "home"}]}, "fhir-code", "address[0].type"),
        ({"active": "true"}, "fhir-type", "active"),
        ({"language": None}, "fhir-null", "language"),
        ({"multipleBirthInteger": "2"}, "fhir-type", "multipleBirthInteger"),
        ({"implicitRules": "https://a b.example"}, "fhir-type", "implicitRules"),
        ({"deceasedDateTime": 5}, "fhir-type", "deceasedDateTime"),
        ({"meta": {"lastUpdated": 5.5}}, "fhir-type", "meta.lastUpdated"),
        ({HOUSE: {"reference": "Patient/1"}}, "fhir-reference", HOUSE),
        ({HOUSE: {"reference": "urn:uuid:1", "type": "Patient"}}, "fhir-reference", HOUSE),
    ],
)
def test_an_element_of_what_is_contained_is_as_r4_has_it(
    changes: Json, code: str, where: str
) -> None:
    assert (code, where) in of_patient(**changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"name": [NAME | {"given": ["Ana", None], "_given": [None, {"id": "g"}]}]},
        {"implicitRules": "https://exemple.fr/é"},
        {HOUSE: {"reference": "https://a.fr/fhir/Organization/1"}},
        {HOUSE: {"reference": "urn:uuid:x"}},
        {"active": True, "multipleBirthInteger": 2},
    ],
)
def test_what_r4_allows_is_not_told(changes: Json) -> None:
    assert of_patient(**changes) == set()


@pytest.mark.parametrize("urn", ["urn:oid:1.2.x", "urn:oid:01.2", "urn:uuid:1"])
def test_an_oid_and_a_uuid_have_their_form(urn: str) -> None:
    category = [coded(urn, "10")]
    place = "DocumentReference.category[0].coding[0].system"
    assert ("fhir-type", place) in told(reference(category=category))


def test_a_patient_is_the_subject_and_no_observation() -> None:
    wrong = reference(subject={"reference": "Observation/1"})
    assert ("fhir-reference", "DocumentReference.subject") in told(wrong)
    for right in ("Patient/1", "https://exemple.fr/fhir/Patient/1", "urn:uuid:x"):
        found = told(reference(subject={"reference": right}))
        assert "fhir-reference" not in {code for code, _ in found}


def observation(comparator: str, div: str) -> set[str]:
    sent = {
        "resourceType": "Observation",
        "status": "final",
        "code": coded("http://loinc.org", "29463-7"),
        "valueQuantity": {"value": 5, "comparator": comparator, "unit": "g"},
        "text": {
            "status": "generated",
            "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{div}</div>',
        },
    }
    return {where for code, where in told(sent) if code in ("fhir-code", "fhir-txt-2")}


def test_a_comparator_and_a_blank_narrative_are_told() -> None:
    wrong = {"Observation.valueQuantity.comparator", "Observation.text.div"}
    assert observation("=>", " <p/>") == wrong
    assert observation(">=", "<p>5 g</p>") == observation("<", '<img src="#x"/>') == set()


def test_a_full_url_of_a_server_bears_the_type_and_the_id_of_its_resource() -> None:
    sent = document(practitioner())
    entry = sent["entry"][3]
    place = ("bundle-full-url", "Bundle.entry[3].fullUrl")
    for url, wrong in (
        ("https://a.fr/fhir/Practitioner/author", False),
        ("https://a.fr/fhir/Practitioner/other", True),
        ("https://a.fr/fhir/Patient/author", True),
        ("https://a.fr/author", False),
    ):
        entry["fullUrl"] = url
        assert (place in told(sent)) == wrong, url


def test_a_transaction_may_name_what_gets_its_id_from_the_server() -> None:
    sent = bundle()
    sent["entry"][1]["resource"]["id"] = "own"
    text = raw(sent).decode().replace(sent["entry"][1]["fullUrl"], "https://a.fr/List/x")
    found = understand_fhir(text.encode(), STRICT).findings
    assert "bundle-full-url" not in {one.code for one in found}
