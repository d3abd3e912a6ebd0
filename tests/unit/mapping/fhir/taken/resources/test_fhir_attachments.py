"""What an attachment says of its bytes, in whatever form, and where its faults are told."""

import copy
import json

import pytest
from fhir_sample import TEXT, Json, attachment, bundle, raw, reference

from gateway.mapping.fhir.taken.read import understand_fhir
from gateway.records.intake.finding import Verdict
from gateway.records.intake.reading import DEFAULT_READING
from gateway.records.intake.understanding import Understanding


def with_size(written: str) -> Understanding:
    sent = reference(content=[{"attachment": attachment() | {"size": "@"}}])
    return understand_fhir(raw(sent).replace(b'"@"', written.encode()), DEFAULT_READING)


@pytest.mark.parametrize("form", ["{}", "{}.0", "{}e0", "{}.00E+0"])
def test_a_number_is_its_value_in_any_form(form: str) -> None:
    assert with_size(form.format(len(TEXT))).documents[0].size_ok is True
    false = with_size(form.format(len(TEXT) + 1))
    assert [one.code for one in false.findings] == ["size-mismatch"]
    assert false.verdict is Verdict.HOLD


@pytest.mark.parametrize("written", [f"{len(TEXT)}.5", f'"{len(TEXT)}"', "true", "[]", "{}", '""'])
def test_a_size_of_another_type_is_a_false_one(written: str) -> None:
    assert [one.code for one in with_size(written).findings] == ["size-mismatch"]


@pytest.mark.parametrize("said", [["x"], {}, 7, True])
def test_a_hash_of_another_type_is_a_false_one(said: object) -> None:
    sent = reference(content=[{"attachment": attachment() | {"hash": said}}])
    answer = understand_fhir(raw(sent), DEFAULT_READING)
    assert [one.code for one in answer.findings] == ["hash-mismatch"]


def test_null_says_nothing() -> None:
    sent = reference(content=[{"attachment": attachment() | {"hash": None, "size": None}}])
    answer = understand_fhir(json.dumps(sent).encode(), DEFAULT_READING)
    assert (answer.verdict, answer.documents[0].hash_ok) == (Verdict.ACCEPT, None)


def test_a_fault_in_a_transaction_is_told_at_its_entry() -> None:
    sent: Json = bundle()
    second = copy.deepcopy(sent["entry"][1])
    second["fullUrl"] = "urn:uuid:00000000-0000-4000-8000-000000000008"
    second["resource"]["masterIdentifier"]["value"] += "1"
    second["resource"]["content"][0]["attachment"]["hash"] = "AAAA"
    second["resource"]["date"] = "yesterday"
    sent["entry"].append(second)
    item = {"item": {"reference": second["fullUrl"]}}
    sent["entry"][0]["resource"]["entry"].append(item)
    answer = understand_fhir(raw(sent), DEFAULT_READING)
    assert {one.where for one in answer.findings} == {
        "Bundle.entry[3].resource.content[0].attachment.hash",
        "Bundle.entry[3].resource.date",
    }
