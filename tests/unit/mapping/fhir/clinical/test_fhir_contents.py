"""The coded contents of a document as FHIR: what is said of each, and valid whatever is in them."""

from dataclasses import replace
from typing import Any

import orjson
import pytest
from cda_entries import (
    DEVICE,
    FAMILY,
    ICD10,
    PCC,
    VACCINE,
    VISIT,
    act,
    allergy,
    code,
    concern,
    entry,
    inside,
    medicine,
    none_known,
    problem,
    section,
    told,
    vaccination,
)
from cda_sample import structured
from fhir.resources.R4B import get_fhir_model_class
from hypothesis import given, settings
from hypothesis import strategies as st
from shelved_sample import full_document, shelved

from gateway.mapping.cda import facts_in, read_cda
from gateway.mapping.fhir.clinical import Clinical, contents_of
from gateway.records.documents.document import Document
from gateway.records.documents.fact import Coded, Fact, FactKind, FactStatus, Provenance
from gateway.records.documents.observation import Observation
from gateway.records.intake.reading import DEFAULT_READING

ID = "a" * 32
CODED = {"unit": "mU/L", "system": "http://unitsofmeasure.org", "code": "mU/L"}
PROBLEM_TEMPLATE = f'<templateId root="{PCC}5"/>'
RESULT = Observation(
    "3016-3", "2.16.840.1.113883.6.1", "TSH", "1.9", "NM", "mU/L", "0.3 - 4.2", "H", "F",
    "2026-01-15T09:15:00Z", "18719-5", "Biochimie", "B7", "", "Labo fictif", "À contrôler",
)  # fmt: skip


def resources(entries: str, loinc: str = "11450-4", text: str = "") -> list[dict[str, Any]]:
    data = structured(sections=section(entries, loinc=loinc, text=text))
    read = read_cda(data, DEFAULT_READING)
    assert read.document is not None
    made = contents_of(shelved(read.document), list(read.observations), facts_in(data))
    return [valid(one) for one in made]


def valid(one: Clinical) -> dict[str, Any]:
    made: dict[str, Any] = orjson.loads(one.body)
    get_fhir_model_class(one.type).model_validate(made)
    assert (made["resourceType"], made["id"]) == (one.type, one.id)
    assert made["meta"]["source"].startswith(f"DocumentReference/{ID}")
    assert "versionId" not in made["meta"], "what is corrected later is no other version"
    return made


def one_result(document: Document | None = None, **changes: Any) -> dict[str, Any]:
    result = RESULT._replace(**changes)
    (made,) = contents_of(shelved(document or full_document()), [result], ())
    return valid(made)


@pytest.mark.parametrize("letter", ["a", "é", "𝄞", "\ud800"])
def test_a_text_longer_than_a_string_may_be_is_cut_and_says_so(letter: str) -> None:
    """R4 datatypes: a string has at most 1 MB; its document has it whole."""
    made = one_result(value_type="TX", value=letter * 2_000_000)
    assert len(made["valueString"].encode()) <= 1_048_576
    assert made["valueString"].endswith("… (la suite est dans le document)")
    assert one_result(value_type="TX", value="a" * 1_048_576)["valueString"] == "a" * 1_048_576


def test_a_result_keeps_value_unit_range_flag_time_and_laboratory() -> None:
    made = one_result()
    assert made["id"] == f"{ID}-r0"
    assert (made["status"], made["effectiveDateTime"]) == ("final", "2026-01-15T09:15:00Z")
    assert made["code"]["coding"][0] == {
        "system": "http://loinc.org", "code": "3016-3", "display": "TSH",
    }  # fmt: skip
    assert made["valueQuantity"]["value"] == 1.9
    assert made["valueQuantity"]["unit"] == "mU/L"
    assert made["referenceRange"][0]["text"] == "0.3 - 4.2"
    assert made["referenceRange"][0]["high"]["value"] == 4.2
    assert made["interpretation"][0]["coding"][0]["code"] == "H"
    assert made["performer"] == [{"display": "Labo fictif"}]
    assert made["note"] == [{"text": "À contrôler"}]
    assert made["category"][0]["coding"][0]["code"] == "laboratory"
    assert made["derivedFrom"] == [{"reference": f"DocumentReference/{ID}"}]


@pytest.mark.parametrize(
    ("kind", "value", "wanted"),
    [
        ("NM", "1.5", {"valueQuantity": {"value": 1.5} | CODED}),
        ("NM", "1,5", {"valueString": "1,5 mU/L"}),
        ("NM", "1e999", {"valueString": "1e999 mU/L"}),
        ("NM", "douze", {"valueString": "douze mU/L"}),
        ("SN", "< 5", {"valueQuantity": {"value": 5.0, "comparator": "<"} | CODED}),
        ("SN", "≥ 5", {"valueQuantity": {"value": 5.0, "comparator": ">="} | CODED}),
        ("SN", ">=5", {"valueQuantity": {"value": 5.0, "comparator": ">="} | CODED}),
        ("SN", "1 / 80", {"valueString": "1 / 80 mU/L"}),
        ("CE", "paille", {"valueCodeableConcept": {"text": "paille"}}),
        ("CWE", "paille", {"valueCodeableConcept": {"text": "paille"}}),
        ("TS", "2026-01-15", {"valueDateTime": "2026-01-15"}),
        ("TS", "2026-99-99", {"valueString": "2026-99-99"}),
        ("ST", "négatif", {"valueString": "négatif"}),
    ],
)
def test_a_value_is_a_number_only_where_it_is_one(
    kind: str, value: str, wanted: dict[str, Any]
) -> None:
    made = one_result(replace(full_document(), mime_type="x-application/hl7-v2+er7"),
                      value_type=kind, value=value)  # fmt: skip
    assert {name: one for name, one in made.items() if name.startswith("value")} == wanted


@pytest.mark.parametrize(
    ("words", "bound"),
    [("≤5", {"high": 5.0}), ("≥ 0.3", {"low": 0.3}), ("0.3-4.2", {"low": 0.3, "high": 4.2})],
)
def test_the_bounds_of_a_range_are_read_back_from_its_words(
    words: str, bound: dict[str, float]
) -> None:
    [made] = one_result(range=words)["referenceRange"]
    assert made.pop("text") == words
    assert {side: one["value"] for side, one in made.items()} == bound


def test_an_interval_is_a_range() -> None:
    made = one_result(value_type="SN", value="5 - 6")
    assert (made["valueRange"]["low"]["value"], made["valueRange"]["high"]["value"]) == (5, 6)


@pytest.mark.parametrize(("unit", "coded"), [("mU/L", True), ("UI/L", False), ("G/L", False)])
def test_a_unit_of_a_message_is_ucum_by_its_form_and_a_text_else(unit: str, coded: bool) -> None:
    assert one_result()["valueQuantity"]["system"] == "http://unitsofmeasure.org"
    message = replace(full_document(), mime_type="x-application/hl7-v2+er7")
    quantity = one_result(message, unit=unit)["valueQuantity"]
    assert (quantity["unit"], "system" in quantity) == (unit, coded)


def test_an_analysis_not_done_says_so() -> None:
    made = one_result(value="", status="X")
    assert made["status"] == "cancelled"
    assert made["dataAbsentReason"]["coding"][0]["code"] == "not-performed"


def test_earlier_results_and_the_comment_of_the_battery_are_notes() -> None:
    made = one_result(previous="1.1 mU/L (2025-01-15)", group_note="À jeun")
    assert [note["text"] for note in made["note"]] == [
        "À contrôler", "Résultats antérieurs : 1.1 mU/L (2025-01-15)", "À jeun",
    ]  # fmt: skip


def test_a_problem_and_its_absence() -> None:
    (made,) = resources(concern(problem()), text='<content ID="p1">Asthme ancien</content>')
    assert made["resourceType"] == "Condition"
    assert made["meta"]["source"].endswith("#p1")
    assert made["clinicalStatus"]["coding"][0]["code"] == "active"
    assert [one["code"] for one in made["code"]["coding"]] == ["J45", "195967001"]
    assert made["category"][0]["coding"][0]["code"] == "problem-list-item"
    assert (made["recorder"], made["note"]) == (
        {"display": "Lou TESTEUR"}, [{"text": "Asthme ancien"}],
    )  # fmt: skip
    (made,) = resources(concern(problem(attributes='negationInd="true"')))
    assert made["verificationStatus"]["coding"][0]["code"] == "refuted"


def test_an_allergy_with_its_reaction() -> None:
    hives = f"<observation>{code('L50', '1.2', 'urticaire', 'value')}"
    hives += told("SEV", code("24484000", "1.2", "sévère", "value")) + "</observation>"
    high = told("82606-5", code("high", "1.2", "Haut", "value"))
    (made,) = resources(concern(allergy(more=inside("MFST", hives) + high)), "48765-2")
    assert (made["category"], made["criticality"]) == (["medication"], "high")
    assert made["reaction"][0]["severity"] == "severe"
    assert made["reaction"][0]["manifestation"][0]["text"] == "urticaire"
    assert made["clinicalStatus"]["coding"][0]["code"] == "active"


def test_a_vaccination_given_refused_and_planned() -> None:
    (made,) = resources(entry(vaccination()), "11369-6")
    assert (made["status"], made["occurrenceDateTime"]) == ("completed", "2026-01-10")
    assert (made["lotNumber"], made["location"]["display"]) == ("LOT-7", "Cabinet fictif")
    assert made["protocolApplied"] == [{"doseNumberPositiveInt": 3, "series": "Rappel de vaccin"}]
    why = inside("RSON", f"<act>{code('PATOBJ', '1.2', 'refus du patient')}</act>")
    refused = vaccination('moodCode="EVN" negationInd="true"', why)
    (made,) = resources(entry(refused.replace('value="20260110"', 'nullFlavor="UNK"')))
    assert (made["status"], made["statusReason"]["text"]) == ("not-done", "refus du patient")
    assert made["occurrenceString"] == "date non renseignée"
    assert resources(entry(vaccination('moodCode="INT"'))) == [], "a plan is no immunization"


def test_treatments_acts_relatives_devices_and_stays() -> None:
    entries = entry(medicine()) + entry(act()) + entry(FAMILY) + entry(DEVICE) + entry(VISIT)
    taken, done, family, device, stay = resources(entries)
    assert (taken["status"], taken["dosage"][0]["text"]) == ("active", "2 {tablet}, 6 h")
    assert taken["reasonCode"][0]["text"] == "Angine de poitrine"
    assert (done["status"], done["performedDateTime"]) == ("completed", "2018-01-14")
    assert done["recorder"]["display"] == "Noa FICTIF"
    assert family["relationship"]["coding"][0]["code"] == "MTH"
    assert family["condition"][0]["code"]["text"] == "Drépanocytose"
    assert device["contained"][0]["type"]["text"] == "Stimulateur cardiaque"
    assert (stay["class"]["code"], stay["period"]["end"]) == ("IMP", "2019-05-30")


def test_that_none_is_known_is_no_refusal_no_refutation_and_no_vaccine() -> None:
    none = none_known("no-known-immunizations", "Pas de vaccin connu", "code")
    (made,) = resources(entry(vaccination().replace(VACCINE, none)), "11369-6")
    assert (made["status"], made["vaccineCode"]["text"]) == ("not-done", "Pas de vaccin connu")
    none = none_known("no-known-problems", "Pas de problème connu", "value")
    asked = '<observation moodCode="EVN" negationInd="true">' + PROBLEM_TEMPLATE
    (made,) = resources(concern(f"{asked}{none}</observation>"))
    assert made["code"]["text"] == "Pas de problème connu"
    assert "verificationStatus" not in made, "none is known, and that is not refuted"
    told_none = FAMILY.replace(code("D57.1", ICD10, "Drépanocytose", "value"), none)
    assert resources(entry(told_none)) == []


def test_an_end_before_its_start_is_left_out() -> None:
    (made,) = resources(entry(medicine('<low value="20260101"/><high value="20250101"/>')))
    assert made["effectivePeriod"] == {"start": "2026-01-01"}


texts = st.one_of(st.just(""), st.text(max_size=12), st.sampled_from(["N", "1.2.3", "12", "a b"]))
codes = st.builds(Coded, texts, texts, texts)
times = st.one_of(
    st.none(), texts, st.sampled_from(["2026", "2026-02-31", "2026-01-10", "2026-01-10T10:00Z"])
)


@settings(max_examples=150, deadline=None)
@given(st.tuples(*[texts] * len(Observation._fields)), times)
def test_any_result_makes_a_valid_observation(values: tuple[str, ...], time: str | None) -> None:
    for kind in ("NM", "SN", "CE", "TS", "ST"):
        one = Observation(*values)._replace(time=time, value_type=kind)
        for made in contents_of(shelved(full_document()), [one], ()):
            valid(made)


whereabouts = st.builds(
    Provenance, section=texts, section_title=texts, entry=texts, anchor=texts, words=texts,
    author=texts, organization=texts, time=times,
)  # fmt: skip
lists = st.lists(codes, max_size=2).map(tuple)
any_fact = st.builds(
    Fact, kind=st.sampled_from(list(FactKind)), what=codes, where=whereabouts,
    status=st.sampled_from(list(FactStatus)), negated=st.booleans(), also=lists, start=times,
    stop=times, kind_of=codes, severity=codes, certainty=codes, criticality=codes, reactions=lists,
    reasons=lists, route=codes, site=codes, relation=codes, dose=texts, frequency=texts, lot=texts,
    rank=st.one_of(st.none(), st.integers(0, 999)), performer=texts, place=texts, comment=texts,
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(any_fact)
def test_any_fact_makes_a_valid_resource_or_none(fact: Fact) -> None:
    for made in contents_of(shelved(full_document()), (), [fact]):
        valid(made)
