"""The eight labels: by type, by class, by title, and « Autres documents » last."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.mapping.labels import (
    LABEL_TEXTS,
    class_display_of,
    class_of,
    display_of,
    format_of,
    label_of,
    type_known,
)
from gateway.records.documents.document import Label

REFERENCE = Path(__file__).resolve().parents[5] / "shared" / "reference"


def test_the_eight_labels_stand_in_their_order() -> None:
    assert list(LABEL_TEXTS) == list(Label)
    assert len(LABEL_TEXTS) == 8


def test_the_type_decides_before_class_and_title() -> None:
    found = label_of("11502-2", "42", "Compte rendu")
    assert (found.label, found.text) == (Label.BIOLOGIE, "Résultats de biologie")
    assert (found.rule, found.confidence, found.doubt) == ("type:11502-2", "high", None)


def test_the_class_decides_where_nothing_says_more() -> None:
    found = label_of("99999-9", "31", "Document")
    assert (found.label, found.rule, found.confidence) == (Label.RADIO_SC, "class:31", "medium")


def test_a_class_that_is_alone_against_the_title_leaves_a_doubt() -> None:
    found = label_of("99999-9", "31", "Ordonnance")
    assert (found.label, found.confidence) == (Label.ORD_SOIN, "low")
    assert found.doubt == "RADIO_SC class:31"


@pytest.mark.parametrize(
    ("title", "label"),
    [
        ("Ordonnance de médicaments", Label.ORD_SOIN),
        ("IRM du genou", Label.RADIO_SC),
        ("Échographie", Label.RADIO_SC),
        ("Résultats d'analyses", Label.BIOLOGIE),
        ("Note de vaccination", Label.DEPISTAG),
        ("Attestation de vaccination", Label.CERT_MED),
        ("Certificat d'aptitude", Label.CERT_MED),
        ("Lettre de liaison", Label.CPT_REND),
        ("Lettre de liaison à l'entrée", Label.SYNTHESE),
        ("Compte-rendu de consultation", Label.CPT_REND),
        ("Photo de vacances", Label.AUTR_DOC),
        ("", Label.AUTR_DOC),
        (None, Label.AUTR_DOC),
    ],
)
def test_a_french_title_decides_where_the_type_is_unknown(title: str | None, label: Label) -> None:
    assert label_of(None, None, title).label is label


def test_nothing_known_is_another_document_and_says_so() -> None:
    found = label_of(None, None, None)
    assert (found.label, found.rule) == (Label.AUTR_DOC, "default")


@given(st.one_of(st.none(), st.text()), st.one_of(st.none(), st.text()))
def test_there_is_always_exactly_one_label(code: str | None, title: str | None) -> None:
    found = label_of(code, code, title)
    assert found.text == LABEL_TEXTS[found.label]


def test_the_rule_never_quotes_the_title() -> None:
    assert label_of(None, None, "Sérologie de Ana PATTE").rule == "title:microbiologie"


def test_types_have_classes_and_names() -> None:
    assert (class_of("18748-4"), display_of("18748-4")) == ("31", "CR d'imagerie médicale")
    assert (class_of("99999-9"), class_of(None), display_of("")) == (None, None, None)
    assert class_display_of("42") == "Prescription"
    assert type_known("PRESC-BIO")
    assert not type_known("presc-bio")


def test_the_most_specific_template_gives_the_format() -> None:
    roots = ["2.16.840.1.113883.2.8.2.1", "1.2.250.1.213.1.1.1.5", "1.2.250.1.213.1.1.1.5.3"]
    assert format_of(roots) == "urn:asip:ci-sis:cse-cs24:2017"
    assert format_of(["1.2.3"]) == "urn:asipSante:modelesHorsProfils:2011"


@pytest.mark.skipif(not REFERENCE.is_dir(), reason="no reference beside the repository")
def test_our_table_agrees_with_the_reference() -> None:
    with (REFERENCE / "typecodes.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            assert label_of(row["code"], None, None).label == row["label_code"]
            assert (class_of(row["code"]) or "") == row["class_code"]
