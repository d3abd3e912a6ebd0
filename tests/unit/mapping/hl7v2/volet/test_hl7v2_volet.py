"""What the volet asks around a document: told by a warning, refused when strict."""

import pytest
from hl7_samples import PID, ROWS, cda, document, message, msh, results

from gateway.mapping.hl7v2 import understand
from gateway.mapping.hl7v2.control.ack import ack_code
from gateway.records.intake.finding import Finding, Severity, Verdict
from gateway.records.intake.reading import DEFAULT_READING, Reading

RAW = document(cda())
STRICT = Reading(strict=True)


def told(raw: bytes, reading: Reading = DEFAULT_READING) -> list[Finding]:
    return list(understand(raw, reading).findings)


@pytest.mark.parametrize(
    ("before", "after", "where", "condition"),
    [
        (b"|LAB|TESTEUR|", b"||TESTEUR|", "MSH-3", 101),
        (b"|GW|TEST|", b"|||", "MSH-5", 101),
        (b"EVN||20260115101500\r", b"", "EVN", 100),
        (b"PV1|1|N\r", b"", "PV1", 100),
        (b"PV1|1|N", b"PV1|1|X", "PV1-2", 103),
        (b"PV1|1|N", b"PV1|1|", "PV1-2", 103),
        (b"PV1|1|N", b"PV1|1|I", "PV1-19", 101),
        (b"||||AU\r", b"||||\r", "TXA-17", 103),
    ],
)
def test_what_the_volet_asks_is_a_warning_and_an_error_when_strict(
    before: bytes, after: bytes, where: str, condition: int
) -> None:
    raw = RAW.replace(before, after, 1)
    assert raw != RAW
    assert [(f.where, f.severity) for f in told(raw) if f.where == where] == [
        (where, Severity.WARNING)
    ]
    assert understand(raw, DEFAULT_READING).verdict is Verdict.ACCEPT
    assert (where, condition) in [(f.where, f.condition) for f in told(raw, STRICT)]
    other = raw.replace(b"2.1^CISIS_CDA_HL7_V2", b"")
    assert where not in [f.where for f in told(other)]


def test_a_replacement_names_the_document_replaced_in_txa_13_too() -> None:
    raw = document(cda(replaces="1.2.4"), event="MDM^T10^MDM_T02", order="RO", status="C")
    assert [(f.where, f.condition) for f in told(raw) if f.condition] == [("TXA-13", 101)]


@pytest.mark.parametrize(
    "visit", ["PV1|1|O" + "|" * 17 + "V1", "PV1|1|N", "PV1|1|I" + "|" * 17 + "V1"]
)
def test_a_visit_is_named_unless_there_is_none(visit: str) -> None:
    raw = RAW.replace(b"PV1|1|N", visit.encode())
    assert not [f for f in told(raw) if f.where.startswith("PV1")]


@pytest.mark.parametrize("value", ["hier", "20261399", "20110613122406637", "2026-01-15"])
def test_a_time_that_is_none_is_left_out_and_told(value: str) -> None:
    raw = results().replace(b"|20260115101500+0100|", f"|{value}|".encode())
    understood = understand(raw, DEFAULT_READING)
    assert [(f.code, f.where, f.severity) for f in understood.findings] == [
        ("date", "MSH-7", "warning")
    ]
    assert understood.documents[0].creation_time is None
    raw = results().replace(b"|20260115081500+0100\r", f"|{value}\r".encode())
    assert [f.where for f in told(raw)] == ["OBR-7"]
    assert [f.condition for f in told(raw, STRICT)] == [102]


@pytest.mark.parametrize(
    ("accept", "code", "warned"), [("AL", "CA", False), ("XX", "CA", True), ('""', "AA", False)]
)
def test_conditions_outside_their_table_are_told(accept: str, code: str, warned: bool) -> None:
    understood = understand(results(accept=accept), DEFAULT_READING)
    assert understood.message is not None
    assert ack_code(understood.message.header, understood.verdict, ()) == code
    assert ("MSH-15" in [f.where for f in understood.findings]) is warned


@pytest.mark.parametrize(
    ("sex", "taken"), [("F", True), ("U", True), ("", True), ("X", False), ("1", False)]
)
def test_a_sex_outside_its_table_is_refused(sex: str, taken: bool) -> None:
    raw = message(msh(), PID.replace("|19550815|F|", f"|19550815|{sex}|"), *ROWS)
    assert (("PID-8", 103) not in [(f.where, f.condition) for f in told(raw)]) is taken
