"""Acknowledgements: the code table of MSH-15 and MSH-16, and the bytes."""

from datetime import UTC, datetime

import pytest
from hl7_samples import PID, ROWS, message, msh, results

from gateway.mapping.hl7v2 import understand
from gateway.mapping.hl7v2.control.ack import ack_code, acknowledge, refuse_unread
from gateway.mapping.hl7v2.control.header import header_of
from gateway.mapping.hl7v2.inspect import message_json
from gateway.records.intake.finding import Finding, Severity, Verdict
from gateway.records.intake.reading import DEFAULT_READING
from gateway.records.messages.message import Header

AT = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
WRONG = Finding(code="x", severity=Severity.ERROR, where="PID-3", message="Mend it.", condition=101)
DEADLY = Finding(
    code="y", severity=Severity.ERROR, where="MSH-12", message="No.", condition=203, fatal=True
)
DOUBT = Finding(code="z", severity=Severity.WARNING, where="OBX[2]-5", message="Look | here.")
WAITS = Finding(code="w", severity=Severity.WARNING, where="PID-32", message="Wait.", holds=True)


@pytest.mark.parametrize("version", ["2.1", "2.3.1", "2.4", "2.4^FRA"])
def test_a_version_before_2_5_finds_code_and_place_in_err_1(version: str) -> None:
    header = Header(type="ORU^R01", control_id="M1", version=version)
    inside = Finding(code="cda", severity=Severity.ERROR, where="/ClinicalDocument", message="Id.")
    found = (WRONG, DOUBT, inside)
    sent = acknowledge(header, code="AE", control_id="R1", at=AT, findings=found).decode()
    assert [line.split("|")[1] for line in sent.split("\r") if line.startswith("ERR")] == [
        "PID^1^3^101&Required field missing&HL70357",
        "^^^207&Application internal error&HL70357",
        "OBX^2^5^0&Message accepted&HL70357",
    ]


def test_fields_echoed_from_other_separators_stay_fields() -> None:
    """Two separators alike cannot be answered in: the answer has those of the standard."""
    raw = b"MSH!^^~&!LAB|1!SITE!GW!TEST!20260115!!ORU^R01!id|7!P!2.5\r"
    read = understand(raw, DEFAULT_READING)
    assert read.message is not None
    answer = acknowledge(
        read.message.header, code="AR", control_id="R1", at=AT, findings=read.findings
    )
    head, msa, *_ = (line.split("|") for line in answer.decode().split("\r"))
    assert head[2:6] == ["GW", "TEST", r"LAB\F\1", "SITE"]
    assert (head[9], msa) == ("R1", ["MSA", "AR", r"id\F\7"])


@pytest.mark.parametrize(
    ("accept", "application", "good", "wrong", "deadly"),
    [
        ("", "", "AA", "AE", "AR"),
        ("AL", "NE", "CA", "CE", "CR"),
        ("AL", "AL", "CA", "CE", "CR"),
        ("AL", "", "CA", "CE", "CR"),
        ("ER", "NE", "none", "CE", "CR"),
        ("SU", "NE", "CA", "none", "none"),
        ("NE", "NE", "none", "none", "none"),
        ("NE", "AL", "AA", "AE", "AR"),
        ("", "ER", "none", "AE", "AR"),
    ],
)
def test_the_code_follows_msh_15_and_msh_16(
    accept: str, application: str, good: str, wrong: str, deadly: str
) -> None:
    header = Header(type="ORU^R01", accept_ack=accept, application_ack=application)
    assert ack_code(header, Verdict.ACCEPT, ()) == good
    assert ack_code(header, Verdict.HOLD, (WAITS,)) == good
    assert ack_code(header, Verdict.REFUSE, (WRONG,)) == wrong
    assert ack_code(header, Verdict.REFUSE, (WRONG, DEADLY)) == deadly
    assert ack_code(header, Verdict.ACCEPT, (), always_original=True) == "AA"


def test_an_acknowledgement_is_never_acknowledged() -> None:
    assert ack_code(Header(type="ACK^R01^ACK"), Verdict.REFUSE, (DEADLY,)) == "none"


def answer(raw: bytes, *findings: Finding, code: str = "AA") -> list[str]:
    header = header_of(raw)
    assert header is not None
    sent = acknowledge(header, code=code, control_id="R1", at=AT, findings=findings)
    assert sent.endswith(b"\r")
    return sent.decode("latin-1").split("\r")[:-1]


def test_the_answer_swaps_the_parties_and_names_the_message() -> None:
    assert answer(results(control_id="CTL/7")) == [
        "MSH|^~\\&|GW|TEST|LAB|TESTEUR|20260115093000+0000||ACK^R01^ACK|R1|P|2.5|||||FRA"
        "|UNICODE UTF-8",
        "MSA|AA|CTL/7",
    ]


def test_msa_2_is_the_control_id_byte_for_byte_in_the_set_of_the_message() -> None:
    for charset, codec in (("8859/15", "iso8859-15"), ("UNICODE UTF-8", "utf-8"), ("", "latin-1")):
        raw = message(
            msh(control_id="n°€"[: 3 if codec != "latin-1" else 2], charset=charset), charset=codec
        )
        understood = understand(raw, DEFAULT_READING)
        assert understood.message is not None
        sent = acknowledge(understood.message.header, code="AA", control_id="R", at=AT)
        assert raw.split(b"|")[9] == sent.split(b"\rMSA|AA|")[1].rstrip(b"\r")
        blind = header_of(raw)
        assert blind is not None
        sent = acknowledge(blind, code="AR", control_id="R", at=AT)
        assert raw.split(b"|")[9] == sent.split(b"\rMSA|AR|")[1].rstrip(b"\r")


def test_every_error_and_warning_is_an_err_with_its_place() -> None:
    segments = answer(results(), WRONG, DOUBT, code="AE")
    assert segments[2:] == [
        "ERR||PID^1^3|101^Required field missing^HL70357|E|||x|Mend it.",
        r"ERR||OBX^2^5|0^Message accepted^HL70357|I|||z|Look \F\ here.",
    ]


@pytest.mark.parametrize(("findings", "letter"), [((WAITS,), "W"), ((DOUBT,), "I")])
def test_severity_w_says_held_and_nothing_else(findings: tuple[Finding, ...], letter: str) -> None:
    assert answer(results(), *findings)[2].split("|")[4] == letter


def test_a_refusal_has_no_err_of_severity_w() -> None:
    letters = [one.split("|")[4] for one in answer(results(), WRONG, WAITS, code="AE")[2:]]
    assert letters == ["E", "I"]


def test_a_finding_of_a_document_is_207_with_906() -> None:
    inside = Finding(code="cda", severity=Severity.ERROR, where="/ClinicalDocument", message="Id.")
    assert answer(results(), inside, code="AE")[2] == (
        "ERR|||207^Application internal error^HL70357|E|906^Other^HL70533||cda|Id."
    )


def test_err_2_names_the_obx_of_what_is_wrong_inside_and_err_8_the_place_there() -> None:
    inside = Finding(
        code="cda-h01",
        severity=Severity.ERROR,
        where="OBX[2]-5: /ClinicalDocument/realmCode",
        message="FR.",
    )
    err = answer(results(), inside, code="AE")[2].split("|")
    assert (err[2], err[8]) == ("OBX^2^5", "FR. (/ClinicalDocument/realmCode)")


@pytest.mark.parametrize(
    ("version", "kind"),
    [("2.5^FRA^2.11", "ACK^R01^ACK"), ("2.4", "ACK^R01^ACK"), ("2.3.1", "ACK"), ("9.9", "ACK")],
)
def test_msh_9_and_msh_12_follow_the_version_of_the_message(version: str, kind: str) -> None:
    fields = answer(results(version=version))[0].split("|")
    assert (fields[8], fields[11]) == (kind, version)


def test_msa_2_stands_even_where_it_is_empty() -> None:
    sent = acknowledge(Header(), code="AR", control_id="R", at=AT, findings=(DEADLY,))
    assert b"\rMSA|AR|\rERR|" in sent


def test_control_characters_never_come_back() -> None:
    header = Header(type="ORU^R01", control_id="A\rMSA|AA|B\x0b", sending_application="X\nY")
    sent = acknowledge(header, code="AA", control_id="R", at=AT)
    assert sent.count(b"\r") == 2
    assert b"\x0b" not in sent
    assert b"\n" not in sent


def test_own_separators_are_used_in_the_answer() -> None:
    raw = results().replace(b"\\", b"!").replace(b"&", b"@").replace(b"^", b"$").replace(b"|", b"#")
    assert answer(raw)[0].startswith("MSH#$~!@#GW#TEST#")


def test_an_unread_message_is_refused_by_its_header_alone() -> None:
    sent = refuse_unread(results(control_id="BIG"), finding=DEADLY, control_id="R", at=AT)
    assert sent is not None
    assert b"\rMSA|AR|BIG\r" in sent
    assert refuse_unread(b"no hl7", finding=DEADLY, control_id="R", at=AT) is None
    quiet = message(msh(accept="NE", application="NE"))
    assert refuse_unread(quiet, finding=DEADLY, control_id="R", at=AT) is None


@pytest.mark.parametrize(
    ("changes", "code", "error"),
    [
        ({}, "AA", None),
        (
            {"event": "ADT^A99^ADT_A99"},
            "AR",
            {"code": 201, "application": None, "where": "MSH-9.2"},
        ),
        ({"event": "ORM^O01"}, "AR", {"code": 200, "application": None, "where": "MSH-9"}),
        ({"version": "9.9"}, "AR", {"code": 203, "application": None, "where": "MSH-12"}),
        ({"processing": "X"}, "AR", {"code": 202, "application": None, "where": "MSH-11"}),
        ({"control_id": ""}, "AE", {"code": 101, "application": None, "where": "MSH-10"}),
        ({"control_id": '""'}, "AE", {"code": 101, "application": None, "where": "MSH-10"}),
        ({"event": "ACK^R01^ACK"}, "none", {"code": 200, "application": None, "where": "MSH-9"}),
    ],
)
def test_inspect_shows_the_answer_a_message_would_get(
    changes: dict[str, str], code: str, error: dict[str, object] | None
) -> None:
    understood = understand(message(msh(**changes), PID, *ROWS), DEFAULT_READING)
    assert understood.message is not None
    shown = message_json(understood.message, understood.findings, understood.verdict)
    assert shown["ack"] == {"code": code, "errors": [error] if error else []}


def test_inspect_shows_the_fields_of_the_contract() -> None:
    understood = understand(results(), DEFAULT_READING)
    assert understood.message is not None
    shown = message_json(understood.message, understood.findings, understood.verdict)
    assert (shown["type"], shown["segments"], shown["obx"]) == ("ORU^R01^ORU_R01", 6, 2)
    assert (shown["patient_ids"], shown["birth_date"]) == (2, "19550815")


def places(*findings: Finding, code: str) -> list[str]:
    header = Header(type="ORU^R01", control_id="M1", version="2.5")
    sent = acknowledge(header, code=code, control_id="R1", at=AT, findings=findings).decode()
    return [line.split("|")[2] for line in sent.split("\r") if line.startswith("ERR")]


def test_what_decided_is_the_first_err() -> None:
    """Many senders read one ERR, and show no other."""
    assert places(DOUBT, WAITS, WRONG, code="AE") == ["PID^1^3", "OBX^2^5", "PID^1^32"]
    assert places(DOUBT, WAITS, code="AA") == ["PID^1^32", "OBX^2^5"]
    assert places(*[DOUBT] * 60, WRONG, code="AE")[0] == "PID^1^3"


def test_the_whole_of_what_a_field_carries_is_no_place_worth_telling() -> None:
    whole = Finding(
        code="x", severity=Severity.ERROR, where="OBX-5: /", message="Not XML (line 3)."
    )
    header = Header(type="ORU^R01", control_id="M1", version="2.5")
    sent = acknowledge(header, code="AE", control_id="R1", at=AT, findings=(whole,)).decode()
    assert sent.endswith("|Not XML (line 3).\r")
