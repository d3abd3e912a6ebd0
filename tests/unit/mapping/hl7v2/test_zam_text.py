"""ZAM^Z01, Z02 and Z03: their exact text, and read back what was written."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hl7_samples import message, msh
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from gateway.mapping.hl7v2 import understand
from gateway.mapping.hl7v2.control.ack import ack_code, acknowledge
from gateway.mapping.hl7v2.control.header import header_of
from gateway.mapping.hl7v2.zam import error_of, write_zam
from gateway.mapping.inspect import inspect_line
from gateway.records.intake.finding import Verdict
from gateway.records.intake.reading import DEFAULT_READING
from gateway.records.messages.business_ack import AckEvent, BusinessAck, ErrorSystem
from gateway.records.messages.business_answer import BusinessAnswer
from gateway.records.messages.message import Header

CORPUS = Path(__file__).parents[5] / "shared" / "corpus" / "hl7v2"
ORDER = Header(
    sending_application="SIL-Y",
    sending_facility="labo",
    receiving_application="PFI-X",
    receiving_facility="Organisation-X",
    processing="P",
    control_id="015",
    character_set="UNICODE UTF-8",
)
DMP = BusinessAck(event=AckEvent.RECEPTION_DMP, original="015", positive=True)
MAILED = BusinessAck(
    event=AckEvent.RECEPTION_MSS,
    original="015",
    positive=True,
    recipient="adam.hoda@exemple.mssante.fr",
    recipient_id="801234567897",
)


def answer(ack: BusinessAck, header: Header = ORDER) -> BusinessAnswer:
    return BusinessAnswer(
        sender="labo", control_id="Z17", at="2026-01-15T10:15:00+00:00", ack=ack, header=header
    )


def lines(ack: BusinessAck, header: Header = ORDER) -> list[str]:
    return write_zam(answer(ack, header)).decode().split("\r")


def test_the_dmp_took_it() -> None:
    assert lines(DMP) == [
        "MSH|^~\\&|PFI-X|Organisation-X|SIL-Y|labo|20260115101500+0000||ZAM^Z01^ZAM_Z01|Z17|P|2.6"
        "|||||FRA|UNICODE UTF-8|||2.1^CISIS_CDA_HL7_V2",
        "EVN||20260115101500+0000",
        "OBX|1|CWE|ACK_RECEPTION_DMP^Accusé de réception DMP^AckMetierZAM|015"
        "|Y^^expandedYes-NoIndicator||||||F",
        "",
    ]


def test_the_dmp_did_not_take_it() -> None:
    refused = replace(DMP, positive=False, error=error_of("DMPClosed", ErrorSystem.DMP))
    assert lines(refused)[2:] == [
        "OBX|1|CWE|ACK_RECEPTION_DMP^Accusé de réception DMP^AckMetierZAM|015"
        "|N^^expandedYes-NoIndicator||||||F",
        "ERR|||207^Application internal error^messageErrorCondition|E"
        "|DMPClosed^DMP fermé^DMPERRORCODE",
        "",
    ]


def test_a_mail_arrived_or_not() -> None:
    assert lines(MAILED)[2:4] == [
        "OBX|1|CWE|ACK_RECEPTION_MSS^Accusé de réception MSSanté^AckMetierZAM|015"
        "|Y^^expandedYes-NoIndicator||||||F",
        "OBX|2|XTN|DESTINATAIRE_MSS^Destinataire MSSanté^AckMetierZAM|801234567897"
        "|^^X.400^adam.hoda@exemple.mssante.fr||||||F",
    ]
    lost = replace(MAILED, positive=False, error=error_of("550", ErrorSystem.SMTP))
    assert lines(lost)[4] == (
        "ERR|||207^Application internal error^messageErrorCondition|E"
        "|550^Boîte aux lettres inexistante ou refusée^SMTPERRORCODE"
    )


def test_a_mail_was_read() -> None:
    read = replace(MAILED, event=AckEvent.LECTURE_MSS)
    assert "ZAM^Z03^ZAM_Z01" in lines(read)[0]
    assert lines(read)[2].startswith("OBX|1|CWE|ACK_LECTURE_MSS^Accusé de lecture^AckMetierZAM|")
    assert lines(read)[3].startswith("OBX|2|XTN|LECTEUR_MSS^Lecteur du courriel MSSanté^")


def test_a_sender_of_latin_9_is_answered_in_latin_9() -> None:
    raw = write_zam(answer(DMP, structs.replace(ORDER, character_set="8859/15")))
    assert b"|8859/15|" in raw
    assert "Accusé de réception".encode("iso8859-15") in raw


def test_fields_of_other_delimiters_are_written_in_ours() -> None:
    strange = structs.replace(
        ORDER, field="#", encoding="*!?$", sending_application="A|B*1.2$3*ISO", control_id="C"
    )
    first = lines(replace(DMP, original="C*1"), strange)
    assert "|A\\F\\B^1.2&3^ISO|labo|" in first[0]
    assert "|C^1|" in first[2]


@pytest.mark.parametrize(
    ("code", "system", "told"),
    [
        ("902", ErrorSystem.APPLICATION, "902"),
        ("888", ErrorSystem.APPLICATION, "906"),
        ("550", ErrorSystem.SMTP, "550"),
        ("555", ErrorSystem.SMTP, "554"),
        ("454", ErrorSystem.SMTP, "451"),
        ("DMPUnheardOf", ErrorSystem.DMP, "DMPUnheardOf"),
    ],
)
def test_a_code_outside_the_published_list_is_told_by_its_nearest(
    code: str, system: ErrorSystem, told: str
) -> None:
    assert error_of(code, system)[0] == told


acks = st.builds(
    BusinessAck,
    event=st.sampled_from([AckEvent.RECEPTION_MSS.value, AckEvent.LECTURE_MSS.value]),
    original=st.text("ABC-123", min_size=1, max_size=20),
    positive=st.sampled_from([False]),
    recipient=st.text("ab|^&~\\@.é", min_size=1, max_size=30),
    recipient_id=st.text("0123|^", max_size=20),
    error=st.tuples(
        st.text("ab|^&é", min_size=1), st.text("de ^~\\", max_size=9), st.just("SMTPERRORCODE")
    ),
)


@given(acks)
def test_what_is_written_is_read_back_the_same(ack: BusinessAck) -> None:
    read = understand(write_zam(answer(ack)), DEFAULT_READING)
    assert read.verdict is Verdict.ACCEPT
    assert read.message is not None
    assert read.message.business_ack == ack


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ((), "ack-missing"),
        (("OBX|1|CWE|ACK_RECEPTION_DMP^x^AckMetierZAM||Y||||||F",), "required"),
        (("OBX|1|CWE|ACK_RECEPTION_DMP^x^AckMetierZAM|015|O||||||F",), "ack-value"),
        (("OBX|1|CWE|ACK_LECTURE_MSS^x^AckMetierZAM|015|Y||||||F",), "ack-event"),
    ],
)
def test_a_zam_that_does_not_say_it_is_refused(rows: tuple[str, ...], code: str) -> None:
    raw = message(msh("ZAM^Z01^ZAM_Z01", version="2.6"), "EVN||20260115", *rows)
    read = understand(raw, DEFAULT_READING)
    assert read.verdict is Verdict.REFUSE
    assert code in [finding.code for finding in read.findings]


def test_a_zam_is_acknowledged_like_any_message() -> None:
    raw = write_zam(answer(DMP))
    read = understand(raw, DEFAULT_READING)
    header = header_of(raw)
    assert header is not None
    assert ack_code(header, read.verdict, read.findings) == "AA"
    ack = acknowledge(header, code="AA", control_id="R", at=datetime(2026, 1, 15, tzinfo=UTC))
    assert b"|ACK^Z01^ACK|" in ack


def test_inspect_shows_what_it_says() -> None:
    line = inspect_line("f", understand(write_zam(answer(MAILED)), DEFAULT_READING))
    told = line["message"]["business_ack"]
    assert (told["event"], told["original"], told["positive"]) == ("Z02", "015", True)


@pytest.mark.parametrize("name", ["z01_reception_dmp_error", "z02_reception_mss", "z03_lecture"])
def test_the_published_examples_are_understood(name: str) -> None:
    path = CORPUS / f"v21_zam_{name}.er7"
    if not path.is_file():
        pytest.skip("the published examples are not beside this repository")
    read = understand(path.read_bytes(), DEFAULT_READING)
    assert read.message is not None
    assert read.message.business_ack is not None
    assert read.message.business_ack.original == "015"
    assert read.verdict is Verdict.ACCEPT
