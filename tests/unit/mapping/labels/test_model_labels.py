"""What the model and the sections of a document say of its label, where no official type does."""

import pytest

from gateway.mapping.labels import label_of
from gateway.mapping.labels.clues import HIGH, LOW, Clue, Origin
from gateway.mapping.labels.contents import section_clues
from gateway.records.documents.document import Label

CHAPTERS = (("18719-5", "Biochimie"), ("18723-7", "Hématologie"))
OTHERS = (
    ("42349-1", "Motif du recours"),
    ("42346-7", "Médicaments administrés"),
    ("33557-0", "Statut du document"),
)


@pytest.mark.parametrize(
    ("model", "type_code"),
    [
        ("urn:ans:ci-sis:cse-mde:2023", "29274-8"),
        ("urn:ans:ci-sis:img-da:2022", "55115-0"),
        ("urn:ans:ci-sis:trod:2024", "96173-0"),
        ("urn:asip:ci-sis:aunv:2013", "34133-9"),
        ("urn:asip:ci-sis:avk:2009", "34133-9"),
        ("urn:asip:ci-sis:cr-anest:2020", "77436-4"),
        ("urn:asip:ci-sis:cr-cpa:2020", "34749-2"),
        ("urn:asip:ci-sis:crgm:2018", "51969-4"),
        ("urn:asip:ci-sis:crrtn:2013", "75492-9"),
        ("urn:asip:ci-sis:cse-cs24:2017", "CERT_DECL"),
        ("urn:asip:ci-sis:cse-cs8:2017", "CERT_DECL"),
        ("urn:asip:ci-sis:cse-cs9:2017", "CERT_DECL"),
        ("urn:asip:ci-sis:d2lm-fidd:2017", "18748-4"),
        ("urn:asip:ci-sis:d2lm-fin:2017", "18748-4"),
        ("urn:asip:ci-sis:dci:2009", "34133-9"),
        ("urn:asip:ci-sis:dlu:2015", "74207-2"),
        ("urn:asip:ci-sis:eunv:2013", "34133-9"),
        ("urn:asip:ci-sis:fludr:2017", "74207-2"),
        ("urn:asip:ci-sis:fludt:2017", "74207-2"),
        ("urn:asip:ci-sis:frcp:2011", "34794-8"),
        ("urn:asip:ci-sis:hr:2019", "REMB"),
        ("urn:asip:ci-sis:ldl-ees:2017", "18761-7"),
        ("urn:asip:ci-sis:ldl-ses:2017", "11490-0"),
        ("urn:asip:ci-sis:pavc:2016", "11488-4"),
        ("urn:asip:ci-sis:pps-cancer:2017", "18776-5"),
        ("urn:asip:ci-sis:ppv:2009", "34133-9"),
        ("urn:asip:ci-sis:psc:2009", "34133-9"),
        ("urn:asip:ci-sis:sap:2012", "57055-6"),
        ("urn:asip:ci-sis:sce:2012", "78489-2"),
        ("urn:asip:ci-sis:scm:2012", "89235-6"),
        ("urn:asip:ci-sis:sdm-mr:2017", "34133-9"),
        ("urn:asip:ci-sis:sne:2012", "57075-4"),
        ("urn:asip:ci-sis:snm:2012", "57057-2"),
        ("urn:asip:ci-sis:sunv:2013", "34133-9"),
        ("urn:asip:ci-sis:tap:2009", "34133-9"),
        ("urn:asip:ci-sis:tlm-da:2020", "75496-0"),
        ("urn:asip:ci-sis:vac-note:2021", "87273-9"),
        ("urn:asip:ci-sis:vac:2019", "11369-6"),
        ("urn:asip:ci-sis:vsm:2012", "60591-5"),
        ("urn:asip:ci-sis:vsm:2012", "SYNTH"),
        ("urn:ihe:eyecare:geneyeevalcn:2014", "78513-9"),
        ("urn:ihe:lab:xd-lab:2008", "11502-2"),
        ("urn:ihe:pcc:ips:2020", "60591-5"),
        ("urn:ihe:pcc:ips:2020", "74207-2"),
        ("urn:ihe:pharm:dis:2010", "60593-1"),
        ("urn:ihe:pharm:pre:2010", "57833-6"),
        ("urn:ihe:rad:CDA:ImagingReportStructuredHeadings:2013", "18748-4"),
    ],
)
def test_a_model_has_the_label_of_the_type_that_it_is_made_for(model: str, type_code: str) -> None:
    """The formatCode and the typeCode of each CI-SIS model (CDA.md section 5)."""
    official = label_of(type_code, None, None)
    assert official.rule == f"type:{type_code}"
    assert label_of("XX1", None, None, origin=Origin(model)).label is official.label


def test_chapters_of_a_laboratory_are_its_report_only_where_little_else_stands() -> None:
    def biology(*sections: tuple[str, str]) -> Clue:
        return next(one for one in section_clues(sections) if one.label is Label.BIOLOGIE)

    assert biology(*CHAPTERS).weight == HIGH
    assert biology(CHAPTERS[0], ("55108-5", "Copie du document")).weight == HIGH
    assert biology(*CHAPTERS, *OTHERS).weight == LOW
    assert biology(*OTHERS, CHAPTERS[1]).rule == "section:biology-chapter"
