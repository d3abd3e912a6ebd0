"""Each header rule of the French profile, broken one at a time."""

import pytest
from cda_sample import AUTHOR, INS, MODEL, element, replacing, scanned, structured

from gateway.mapping.cda import read_cda, understand_cda
from gateway.records.intake.finding import Severity, Verdict
from gateway.records.intake.reading import DEFAULT_READING

RPLC = replacing("1.2")
BROKEN = [
    ("h01", '<realmCode code="FR"/>', '<realmCode code="US"/>'),
    ("h02", "POCD_HD000040", "POCD_HD000041"),
    ("h03", '<templateId root="2.16.840.1.113883.2.8.2.1"/>', ""),
    ("h04", '<templateId root="1.2.250.1.213.1.1.1.1"/>', ""),
    ("h05", MODEL, ""),
    ("h06", '<id root="1.2.250.1.999.1.1"/>', ""),
    ("h06", 'root="1.2.250.1.999.1.1"', 'root="mon document"'),
    ("h07", 'codeSystem="2.16.840.1.113883.6.1"', ""),
    ("h07", "<title>CR", '<code code="11502-2" codeSystem="2.16.840.1.113883.6.1"/><title>CR'),
    ("h08", "<title>CR fictif</title>", '<title nullFlavor="UNK"/>'),
    ("h08", "<title>", '<title nullFlavor="UNK">'),
    ("h09", '<effectiveTime value="20260115101500+0100"/>', '<effectiveTime value="hier"/>'),
    ("h09", '<effectiveTime value="20260115101500+0100"/>', '<effectiveTime value="20261301"/>'),
    ("h09", "<confidentialityCode", '<effectiveTime value="2026"/><confidentialityCode'),
    ("h10", 'code="N" codeSystem="2.16.840.1.113883.5.25"', 'code="X"'),
    ("h10", 'code="N" codeSystem="2.16.840.1.113883.5.25"', 'code="N" nullFlavor="MSK"'),
    ("h11", "fr-FR", "français"),
    ("h12", '<setId root="1.2.250.1.999.2.1"/>', ""),
    ("h12", '<versionNumber value="1"/>', '<versionNumber value="un"/>'),
    ("h13", INS, '<id root="1.2.250.1.213.1.4.10"/>'),
    ("h13", "<recordTarget>", "<recordTarget/><recordTarget>"),
    ("h14", ' qualifier="CL"', ' qualifier="SP"'),
    ("h14", 'administrativeGenderCode code="F"', 'administrativeGenderCode code="X"'),
    ("h14", "<family q", '<family qualifier="BR">AUTRE</family><family q'),
    ("h14", '<birthTime value="19550815"/>', '<birthTime value="1955"/><birthTime value="1956"/>'),
    ("h16", AUTHOR, ""),
    ("h16", '<author><functionCode displayName="Biologiste"/><time', "<author><t"),
    ("h17", '<id root="1.2.250.1.71.4.2.2" extension="1999999999"/><name>Labo fictif</name>\n', ""),
    ("h18", '<signatureCode code="S"/>', ""),
    ("h19", '<low value="202601150915+0100"/>', ""),
    ("h19", 'low value="202601150915+0100"', 'low value="hier"'),
    ("h19", "AMBULATOIRE", "GARAGE"),
    ("h20", "SA25", "GARE"),
    ("h21", "<componentOf>", RPLC + RPLC + "<componentOf>"),
    ("h21", "<componentOf>", RPLC.replace("1.2", "1.2.250.1.999.1.1") + "<componentOf>"),
    ("h22", "</ClinicalDocument>", "<component/></ClinicalDocument>"),
]


@pytest.mark.parametrize(("rule", "before", "after"), BROKEN)
def test_a_broken_rule_refuses_and_names_itself(rule: str, before: str, after: str) -> None:
    understood = understand_cda(structured((before, after)), DEFAULT_READING)
    errors = {one.code for one in understood.findings if one.severity is Severity.ERROR}
    assert f"cda-{rule}" in errors
    assert understood.verdict is Verdict.REFUSE
    assert len(understood.documents) == 1, "what could be read is shown all the same"


def test_level_one_declares_exactly_its_three_templates() -> None:
    text = scanned(b"Bonjour", "text/plain").decode()
    more = text.replace("<id root", MODEL + "<id root", 1)
    assert "cda-h05" in {one.code for one in read_cda(more.encode(), DEFAULT_READING).findings}


def test_odd_telecoms_and_a_missing_list_of_given_names_are_only_flagged() -> None:
    data = structured(
        ("</custodian>", '</custodian><informant><telecom value="0102030405"/></informant>'),
        ("<given>Ana Lise</given>", ""),
    )
    understood = understand_cda(data, DEFAULT_READING)
    assert [one.code for one in understood.findings] == ["cda-h15", "cda-h23"]
    assert understood.verdict is Verdict.ACCEPT


def test_two_patients_are_refused() -> None:
    target = element("<recordTarget>.*</recordTarget>")
    data = structured((target, target * 2))
    assert "cda-h13" in {one.code for one in read_cda(data, DEFAULT_READING).findings}


@pytest.mark.parametrize(
    "data", [b"", b"Bonjour", b"<a/>", b"<ClinicalDocument/>", b"\x1f\x8b\x08", b"\x00" * 40]
)
def test_what_is_no_cda_is_refused_without_a_document(data: bytes) -> None:
    understood = understand_cda(data, DEFAULT_READING)
    assert (understood.verdict, understood.documents) == (Verdict.REFUSE, ())
