"""Codes of confidentiality at every door: the value set's, or nothing is taken."""

from dataclasses import replace

import pytest

from gateway.mapping.datatypes.confidentiality import with_known_codes
from gateway.records.documents.document import Document
from gateway.records.intake.finding import Finding, Severity, Verdict
from gateway.records.intake.understanding import Format, Understanding
from gateway.records.patients.patient import PatientIdentity
from gateway.records.readers.access import CODES

HIDDEN = "INVISIBLE_REPRESENTANTS_LEGAUX"


def understood(*codes: str) -> Understanding:
    document = Document(patient=PatientIdentity(), sha256="ab" * 32, confidentiality=codes)
    return Understanding(format=Format.FHIR, verdict=Verdict.ACCEPT, documents=(document,))


@pytest.mark.parametrize("code", [*sorted(CODES), "U", "L", "M"])
def test_what_the_rules_or_hl7_name_is_taken_as_it_is(code: str) -> None:
    assert with_known_codes(understood("N", code)) == understood("N", code)


def test_the_known_misspelling_is_mended_once() -> None:
    found = with_known_codes(understood("N", "INVISIBLE_REPRENSANTS_LEGAUX", HIDDEN))
    assert found.verdict is Verdict.ACCEPT
    assert found.documents[0].confidentiality == ("N", HIDDEN)


@pytest.mark.parametrize("code", ["X", "n", "masque_ps", "MASQUE_PS ", "", "17621005", "💥"])
def test_any_other_is_refused_with_what_to_send(code: str) -> None:
    found = with_known_codes(understood("N", code))
    assert found.verdict is Verdict.REFUSE
    assert [one.code for one in found.findings] == ["confidentiality-unknown"]
    assert HIDDEN in found.findings[0].message


@pytest.mark.parametrize(
    ("form", "where"),
    [
        (Format.FHIR, "DocumentReference.securityLabel"),
        (Format.HL7V2, "OBX-5"),
        (Format.XDM, "METADATA.XML: confidentialityCode"),
        (Format.CDA, "/ClinicalDocument/confidentialityCode"),
    ],
)
def test_the_place_is_named_in_the_format_that_was_sent(form: Format, where: str) -> None:
    found = with_known_codes(replace(understood("N", "X"), format=form))
    assert [one.where for one in found.findings] == [where]


def test_what_is_refused_already_is_told_once() -> None:
    wrong = Finding(code="cda-h10", severity=Severity.ERROR, where="/", message="Mend it.")
    one = replace(understood("X"), verdict=Verdict.REFUSE, findings=(wrong,))
    assert with_known_codes(one) == one
