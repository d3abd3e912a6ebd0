"""Observation and Device of the measures guide, in and out (VAULT MEA-09)."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import orjson
import pytest
from fhir.resources.R4B import get_fhir_model_class

from gateway.mapping.fhir.json import load_json
from gateway.mapping.fhir.measures.bundle import is_of_measures, read_bundle, response_of
from gateway.mapping.fhir.measures.emit import measure_observation
from gateway.mapping.fhir.measures.read import Life, Sent, read_observation
from gateway.records.entries.entry import Entry, Source, Writer, WriterRole
from gateway.records.entries.kind import EntryKind
from gateway.records.entries.measure import Measure
from gateway.records.patients.patient import PatientKey

NOW = datetime(2026, 3, 12, 7, 12, tzinfo=UTC)
LIFE = Life("1984-03-12", NOW)
GUIDE = "https://interop.esante.gouv.fr/ig/fhir/mesures/StructureDefinition/"
TRE_A04 = "https://mos.esante.gouv.fr/NOS/TRE_A04-Loinc/FHIR/TRE-A04-Loinc"
SUBJECT = {"identifier": {"system": "urn:oid:1.2.250.1.213.1.4.10", "value": "1"}}
UCUM = "http://unitsofmeasure.org"


def quantity(value: object, unit: str) -> dict[str, Any]:
    return {"value": value, "unit": unit, "system": UCUM, "code": unit}


def observation(
    code: str = "2345-7", value: object = 112, unit: str = "mg/dL", **more: Any
) -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": code}]},
        "subject": SUBJECT,
        "effectiveDateTime": "2026-03-12T07:12:00+01:00",
        "valueQuantity": quantity(value, unit),
        **more,
    }


def moment(code: str) -> dict[str, Any]:
    coding = {"system": TRE_A04, "code": code}
    url = f"{GUIDE}mesures-moment-of-measurement"
    return {"url": url, "valueCodeableConcept": {"coding": [coding]}}


def days(words: str) -> dict[str, Any]:
    concept = {"coding": [{"code": "GEN-275", "display": words}]}
    return {"url": f"{GUIDE}mesures-number-of-days", "valueCodeableConcept": concept}


def pressure(high: object, low: object, unit: str = "mm[Hg]", **more: Any) -> dict[str, Any]:
    parts = (("8480-6", high), ("8462-4", low))
    made = observation("85354-9", **more)
    made["component"] = [
        {
            "code": {"coding": [{"system": "http://loinc.org", "code": code}]},
            "valueQuantity": quantity(value, unit),
        }
        for code, value in parts
    ]
    del made["valueQuantity"]
    return made


def read(resource: dict[str, Any]) -> Sent:
    return read_observation(load_json(orjson.dumps(resource), max_bytes=100_000), LIFE)


def measure(resource: dict[str, Any]) -> Measure:
    found = read(resource)
    assert found.measure is not None, found.findings
    return found.measure


def refused(resource: dict[str, Any]) -> str:
    found = read(resource)
    assert found.measure is None
    return found.findings[0].code


def test_a_glycemie_keeps_what_was_sent_with_its_moment_and_reason() -> None:
    reason = {"url": f"{GUIDE}mesures-reason-for-measurement", "valueString": "Malaise"}
    one = read(
        observation(
            "15074-8",
            7.0,
            "mmol/L",
            extension=[reason, moment("53049-3")],
            note=[{"text": "avant le sport"}],
            identifier=[{"system": "urn:oid:1.2.3", "value": "g-1"}],
        )
    )
    assert one.identifier == "urn:oid:1.2.3|g-1"
    assert one.subject == SUBJECT
    assert one.measure == Measure(
        code="2345-7",
        value="126",
        unit="mg/dL",
        time=datetime(2026, 3, 12, 6, 12, tzinfo=UTC),
        sent_code="15074-8",
        sent_value="7.0",
        sent_unit="mmol/L",
        moment="53049-3",
        reason="Malaise",
        comment="avant le sport",
    )


def test_a_tension_is_its_two_parts_in_one_unit() -> None:
    one = measure(pressure(13, 8, "cm[Hg]"))
    assert (one.value, one.value2, one.unit) == ("130", "80", "mm[Hg]")
    assert (one.sent_value, one.sent_value2, one.sent_unit) == ("13", "8", "cm[Hg]")


def test_the_same_value_sent_twice_is_the_same_however_it_is_written() -> None:
    once, again = observation(value=112), observation(value=112.0)
    again["effectiveDateTime"] = "2026-03-12T06:12:00Z"
    assert measure(once).same() == measure(again).same()
    assert measure(once).same() != measure(observation(value=113)).same()


def test_a_day_without_an_hour_is_kept_as_a_day() -> None:
    one = measure(observation("29463-7", 71, "kg", effectiveDateTime="2026-03-12"))
    assert (one.is_day, one.time) == (True, datetime(2026, 3, 12, tzinfo=UTC))


def test_a_mean_says_over_how_many_days() -> None:
    one = measure(observation("99504-3", 140, extension=[days("14j")]))
    assert one.days == 14
    assert refused(observation("99504-3", 140)) == "measure-days"
    assert refused(observation("99504-3", 140, extension=[days("0j")])) == "measure-days"


@pytest.mark.parametrize(
    ("resource", "code"),
    [
        (observation(unit="lb"), "unit-unknown"),
        (observation("4548-4", 92), "unit-unknown"),
        (observation("29463-7", 6500, "kg"), "measure-outside"),
        (observation("72514-3", 4.5, "{score}"), "measure-whole"),
        (observation("72514-3", 11, "1"), "measure-outside"),
        (pressure(80, 130), "measure-order"),
        (pressure(90, 90), "measure-order"),
        (observation("85354-9"), "measure-number"),
        (observation(valueQuantity={"value": 40, "comparator": "<"}), "measure-number"),
        (observation(valueQuantity={"value": "112", "code": "mg/dL"}), "measure-number"),
        (observation(valueQuantity={"value": True, "code": "mg/dL"}), "measure-number"),
        (observation(valueQuantity={}), "measure-number"),
        (observation("3016-3", 2, "mU/L"), "measure-unknown"),
        (observation(status="entered-in-error"), "measure-status"),
        (observation(status="preliminary"), "measure-status"),
        (observation(effectiveDateTime="2026-03"), "measure-time"),
        (observation(effectiveDateTime="1984-03-11"), "measure-time"),
        (observation(effectiveDateTime="2026-03-12T07:18:00Z"), "measure-time"),
        (observation(effectiveDateTime=None), "measure-time"),
        (observation("39156-5", 22, "kg/m2"), "measure-computed"),
    ],
)
def test_what_is_no_measure_is_refused_by_name(resource: dict[str, Any], code: str) -> None:
    assert refused(resource) == code


def test_a_clock_five_minutes_fast_is_taken() -> None:
    assert measure(observation(effectiveDateTime="2026-03-12T07:17:00Z"))


def transaction(*resources: dict[str, Any], method: str = "POST") -> dict[str, Any]:
    entries = [
        {
            "fullUrl": f"urn:uuid:0000000{number}-0000-4000-8000-000000000000",
            "resource": one,
            "request": {"method": method, "url": one["resourceType"]},
        }
        for number, one in enumerate(resources)
    ]
    made = {"resourceType": "Bundle", "type": "transaction", "entry": entries}
    return load_json(orjson.dumps(made), max_bytes=1_000_000)


DEVICE = {
    "resourceType": "Device",
    "id": "d1",
    "identifier": [{"system": "urn:oid:1.2.840", "value": "FE-ED"}],
    "manufacturer": "Essai",
    "modelNumber": "B-1",
    "deviceName": [{"name": "Ma balance", "type": "patient-reported-name"}],
}


def test_a_bundle_of_device_and_observation_is_read_with_what_measured() -> None:
    weight = observation("29463-7", 71, "kg", device={"reference": "Device/d1"})
    bundle = transaction(DEVICE, weight, observation("39156-5", 22, "kg/m2"))
    assert is_of_measures(bundle)
    sent, wrong = read_bundle(bundle, LIFE)
    assert wrong == []
    assert sent[0].measure is not None
    assert sent[0].measure.device == "Ma balance Essai B-1"
    assert sent[0].measure.device_id == "urn:oid:1.2.840|FE-ED"
    answer = response_of(bundle, sent, {sent[0].where: ("m-1", True)})
    assert [one["response"]["status"] for one in answer["entry"]] == [
        "200 OK",
        "201 Created",
        "200 OK",
    ]
    assert answer["entry"][1]["response"]["location"] == "Observation/m-1"
    told = answer["entry"][2]["response"]["outcome"]["issue"][0]
    assert told["details"]["text"] == "measure-computed"


def test_one_wrong_entry_refuses_the_whole_bundle() -> None:
    _, wrong = read_bundle(transaction(observation(), observation(value=9000)), LIFE)
    assert [(one.code, one.where) for one in wrong] == [
        ("measure-outside", "Bundle.entry[1].resource.valueQuantity")
    ]
    _, wrong = read_bundle(transaction(observation(), method="PUT"), LIFE)
    assert [one.code for one in wrong] == ["bundle-request"]


def test_a_deposit_is_no_bundle_of_measures() -> None:
    assert not is_of_measures(transaction(observation(), {"resourceType": "DocumentReference"}))
    assert not is_of_measures(transaction(DEVICE))
    assert not is_of_measures({"resourceType": "Bundle", "type": "document"})


def entry(one: Measure, **more: Any) -> Entry:
    return Entry(
        id="e1",
        patient=PatientKey(b"\1" * 32),
        kind=EntryKind.MEASURE,
        content=one,
        added_at=NOW,
        written_at=NOW,
        **{"writer": Writer(role=WriterRole.SELF), **more},
    )


def emitted(one: Measure, **more: Any) -> dict[str, Any]:
    made = measure_observation(entry(one, **more), one, SUBJECT)
    get_fhir_model_class("Observation").model_validate_json(made)
    found: dict[str, Any] = orjson.loads(made)
    return found


def test_what_goes_out_says_its_source_who_gave_it_and_what_measured() -> None:
    sent = observation("15074-8", 7.0, "mmol/L", extension=[moment("53049-3")])
    one = measure(sent | {"device": {"display": "Mon lecteur"}})
    told = emitted(
        one,
        writer=Writer(role=WriterRole.APPLICATION, id="glyco", name="GlycoSuivi"),
        source=Source(application="glyco", identifier="urn:oid:1.2.3|g-1"),
    )
    assert told["meta"]["source"] == "Device/glyco"
    assert told["identifier"] == [{"system": "urn:oid:1.2.3", "value": "g-1"}]
    assert told["device"] == {"display": "Mon lecteur"}
    assert told["performer"][0]["identifier"]["value"] == "1"
    assert told["valueQuantity"]["value"] == 126
    assert told["note"] == [{"text": "Valeur d'origine : 7,0 mmol/L"}]
    assert told["extension"][0]["valueCodeableConcept"]["coding"][0]["code"] == "53049-3"


def test_what_goes_out_comes_in_again_as_the_same_measure() -> None:
    for one in (
        measure(observation("99504-3", 140, extension=[days("14j")])),
        measure(pressure(135, 80)),
        measure(observation("29463-7", 71.25, "kg", effectiveDateTime="2026-03-12")),
    ):
        assert measure(emitted(one)).same() == one.same()
        assert measure(emitted(one)).days == one.days


def test_a_document_and_a_professional_are_named_as_the_source() -> None:
    one = measure(observation("29463-7", 71, "kg"))
    of_document = emitted(
        one,
        writer=Writer(role=WriterRole.DOCUMENT, name="Dr Essai"),
        source=Source(document="doc1"),
    )
    assert of_document["meta"]["source"] == "DocumentReference/doc1"
    assert of_document["derivedFrom"] == [{"reference": "DocumentReference/doc1"}]
    by_hand = emitted(one, writer=Writer(role=WriterRole.PROFESSIONAL, id="899", name="Dr Roux"))
    assert by_hand["performer"][0]["display"] == "Dr Roux"
    assert by_hand["meta"]["source"] == "Practitioner/899"
    assert Decimal(str(by_hand["valueQuantity"]["value"])) == 71
