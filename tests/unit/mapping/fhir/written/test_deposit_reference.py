"""What a page of ours writes of a file is what the FHIR door reads of it, field by field."""

from dataclasses import replace

import pytest

from gateway.mapping.fhir.taken.read import understand_fhir
from gateway.mapping.fhir.written.deposit import FileBrought, reference_with
from gateway.mapping.files.enclosed import media_type_of
from gateway.mapping.labels.choosing import types_named
from gateway.records.documents.document import Author, BodyKind, Label
from gateway.records.intake.finding import Verdict
from gateway.records.intake.reading import Reading
from gateway.records.patients.patient import PatientIdentity

CLAIRE = PatientIdentity(
    ins="284037511604282",
    ins_oid="1.2.250.1.213.1.4.10",
    birth_family="DURAND",
    birth_given="Claire",
    birth_givens="Claire Marie",
    birth_date="1984-03-12",
    sex="F",
    birth_place="75116",
    traits_complete=True,
)
ROUX = Author(
    kind="person",
    id="801234567890",
    id_system="1.2.250.1.71.4.2.1",
    family="Dr Anne Roux",
    specialty="G15_10/SM26",
    organization_id="1750000001",
    organization_name="Cabinet des Charmes",
)
BROUGHT = FileBrought(
    unique_id="urn:uuid:6f1b0a5c-8b1e-5a51-9d8c-2f0f6a0c1d2e",
    patient=CLAIRE,
    author=ROUX,
    mime_type="text/plain",
    body="Tout va bien, Zoé.".encode(),
    codes=("N", "INVISIBLE_PATIENT", "MASQUE_PS"),
    type_code="11488-4",
    type_system="2.16.840.1.113883.6.1",
    type_display="CR ou fiche de consultation ou de visite",
    title="Consultation de mars",
    act_date="2026-03-10",
)


@pytest.mark.parametrize("strict", [False, True])
def test_everything_that_was_said_is_read_back(strict: bool) -> None:
    understood = understand_fhir(reference_with(BROUGHT), Reading())
    assert understood.verdict is Verdict.ACCEPT, understood.findings
    one = understood.documents[0]
    assert (one.patient, one.authors) == (CLAIRE, (ROUX,))
    assert (one.title, one.type_code, one.label) == (BROUGHT.title, "11488-4", Label.CPT_REND)
    assert (one.service_start, one.creation_time) == ("2026-03-10", "2026-03-10")
    assert one.confidentiality == BROUGHT.codes
    assert one.unique_id == "6f1b0a5c-8b1e-5a51-9d8c-2f0f6a0c1d2e"
    assert (one.body, understood.contents[0].body) == (BodyKind.TEXT, BROUGHT.body)
    if strict:
        again = understand_fhir(reference_with(BROUGHT), Reading(strict=True))
        assert not [one for one in again.findings if one.code.startswith("fhir-model")]


def test_the_same_words_make_the_same_bytes() -> None:
    assert reference_with(BROUGHT) == reference_with(replace(BROUGHT))


def test_a_person_without_all_traits_is_named_by_a_bare_ins() -> None:
    unknown = replace(CLAIRE, sex=None)
    one = understand_fhir(reference_with(replace(BROUGHT, patient=unknown)), Reading())
    assert one.documents[0].patient.ins == CLAIRE.ins
    assert one.documents[0].patient.birth_family is None
    assert one.verdict is Verdict.HOLD, "settled by the patient index"


@pytest.mark.parametrize(
    ("replaces", "read"), [("ab" * 16, "ab" * 16), ("1.2.250.1.999^7", "1.2.250.1.999^7")]
)
def test_what_it_replaces_is_ours_by_id_or_another_by_its_unique_id(
    replaces: str, read: str
) -> None:
    made = reference_with(replace(BROUGHT, replaces=replaces))
    assert understand_fhir(made, Reading()).documents[0].replaces == read


@pytest.mark.parametrize(
    ("body", "mime"),
    [
        (b"%PDF-1.7 x", "application/pdf"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\nx", "image/png"),
        (b"II*\x00", "image/tiff"),
        (b"\xef\xbb\xbf<ClinicalDocument/>", "text/xml"),
        (b" \n<?xml version='1.0'?>", "text/xml"),
        (b"Bonjour", "text/plain"),
        (b"PK\x03\x04\x00\x00", None),
    ],
)
def test_a_file_is_what_its_bytes_say(body: bytes, mime: str | None) -> None:
    assert media_type_of(body) == mime


@pytest.mark.parametrize(
    ("words", "code"),
    [("imagerie médicale", "18748-4"), ("CERTIF", "89601-9"), ("", "11502-2"), ("ald", "PROT_ALD")],
)
def test_types_are_found_by_the_beginnings_of_their_words(words: str, code: str) -> None:
    assert code in {one.code for one in types_named(words)}


def test_only_types_that_the_dmp_takes_are_offered() -> None:
    codes = {one.code for one in types_named("")}
    assert "11528-7" not in codes, "retired"
    assert types_named("zzz") == []
