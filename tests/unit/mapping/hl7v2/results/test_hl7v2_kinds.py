"""Results are a report of biology, unless all of their orders name another one."""

import pytest
from hl7_samples import msh, results

from gateway.mapping.hl7v2 import understand
from gateway.mapping.results import words_in
from gateway.records.documents.document import Document, Label
from gateway.records.intake.reading import DEFAULT_READING
from gateway.records.intake.understanding import Understanding

BIOLOGY, IMAGING = "11502-2", "18748-4"
TEXT = "OBX|1|TX|IMP^Conclusion^L||Pas de lésion||||||F"


def order(named: str, section: str = "", number: int = 1) -> str:
    return f"OBR|{number}|P{number}|A{number}|{named}{'|' * 20}{section}"


def understood(*segments: str) -> Understanding:
    return understand(results(*segments), DEFAULT_READING)


def document(*segments: str) -> Document:
    [one] = understood(*segments).documents
    return one


@pytest.mark.parametrize(
    "section",
    ["RAD", "CT", "NMR", "RUS", "XRC", "IMG", "MR", "US", "rad", "RAD^Radiologie", "IRM", "RADIO"],
)
def test_a_section_of_imaging_makes_a_report_of_imaging(section: str) -> None:
    one = document(order("TDMTHX^Thorax^L", section), TEXT)
    assert (one.type_code, one.type_display) == (IMAGING, "CR d'imagerie médicale")
    assert (one.class_code, one.title) == ("31", "CR d'imagerie médicale")
    assert (one.label, one.label_rule) == (Label.RADIO_SC, f"type:{IMAGING}")


@pytest.mark.parametrize(
    ("section", "kind"),
    [
        ("SP", "60568-3"),
        ("CP", "60568-3"),
        ("EC", "70004-7"),
        ("PF", "70004-7"),
        ("LAB", BIOLOGY),
        ("GE", BIOLOGY),
        ("PT", BIOLOGY),
        ("OTH", BIOLOGY),
        ("SEC12", BIOLOGY),
        ('""', BIOLOGY),
        ("", BIOLOGY),
    ],
)
def test_another_section_makes_its_own_report_or_one_of_biology(section: str, kind: str) -> None:
    assert document(order("X1^Examen^L", section), TEXT).type_code == kind


@pytest.mark.parametrize(
    "named",
    [
        "18748-4^CR d'imagerie^LN",
        "IMG1^Imagerie^L^18748-4^^LN",
        "SCAN^Scanner thoraco-abdominal^L",
        "^IRM cérébrale",
    ],
)
def test_the_name_of_the_order_tells_imaging_too(named: str) -> None:
    assert document(order(named), TEXT).type_code == IMAGING


@pytest.mark.parametrize(
    ("named", "section", "kind"),
    [
        ("29274-8^Signes vitaux^LN", "", "29274-8"),
        ("34749-2^Consultation^LN", "RAD", "34749-2"),
        ("11502-2^Biologie^LN", "RAD", BIOLOGY),
        ("SYNTH^Synthese^TRE_A05", "", "SYNTH"),
        ("SYNTH^Synthese^L", "", BIOLOGY),
        ("REMB^Remboursement^TRE_A05", "", BIOLOGY),
        ("DOCPAT04^Imagerie^TRE_A05", "LAB", BIOLOGY),
        ("58410-2^Hemogramme^LN", "", BIOLOGY),
        ("58410-2^Hemogramme^LN", "HM", BIOLOGY),
        ("ECHO^Echovirus^L", "VR", BIOLOGY),
        ("CREAT^Creatinine avant scanner^L", "", BIOLOGY),
    ],
)
def test_an_official_type_comes_before_the_section_and_the_section_before_words(
    named: str, section: str, kind: str
) -> None:
    assert document(order(named, section), TEXT).type_code == kind


def test_orders_that_disagree_are_a_report_of_biology() -> None:
    mixed = (order("A^a^L", "RAD"), TEXT, order("B^b^L", "", 2), TEXT)
    assert document(*mixed).type_code == BIOLOGY
    agreed = (order("A^a^L", "RAD"), TEXT, order("B^b^L", "CT", 2), TEXT)
    assert document(*agreed).type_code == IMAGING


def test_an_order_without_a_result_says_nothing() -> None:
    assert document(order("B^b^L", "LAB"), order("A^a^L", "RAD", 2), TEXT).type_code == IMAGING


def test_rows_bear_the_category_of_their_own_order() -> None:
    read = understood(order("A^a^L", "RAD"), TEXT, order("B^b^L", "LAB", 2), TEXT)
    assert [one.category for one in read.observations[0]] == ["imaging", "laboratory"]


def test_the_title_is_searched_for_as_it_is_shown() -> None:
    assert "imagerie" in words_in(results(order("TDM^Thorax^L", "CT"), TEXT))
    assert "biologiques" in words_in(results(order("NFS^Sang^L"), TEXT))


UNSURE = "X^Echo Coxiella^L"
"""What a word of imaging may stand in by chance."""
BY_ROWS = {
    "unit": "OBX|1|NM|A1^Titre^L||64|UI/mL|||||F",
    "bare unit": "OBX|1|NM|A1^Valeur^L||12|UI|||||F",
    "analysis": "OBX|1|ST|A1^IgM anti-Coxiella^L||Négatif||||||F",
    "LOINC words": "OBX|1|ST|5076-1^Coxiella sp [Presence] in Serum^LN||NEG||||||F",
    "sensitivity": "OBX|1|ST|A1^Amoxicilline^L||8|||S|||F",
    "producer": "OBX|1|ST|A1^Recherche^L||Négatif||||||F||||LBM^Laboratoire Test",
}


@pytest.fixture
def from_a_ward(monkeypatch: pytest.MonkeyPatch) -> None:
    """MSH-3 of the samples is a laboratory's."""
    monkeypatch.setattr("hl7_samples.msh", lambda **_: msh().replace("|LAB|", "|DPI|", 1))


@pytest.mark.usefixtures("from_a_ward")
@pytest.mark.parametrize("row", BY_ROWS.values(), ids=list(BY_ROWS))
def test_rows_of_a_laboratory_tell_more_than_a_word_that_can_mean_imaging(row: str) -> None:
    read = understood(order(UNSURE), row)
    assert read.documents[0].type_code == BIOLOGY
    assert [one.category for one in read.observations[0]] == ["laboratory"]


@pytest.mark.usefixtures("from_a_ward")
def test_without_a_sign_of_a_laboratory_the_word_is_believed() -> None:
    row = "OBX|1|ST|A1^Conclusion^L||Normal||||||F"
    assert document(order(UNSURE), row).type_code == IMAGING
    measured = ("OBX|1|NM|A1^VG^L||48|mm|||||F", "OBX|2|ST|A2^IgM^L||1||||||F", TEXT)
    assert document(order(UNSURE), *measured).type_code == IMAGING


def test_a_laboratory_that_sends_an_unsure_word_means_an_analysis() -> None:
    assert document(order(UNSURE), "OBX|1|ST|A1^Resultat^L||Normal||||||F").type_code == BIOLOGY
    assert document(order("X^Scanner du thorax^L"), TEXT).type_code == IMAGING


@pytest.mark.usefixtures("from_a_ward")
def test_a_specimen_is_of_a_laboratory() -> None:
    row = "OBX|1|ST|A1^Resultat^L||Normal||||||F"
    assert document(order(UNSURE), row, "SPM|1|||SER^Serum^HL70487").type_code == BIOLOGY
    assert document(f"OBR|1|P1|A1|{UNSURE}{'|' * 11}BLD^Sang", row).type_code == BIOLOGY
    part_of_the_body = f"OBR|1|P1|A1|{UNSURE}{'|' * 11}^^^CHEST"
    assert document(part_of_the_body, row).type_code == IMAGING


def test_a_creatinine_beside_the_text_of_a_scanner_is_still_a_scanner() -> None:
    beside = "OBX|2|NM|14682-9^Creatinine^LN||80|umol/L|||||F"
    assert document(order("TDM^Scanner thoracique^L"), TEXT, beside).type_code == IMAGING


@pytest.mark.parametrize("named", ["ECHO^Echo virus^L", "ECHO^Serologie échovirus^L"])
def test_the_virus_is_no_picture(named: str) -> None:
    assert document(order(named), TEXT).type_code == BIOLOGY


def test_a_message_of_very_many_orders_is_no_report_of_imaging_by_their_words() -> None:
    groups = [line for n in range(51) for line in (order("^IRM cérébrale", number=n), TEXT)]
    assert document(*groups[:100]).type_code == IMAGING
    assert document(*groups).type_code == BIOLOGY


@pytest.mark.parametrize(
    ("named", "kind"),
    [
        ("ZBQK002^^CCAM", IMAGING),
        ("ACQN001^Bilan^L", IMAGING),
        ("RX12^Thorax^L^ZBQH001^^CCAM", IMAGING),
        ("DEQP003^^CCAM", BIOLOGY),
        ("HHQE005^^CCAM", BIOLOGY),
        ("ZBQK002A^^L", BIOLOGY),
    ],
)
def test_an_act_of_imaging_of_the_ccam_needs_no_words(named: str, kind: str) -> None:
    assert document(order(named), TEXT).type_code == kind


def test_the_section_comes_before_the_act() -> None:
    assert document(order("ZBQK002^^CCAM", "SP"), TEXT).type_code == "60568-3"
