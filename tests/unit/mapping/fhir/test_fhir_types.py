"""The type of a document: the coding that counts, and the OID of its system."""

import pytest
from fhir_sample import NOS, Json, coded, raw, reference

from gateway.mapping.fhir.taken.read import understand_fhir
from gateway.mapping.fhir.types import Kind, kind_of
from gateway.mapping.fhir.values import system_oid
from gateway.records.documents.document import Label
from gateway.records.intake.reading import DEFAULT_READING

TRE_A05 = f"{NOS}/TRE_A05-TypeDocComplementaireCISIS/FHIR/TRE-A05-TypeDocComplementaireCISIS"
JDV_J66 = f"{NOS}/JDV_J66-TypeCode-DMP/FHIR/JDV-J66-TypeCode-DMP"
LOINC, SNOMED = "http://loinc.org", "http://snomed.info/sct"
LOINC_OID, TRE_A05_OID = "2.16.840.1.113883.6.1", "1.2.250.1.213.1.1.4.12"


@pytest.mark.parametrize(
    ("system", "oid"),
    [
        (TRE_A05, TRE_A05_OID),
        (f"{NOS}/TRE_A04-TypeDocument-LOINC/FHIR/TRE-A04-TypeDocument-LOINC", LOINC_OID),
        (f"{NOS}/TRE_A12-NomenclatureASTM/FHIR/TRE-A12-NomenclatureASTM", "ASTM"),
        ("https://smt.esante.gouv.fr/fhir/CodeSystem/TRE-A05-x", TRE_A05_OID),
        (JDV_J66, "1.2.250.1.213.1.1.5.7"),
        (f"urn:oid:{TRE_A05_OID}", TRE_A05_OID),
        (LOINC, LOINC_OID),
        (None, None),
    ],
)
def test_a_system_is_known_by_its_oid(system: str | None, oid: str | None) -> None:
    assert system_oid(system) == oid


@pytest.mark.parametrize(
    "system", [f"{NOS}/TRE_A053-x", f"{NOS}/TRE_Z99-x", "https://example.org/NOS/TRE_A05-x", "f"]
)
def test_a_system_that_is_not_known_stays_what_came(system: str) -> None:
    assert system_oid(system) == system


@pytest.mark.parametrize(
    ("code", "label"),
    [
        ("PRESC-AAT", Label.CERT_MED),
        ("DOCPAT05", Label.BIOLOGIE),
        ("EXPPAT_3", Label.AUTR_DOC),
        ("CERT_DECL", Label.CERT_MED),
    ],
)
def test_a_french_type_has_one_label_by_its_url_and_by_its_oid(code: str, label: Label) -> None:
    for system in (TRE_A05, f"urn:oid:{TRE_A05_OID}", JDV_J66):
        sent = raw(reference(type=coded(system, code), category=None))
        [document] = understand_fhir(sent, DEFAULT_READING).documents
        assert (document.type_system, document.label) == (TRE_A05_OID, label)
        assert document.label_rule == f"type:{code}"


def test_a_coding_of_the_value_sets_goes_before_another() -> None:
    other, ours = coded(SNOMED, "4241000179101"), coded(LOINC, "11502-2")
    both: Json = {"coding": [*other["coding"], *ours["coding"]]}
    assert kind_of(both) == Kind("11502-2", LOINC_OID)
    assert kind_of(other) == Kind("4241000179101", "2.16.840.1.113883.6.96")
    [document] = understand_fhir(raw(reference(type=both)), DEFAULT_READING).documents
    assert (document.type_code, document.label) == ("11502-2", Label.BIOLOGIE)


@pytest.mark.parametrize("concept", [None, {}, {"text": "CR", "coding": []}, {"coding": "x"}])
def test_a_type_without_a_coding_is_none(concept: object) -> None:
    assert kind_of(concept) == Kind()


def test_a_known_system_without_a_code_does_not_count() -> None:
    alone: Json = {"coding": [{"system": LOINC, "display": "CR"}]}
    assert kind_of(alone) == Kind(None, LOINC_OID, "CR")
    alone["coding"].append({"system": SNOMED, "code": "1"})
    assert kind_of(alone).code == "1"
