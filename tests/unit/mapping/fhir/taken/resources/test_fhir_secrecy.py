"""Who may see a document: what a deposit says of it is kept, or the deposit is refused."""

import pytest
from fhir_sample import Json, coded, document, raw, reference

from gateway.mapping.fhir.taken.read import understand_fhir
from gateway.records.intake.finding import Verdict
from gateway.records.intake.reading import DEFAULT_READING

NORMAL = coded("http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "N")
VISIBILITY = "https://mos.esante.gouv.fr/NOS/TRE_A07-StatutVisibiliteDocument/FHIR/x"
MASKED = {"security": [{"system": VISIBILITY, "code": "MASQUE_PS"}]}


def codes(sent: Json) -> tuple[str, ...]:
    (read,) = understand_fhir(raw(sent), DEFAULT_READING).documents
    return read.confidentiality


@pytest.mark.parametrize(
    "label",
    [
        [{"text": "MASQUE_PS"}],
        [NORMAL, {"text": "MASQUE_PS"}],
        [{"coding": [{"system": VISIBILITY, "display": "Masqué aux professionnels"}]}],
        [{"coding": [{"system": VISIBILITY, "code": 7}]}],
        [{"coding": []}],
        ["MASQUE_PS"],
        "MASQUE_PS",
        {},
    ],
)
def test_a_label_that_cannot_be_read_is_never_normal(label: object) -> None:
    answer = understand_fhir(raw(reference(securityLabel=label)), DEFAULT_READING)
    assert answer.verdict is Verdict.REFUSE
    (found,) = [one for one in answer.findings if one.code == "confidentiality-unknown"]
    assert found.where.startswith("DocumentReference.securityLabel[")


@pytest.mark.parametrize("label", [None, [], [NORMAL], NORMAL, [NORMAL, None]])
def test_no_label_and_a_label_of_one_code_are_taken(label: object) -> None:
    sent = reference() | {"securityLabel": label}
    assert understand_fhir(raw(sent), DEFAULT_READING).verdict is Verdict.ACCEPT
    assert codes(sent) == ("N",)


@pytest.mark.parametrize("system", ["http://snomed.info/sct", "http://terminology.hl7.org/x", ""])
def test_a_word_that_hides_does_so_in_any_system(system: str) -> None:
    assert codes(reference(securityLabel=[NORMAL, coded(system, "MASQUE_PS")])) == (
        "N",
        "MASQUE_PS",
    )
    assert codes(reference(securityLabel=[NORMAL, coded("http://snomed.info/sct", "1")])) == ("N",)


def test_what_a_resource_says_of_itself_hides_its_document_too() -> None:
    test = {"system": "http://terminology.hl7.org/CodeSystem/v3-ActReason", "code": "HTEST"}
    restricted = {"system": NORMAL["coding"][0]["system"], "code": "R"}
    assert codes(reference(meta=MASKED)) == ("N", "MASQUE_PS")
    assert codes(reference(meta={"security": [test, restricted]})) == ("N", "R")
    assert codes(document() | {"meta": MASKED}) == ("N", "MASQUE_PS")
    sent = document()
    sent["entry"][0]["resource"]["meta"] = MASKED
    assert codes(sent) == ("N", "MASQUE_PS")


@pytest.mark.parametrize("told", [["R"], {"coding": [{"code": "R"}]}, 7, " "])
def test_a_confidentiality_of_another_shape_is_refused(told: object) -> None:
    sent = document()
    sent["entry"][0]["resource"]["confidentiality"] = told
    answer = understand_fhir(raw(sent), DEFAULT_READING)
    assert answer.verdict is Verdict.REFUSE
    assert "Composition.confidentiality" in {one.where for one in answer.findings}
