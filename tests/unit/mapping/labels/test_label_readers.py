"""Every standard's reader looks into its document where codes and title do not settle the label."""

import base64
import json
from dataclasses import replace

import pytest
from cda_sample import MODEL, scanned, structured

from gateway.mapping.inspect import document_json
from gateway.mapping.labels.doubts import guessed
from gateway.mapping.understand import understand_all
from gateway.records.documents.document import Document, Label
from gateway.records.intake.finding import Severity, Verdict
from gateway.records.intake.reading import DEFAULT_READING
from gateway.records.intake.understanding import Understanding

CODE = ('code="11502-2"', 'code="XX9"'), ("CR d'examens biologiques", "Document")
NO_MODEL = (MODEL, "")
NOBODY = ("G15_10/SM03", "G15_10/SM26"), ("Labo fictif", "Cabinet fictif")
SILENT = (*CODE, ("CR fictif", "Document"), NO_MODEL, *NOBODY)


def understood(raw: bytes) -> Understanding:
    (one,) = understand_all(raw, DEFAULT_READING)
    return one


def labelled(raw: bytes) -> Document:
    (document,) = understood(raw).documents
    return document


def section(title: str, code: str = "", text: str = "Rien de vrai") -> str:
    coded = f'<code code="{code}" codeSystem="2.16.840.1.113883.6.1"/>' if code else ""
    return (
        f"<component><section>{coded}<title>{title}</title>"
        f"<text><paragraph>{text}</paragraph></text></section></component>"
    )


def mdm(body: bytes) -> bytes:
    data = base64.b64encode(body).decode()
    return (
        "MSH|^~\\&|RIS|1^1.2.250.1.999^ISO|GW|GW|20260115||MDM^T02^MDM_T02|C1|P|2.5\r"
        "EVN||20260115\rTXA|1|CN\r"
        f"OBX|1|ED|XX9^Document||^TEXT^XML^Base64^{data}||||||F\r"
    ).encode()


def test_the_sections_of_a_cda_speak_where_its_title_does_not() -> None:
    found = labelled(structured(*SILENT, sections=section("Biochimie", "18719-5")))
    assert (found.label, found.label_rule) == (Label.BIOLOGIE, "section:biology-chapter")


def test_the_first_words_of_a_cda_speak_where_its_sections_do_not() -> None:
    text = "Je soussigné, docteur Lou Testeur, certifie que tout va bien."
    found = labelled(structured(*SILENT, sections=section("Texte", text=text)))
    assert (found.label, found.label_rule) == (Label.CERT_MED, "text:soussigne")


def test_a_plain_text_in_a_cda_is_read_and_a_picture_is_not() -> None:
    body = "Cher confrère, merci de m'avoir adressé cette patiente.".encode()
    for media, rule in (("text/plain", "text:confrere"), ("application/pdf", "default")):
        file = scanned(body, media).decode()
        for before, after in SILENT:
            file = file.replace(before, after)
        assert labelled(file.encode()).label_rule == rule


def test_the_model_of_a_cda_says_more_than_its_words() -> None:
    found = labelled(structured(*CODE, ("CR fictif", "Document"), *NOBODY))
    assert (found.label, found.label_rule) == (Label.BIOLOGIE, "format:xd-lab")
    misnamed = labelled(structured(*CODE, ("CR fictif", "Ordonnance"), *NOBODY))
    assert (misnamed.label, misnamed.label_confidence) == (Label.BIOLOGIE, "medium")
    assert misnamed.label_doubt == "ORD_SOIN title:ordonnance"


def test_the_author_speaks_where_nothing_else_does() -> None:
    silent = (*CODE, ("CR fictif", "Document"), NO_MODEL)
    by_specialty = labelled(structured(*silent, NOBODY[1]))
    by_name = labelled(structured(*silent, NOBODY[0], ("Labo fictif", "LABO DU PORT")))
    for found in (by_specialty, by_name):
        assert (found.label, found.label_rule) == (Label.BIOLOGIE, "author:biologist")
        assert found.label_confidence == "low"


def test_a_cda_inside_an_hl7v2_message_is_labelled_alike() -> None:
    body = structured(*SILENT, sections=section("Biochimie", "18719-5"))
    assert labelled(mdm(body)).label_rule == "section:biology-chapter"


def test_a_fhir_composition_is_labelled_by_its_sections() -> None:
    composition = {
        "resourceType": "Composition",
        "status": "final",
        "type": {"coding": [{"system": "urn:oid:1.2.3", "code": "XX9"}]},
        "title": "Document",
        "section": [
            {"title": "Prescription", "code": {"coding": [{"code": "57828-6"}]}},
        ],
    }
    bundle = {
        "resourceType": "Bundle",
        "type": "document",
        "entry": [{"fullUrl": "urn:uuid:1", "resource": composition}],
    }
    found = labelled(json.dumps(bundle).encode())
    assert (found.label, found.label_rule) == (Label.ORD_SOIN, "section:prescription")


def test_a_type_that_its_document_contradicts_is_a_finding_and_never_a_verdict() -> None:
    plain, doubted = structured(), structured(("CR fictif", "Ordonnance de Ana"))
    assert "label-doubt" not in [one.code for one in understood(plain).findings]
    found = understood(doubted)
    (finding,) = [one for one in found.findings if one.code == "label-doubt"]
    assert (finding.severity, found.verdict) == (Severity.INFO, Verdict.ACCEPT)
    assert "ORD_SOIN" in finding.message
    assert "Ana" not in finding.message
    assert found.documents[0].label is Label.BIOLOGIE


def test_a_doubt_between_guesses_is_no_finding() -> None:
    found = understood(structured(*CODE, ("CR fictif", "Ordonnance")))
    assert "label-doubt" not in [one.code for one in found.findings]


@pytest.mark.parametrize("name", ["label_rule", "label_confidence", "label_doubt"])
def test_inspect_says_why(name: str) -> None:
    line = document_json(labelled(structured(("CR fictif", "Ordonnance"))))
    assert line[name]
    assert "label_given" not in line


LOINC = "2.16.840.1.113883.6.1"


@pytest.mark.parametrize(
    ("said", "label", "rule"),
    [
        (("XX9", "", Label.SYNTHESE), Label.SYNTHESE, "local:XX9"),
        (("XX9", LOINC, Label.SYNTHESE), Label.SYNTHESE, "local:XX9"),
        (("XX9", "1.2.3", Label.SYNTHESE), Label.BIOLOGIE, "section:biology-chapter"),
        (("XX8", "", Label.SYNTHESE), Label.BIOLOGIE, "section:biology-chapter"),
    ],
)
def test_the_house_says_what_a_local_type_means(
    said: tuple[str, str, Label], label: Label, rule: str
) -> None:
    reading = replace(DEFAULT_READING, local_types=(said,))
    raw = structured(*SILENT, sections=section("Biochimie", "18719-5"))
    (document,) = understand_all(mdm(raw), reading)[0].documents
    assert (document.label, document.label_rule) == (label, rule)
    assert guessed(document) is (label is Label.BIOLOGIE)


def test_nobody_redefines_an_official_type() -> None:
    reading = replace(DEFAULT_READING, local_types=(("11502-2", "", Label.AUTR_DOC),))
    (document,) = understand_all(structured(), reading)[0].documents
    assert document.label_rule == "type:11502-2"
