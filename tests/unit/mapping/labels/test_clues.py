"""What a document's words hint at, how clues are weighed, and when an official type is doubted."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.mapping.labels import label_of
from gateway.mapping.labels.clues import (
    HIGH,
    LOW,
    MAX_TITLE_CHARACTERS,
    MEDIUM,
    Clue,
    Origin,
    Signs,
)
from gateway.mapping.labels.contents import (
    author_clue,
    narrative_clues,
    result_clue,
    section_clues,
)
from gateway.mapping.labels.spelling import respelt
from gateway.mapping.labels.titles import code_clue, title_clue, title_clues
from gateway.mapping.labels.weighing import weigh
from gateway.records.documents.document import Author, Label

BIOLOGY = Signs(sections=(("18719-5", "Biochimie"), ("18723-7", "Hématologie")), results=31)
LOINC = "2.16.840.1.113883.6.1"


def not_asked() -> Signs:
    raise AssertionError("nothing had to be looked into")


@pytest.mark.parametrize(
    ("title", "label"),
    [
        ("Ordonnance pour une IRM", Label.ORD_SOIN),
        ("CR d'IRM", Label.RADIO_SC),
        ("Courrier suite à l'IRM", Label.CPT_REND),
        ("Convocation IRM", Label.AUTR_DOC),
        ("Certificat (IRM normale)", Label.CERT_MED),
    ],
)
def test_what_a_paper_is_comes_before_what_it_is_about(title: str, label: Label) -> None:
    clue = title_clue(title)
    assert clue is not None
    assert clue.label is label


@pytest.mark.parametrize(
    ("title", "label"),
    [
        ("IRM - ordonnance du Dr Martin", Label.ORD_SOIN),
        ("Scanner du rachis : courrier", Label.CPT_REND),
        ("Coloscopie (consentement signé)", Label.AUTR_DOC),
        ("Mammographie, convocation", Label.AUTR_DOC),
    ],
)
def test_a_paper_named_later_in_the_title_is_the_paper_all_the_same(
    title: str, label: Label
) -> None:
    named, other = title_clues(title)
    assert named.label is label
    assert (other.label is not label, other.weight) == (True, LOW)


def test_what_a_paper_is_about_is_no_rival_of_it() -> None:
    assert title_clues("Ordonnance pour une IRM") == (
        Clue(Label.ORD_SOIN, HIGH, "title:ordonnance"),
    )


def test_two_matters_in_one_title_make_it_less_sure() -> None:
    assert label_of(None, None, "IRM").confidence == "high"
    found = label_of(None, None, "IRM et biopsies")
    assert (found.confidence, found.doubt) == ("medium", "RADIO_SC title:imagerie")


def test_a_screening_has_no_rival_in_what_is_screened_for() -> None:
    assert len(title_clues("Mammographie de dépistage")) == 1


def test_a_title_in_pieces_is_read_no_further_than_its_first_parts() -> None:
    assert title_clue("IRM" + " - rien" * 20 + " - ordonnance") == Clue(
        Label.RADIO_SC, HIGH, "title:imagerie"
    )


def test_words_glued_to_dates_and_to_each_other_are_taken_apart() -> None:
    for title in ("CRH20230212.pdf", "CourrierSortie", "compteRenduIRM"):
        assert title_clue(title) is not None, title


@pytest.mark.parametrize(
    ("author", "rule"),
    [
        (Author(kind="person", specialty="G15_10/SM44"), "author:radiologist"),
        (Author(kind="person", organization_name="Laboratoire des Halles"), "author:biologist"),
        (
            Author(kind="person", organization_name="Laboratoire d'anatomie pathologique"),
            "author:pathologist",
        ),
        (Author(kind="person", specialty="G15_10/SM26"), None),
        (Author(kind="device"), None),
    ],
)
def test_an_author_hints_at_what_he_writes_most(author: Author, rule: str | None) -> None:
    clue = author_clue((author,))
    assert (clue.rule if clue else None) == rule


def test_nobody_hints_at_nothing() -> None:
    assert author_clue(()) is None


def test_few_results_weigh_less_than_many() -> None:
    assert result_clue(0) is None
    assert result_clue(1) == Clue(Label.BIOLOGIE, LOW, "results")
    assert result_clue(30) == Clue(Label.BIOLOGIE, MEDIUM, "results")


def test_a_class_speaks_against_no_label_of_its_own_types() -> None:
    found = label_of("XX", "42", "Arrêt de travail")
    assert (found.label, found.confidence, found.doubt) == (Label.CERT_MED, "high", None)


def test_a_hint_is_believed_where_nothing_else_speaks() -> None:
    assert label_of("XX", "10", "Document").label is Label.CPT_REND
    few = label_of("XX", "10", "Compte rendu", gather=lambda: Signs(results=1))
    assert (few.label, few.confidence) == (Label.BIOLOGIE, "low")


@pytest.mark.parametrize(
    ("code", "label"),
    [
        ("urn:ihe:pharm:pre:2010", Label.ORD_SOIN),
        ("urn:asip:ci-sis:vsm:2031", Label.SYNTHESE),
        ("urn:asip:ci-sis:unknown:2024", Label.AUTR_DOC),
        ("urn:ihe:iti:xds-sd:pdf:2008", Label.AUTR_DOC),
    ],
)
def test_a_model_has_the_label_of_what_it_models(code: str, label: Label) -> None:
    assert label_of("XX", None, "Document", origin=Origin(format_code=code)).label is label


def test_a_file_name_is_read_like_a_title() -> None:
    clue = title_clue("CR_IRM_GENOU_2026-01-12.pdf")
    assert clue == Clue(Label.RADIO_SC, HIGH, "title:imagerie")


@pytest.mark.parametrize("word", ["ORDONANCE", "ORDONNNANCE", "ORDONNENCE", "ORDNONANCE"])
def test_one_wrong_letter_is_mended_and_counts_less(word: str) -> None:
    assert respelt(word) == "ORDONNANCE"
    assert title_clue(word) == Clue(Label.ORD_SOIN, MEDIUM, "title:ordonnance")


def test_short_and_faraway_words_are_left_as_they_are() -> None:
    assert respelt("MARTIN SCANER ORDINAIRE") == "MARTIN SCANER ORDINAIRE"


def test_a_code_of_the_senders_own_is_only_a_hint() -> None:
    assert code_clue("LAB-CR-02") == Clue(Label.BIOLOGIE, MEDIUM, "code:biologie")
    assert code_clue("27") is None


def test_sections_of_one_label_add_up_to_one_clue() -> None:
    summary = (("48765-2", None), ("11450-4", None), (None, "Traitements au long cours"))
    assert section_clues(summary) == [Clue(Label.SYNTHESE, HIGH, "section:allergies")]


def test_the_first_words_count_less_than_a_title() -> None:
    (clue,) = narrative_clues("Radiographie du bassin. Absence de fracture.")
    assert (clue.label, clue.weight) == (Label.RADIO_SC, MEDIUM)


def test_the_heavier_label_wins_and_names_the_other() -> None:
    found = weigh(
        [
            Clue(Label.CPT_REND, LOW, "class:10"),
            Clue(Label.BIOLOGIE, HIGH, "section:biology-chapter"),
            Clue(Label.CPT_REND, LOW, "title:compte-rendu"),
        ]
    )
    assert found is not None
    assert (found.label, found.rule, found.confidence) == (
        Label.BIOLOGIE,
        "section:biology-chapter",
        "low",
    )
    assert found.against == Clue(Label.CPT_REND, LOW, "class:10")


def test_a_draw_goes_to_the_clue_named_first_and_is_low() -> None:
    found = weigh([Clue(Label.BIOLOGIE, HIGH, "display:a"), Clue(Label.ORD_SOIN, HIGH, "title:b")])
    assert found is not None
    assert (found.label, found.confidence) == (Label.BIOLOGIE, "low")


def test_nothing_is_weighed_of_nothing() -> None:
    assert weigh([]) is None


def test_a_document_with_an_official_type_and_a_fitting_title_is_never_looked_into() -> None:
    found = label_of("11502-2", "10", "CR d'examens biologiques", gather=not_asked)
    assert found.doubt is None


def test_an_official_type_keeps_its_label_and_is_doubted_where_the_title_contradicts_it() -> None:
    found = label_of("11502-2", "10", "Ordonnance")
    assert (found.label, found.rule) == (Label.BIOLOGIE, "type:11502-2")
    assert (found.confidence, found.doubt) == ("low", "ORD_SOIN title:ordonnance")


def test_sections_that_speak_for_the_type_silence_a_title_against_it() -> None:
    assert label_of("11502-2", "10", "Ordonnance", gather=lambda: BIOLOGY).doubt is None


def test_sections_alone_may_contradict_a_type() -> None:
    found = label_of("34112-3", "10", "Document", gather=lambda: BIOLOGY)
    assert found.doubt == "BIOLOGIE section:biology-chapter"


def test_neighbouring_labels_do_not_contradict_each_other() -> None:
    assert label_of("75492-9", "10", "CR de mammographie").doubt is None


def test_what_a_patient_chose_himself_is_not_doubted() -> None:
    assert label_of("DOCPAT03", None, "Ordonnance").doubt is None


def test_a_code_that_is_only_spelled_like_an_official_one_is_the_senders_own() -> None:
    ours = label_of("SYNTH", None, "IRM du genou", type_system="1.2.250.1.213.1.1.4.12")
    theirs = label_of("SYNTH", None, "IRM du genou", type_system="1.2.3.4")
    assert ours.rule == "type:SYNTH"
    assert (theirs.label, theirs.rule) == (Label.RADIO_SC, "title:imagerie")
    assert theirs.doubt == "SYNTHESE code:synthese"


def test_a_loinc_code_is_one_whatever_its_system_is_called() -> None:
    assert label_of("11502-2", None, None, type_system="LN").rule == "type:11502-2"


def test_a_foreign_loinc_document_has_a_label() -> None:
    found = label_of("18842-5", None, "Discharge summary", type_system=LOINC)
    assert (found.label, found.rule) == (Label.CPT_REND, "loinc:18842-5")


@given(st.text(max_size=600), st.text(max_size=600), st.text(max_size=600))
def test_no_text_breaks_a_rule(title: str, section: str, words: str) -> None:
    signs = Signs(sections=((section, section),), words=words, results=1)
    found = label_of(None, None, title, type_display=words, gather=lambda: signs)
    assert found.confidence in ("high", "medium", "low")


@pytest.mark.parametrize("piece", ["A ", "DE ", "JE SOUSSIGNE ", "1 ", "CR DE ", "ORDONNANC", "É-"])
def test_a_long_text_takes_no_time(piece: str) -> None:
    text = piece * (2 * MAX_TITLE_CHARACTERS)
    start = time.process_time()
    label_of(None, None, text, type_display=text, gather=lambda: Signs(((None, text),), text, 0))
    assert time.process_time() - start < 6
