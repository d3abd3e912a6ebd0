"""A concept in several terminologies: which of its codings is the one that XDS has."""

import pytest
from fhir_sample import BINARY, MHD, NOS, REFERENCE, Json, bundle, raw, reference

from gateway.mapping.fhir.taken.read import understand_fhir
from gateway.mapping.fhir.taken.resources.measures import read_observation
from gateway.mapping.fhir.values import chosen_code
from gateway.records.documents.document import Document
from gateway.records.intake.reading import DEFAULT_READING

LOCAL: Json = {"system": "https://hopital.example/secteurs", "code": "CONS"}
SNOMED: Json = {"system": "http://snomed.info/sct", "code": "408467006"}
SETTING: Json = {"system": f"{NOS}/TRE_A01-CadreExercice/FHIR/x", "code": "AMBULATOIRE"}
BY_OID: Json = {"system": "urn:oid:1.2.250.1.213.1.1.4.9", "code": "AMBULATOIRE"}


def understood(resource: Json) -> Document:
    return understand_fhir(raw(resource), DEFAULT_READING).documents[0]


@pytest.mark.parametrize(
    ("codings", "code"),
    [
        ([LOCAL, SNOMED, SETTING], "AMBULATOIRE"),
        ([LOCAL, BY_OID], "AMBULATOIRE"),
        ([LOCAL, SNOMED], "408467006"),
        ([LOCAL, {"system": "https://hopital.example/x", "code": "AUTRE"}], "CONS"),
        ([{"system": SETTING["system"]}, LOCAL], "CONS"),
        ([], None),
    ],
)
def test_a_known_terminology_comes_before_the_senders_own(
    codings: list[Json], code: str | None
) -> None:
    assert chosen_code({"coding": codings}) == code


def test_facility_setting_and_events_are_told_in_known_terminologies() -> None:
    facility = {"system": f"{NOS}/TRE_R02-SecteurActivite/FHIR/x", "code": "SA01"}
    act = {"system": "urn:oid:1.2.250.1.213.2.5", "code": "JQGA003"}
    context = reference()["context"] | {
        "facilityType": {"coding": [LOCAL, facility]},
        "practiceSetting": {"coding": [LOCAL, SETTING]},
        "event": [{"coding": [LOCAL, act]}, {"coding": [LOCAL]}],
    }
    document = understood(reference(context=context))
    assert (document.facility_type, document.practice_setting) == ("SA01", "AMBULATOIRE")
    assert document.event_codes == ("JQGA003", "CONS")


def test_the_content_type_of_a_lot_is_told_in_a_known_terminology() -> None:
    sent = bundle()
    url = f"{MHD}/StructureDefinition/ihe-designationType"
    kind = {"system": f"{NOS}/TRE_A00-ProducteurDocNonPS/FHIR/x", "code": "07"}
    lot = sent["entry"][0]["resource"]
    told = next(one for one in lot["extension"] if one["url"] == url)
    told["valueCodeableConcept"] = {"coding": [LOCAL, kind]}
    submission = understand_fhir(raw(sent), DEFAULT_READING).submission
    assert submission is not None
    assert submission.content_type == "07"


def test_an_observation_is_told_by_its_loinc_code() -> None:
    loinc = {"system": "http://loinc.org", "code": "8867-4", "display": "Fréquence cardiaque"}
    read = read_observation({"code": {"coding": [LOCAL, loinc]}})
    assert (read.code, read.text) == ("8867-4", "Fréquence cardiaque")
    assert read_observation({"code": {"coding": [LOCAL]}}).code == "CONS"


def test_a_uuid_in_capitals_leads_to_what_it_names() -> None:
    text = raw(bundle()).decode()
    for one in (REFERENCE, BINARY):
        text = text.replace(f'"fullUrl": "{one}"', f'"fullUrl": "{one.upper()}"')
    assert text.count("URN:UUID:") == 2
    answer = understand_fhir(text.encode(), DEFAULT_READING)
    assert answer.findings == understand_fhir(raw(bundle()), DEFAULT_READING).findings
    assert answer.contents[0].body == b"Tout va bien."
