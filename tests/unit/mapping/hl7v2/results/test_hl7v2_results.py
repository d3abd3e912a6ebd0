"""Result rows: one observation each, and one document made of the message itself."""

import hashlib
import time
import tracemalloc
from datetime import UTC, datetime

import pytest
from hl7_samples import PID, ROWS, message, msh, results
from msgspec import structs

from gateway.mapping.hl7v2 import understand
from gateway.mapping.hl7v2.control.ack import acknowledge
from gateway.mapping.hl7v2.results.document import oid_of
from gateway.mapping.results import words_in
from gateway.records.documents.document import Action, Label
from gateway.records.documents.observation import Observation
from gateway.records.intake.finding import Verdict
from gateway.records.intake.reading import DEFAULT_READING, Reading
from gateway.records.intake.understanding import Piece


def rows(*segments: str) -> list[Observation]:
    raw = message(msh(), PID, "OBR|1||A1^labo|58410-2^Hemogramme^LN", *segments)
    return list(understand(raw, DEFAULT_READING).observations[0])


def test_a_row_becomes_an_observation_with_its_group() -> None:
    first = understand(results(), DEFAULT_READING).observations[0][0]
    assert first == Observation(
        code="718-7",
        system="2.16.840.1.113883.6.1",
        text="Hemoglobine",
        value="13.4",
        value_type="NM",
        unit="g/dL",
        range="12.0-16.0",
        flag="N",
        status="F",
        time="2026-01-15T08:15:00Z",
        group="58410-2",
        group_text="Hemogramme",
        group_id="A1^labo",
        sub_id="",
        producer="Labo Test",
        note="",
        category="laboratory",
    )


@pytest.mark.parametrize(
    ("kind", "written", "value"),
    [
        ("NM", "13.4", "13.4"),
        ("ST", r"positif \T\ net", "positif & net"),
        ("SN", "<^0.5", "<0.5"),
        ("SN", "1^:^128", "1:128"),
        ("CE", "10828004^Positif^SCT", "Positif"),
        ("CWE", "POS", "POS"),
        ("TX", "ligne 1~ligne 2", "ligne 1\nligne 2"),
        ("FT", r"ligne 1\.br\ligne 2", "ligne 1\nligne 2"),
        ("NM", "", ""),
    ],
)
def test_values_are_text_as_received(kind: str, written: str, value: str) -> None:
    assert rows(f"OBX|1|{kind}|1-1^x^LN||{written}||||||F")[0].value == value


def test_notes_go_with_the_row_above_them() -> None:
    found = rows(
        "OBX|1|NM|1-1^x^LN||1||||||F",
        r"NTE|1|L|a revoir \T\ a jeun",
        "NTE|2|L|dans un mois",
        "OBX|2|NM|2-2^y^LN||2||||||F",
        "OBR|2||B2",
        "NTE|1|L|du groupe",
    )
    assert [one.note for one in found] == ["a revoir & a jeun\ndans un mois", ""]


def test_a_new_request_opens_a_group() -> None:
    found = rows("OBX|1|NM|1-1||1||||||F", "OBR|2||B2|24323-8^Biochimie", "OBX|1|NM|2-2||2||||||F")
    assert [one.group_id for one in found] == ["A1^labo", "B2"]


def test_results_become_one_biology_document_whose_body_is_the_message() -> None:
    raw = results(control_id="CTL-9")
    understood = understand(raw, DEFAULT_READING)
    (document,), (content,) = understood.documents, understood.contents
    assert (document.type_code, document.label, document.mime_type) == (
        "11502-2",
        Label.BIOLOGIE,
        "x-application/hl7-v2+er7",
    )
    assert document.identifiers == ("CTL-9", "A1")
    assert document.unique_id == oid_of("LAB|TESTEUR|CTL-9")
    assert document.sha256 == hashlib.sha256(raw).hexdigest()
    assert (content.body, content.piece) == (raw, Piece(0, len(raw), base64=False))
    assert "hemoglobine" in words_in(content.body)
    assert understood.results == 2


def test_a_corrected_row_makes_the_document_a_replacement_in_its_set() -> None:
    first = understand(results(), DEFAULT_READING).documents[0]
    corrected = ROWS[2].replace("|||F|||", "|||C|||")
    second = understand(results(*ROWS[:2], corrected, control_id="M2"), DEFAULT_READING)
    assert second.documents[0].action is Action.REPLACE
    assert second.documents[0].set_id == first.set_id
    assert second.documents[0].unique_id != first.unique_id


@pytest.mark.parametrize(
    ("row", "code", "condition", "where"),
    [
        ("OBX|1|NM|1-1||1", "required", 101, "OBX-11"),
        ("OBX|1|NM|1-1||1||||||Q", "status", 103, "OBX-11"),
        ("OBX|1|NM|||1||||||F", "required", 101, "OBX-3"),
        ("OBX|1|RP|1-1||\\E\\\\E\\127.0.0.1\\E\\a.pdf||||||F", "reference", 199, "OBX-2"),
    ],
)
def test_unusable_rows_are_refused_with_their_place(
    row: str, code: str, condition: int, where: str
) -> None:
    understood = understand(results("OBR|1", row), DEFAULT_READING)
    assert understood.verdict is Verdict.REFUSE
    assert (code, condition, where) in [(f.code, f.condition, f.where) for f in understood.findings]


def test_a_decimal_comma_is_kept_and_warned_about() -> None:
    understood = understand(results("OBR|1", "OBX|1|NM|1-1^x||1,5||||||F"), DEFAULT_READING)
    assert understood.verdict is Verdict.ACCEPT
    assert understood.observations[0][0].value == "1,5"
    assert [finding.code for finding in understood.findings] == ["decimal-comma"]


def test_results_alone_are_refused_where_the_sender_may_not() -> None:
    understood = understand(results(), Reading(results_only=False))
    assert [finding.code for finding in understood.findings] == ["results-only"]


def test_a_message_with_neither_document_nor_result_is_refused() -> None:
    understood = understand(message(msh(), PID, "OBR|1"), DEFAULT_READING)
    assert [(f.code, f.condition) for f in understood.findings] == [("segment-missing", 100)]


def test_ten_thousand_notes_of_one_row_are_kept_without_haste() -> None:
    start = time.process_time()
    answer = understand(results(*ROWS, *["NTE|1|L|a"] * 10_000), DEFAULT_READING)
    assert time.process_time() - start < 4
    assert answer.observations[0][-1].note == "\n".join(["a"] * 10_000)


def test_what_a_sender_writes_at_length_is_not_kept() -> None:
    tracemalloc.start()
    try:
        for number in range(8):
            long = f"{number:04d}" * 60_000
            row = ROWS[2].replace("718-7", f"718-7{long}").replace("g/dL", long) + f"^{long}"
            read = understand(results(*ROWS[:2], row), DEFAULT_READING)
            assert read.message is not None
            header = structs.replace(read.message.header, sending_facility=long)
            acknowledge(header, code="AA", control_id="x", at=datetime(2026, 1, 15, tzinfo=UTC))
            del read, header
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < 1_000_000
