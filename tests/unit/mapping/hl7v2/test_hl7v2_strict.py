"""Strict validation: what hl7apy says, without its blind spots and without values."""

import base64
import time

import pytest
from hl7_samples import INS, PID, ROWS, cda, document, message, msh, results

from gateway.mapping.hl7v2 import strict
from gateway.mapping.hl7v2.strict import validate

ADMISSION = (msh("ADT^A01^ADT_A01"), "EVN||20260115", "PID|1||7||X^Y", "PV1|1|I")
LINK = "^TEXT^XML^Base64^"


def told(raw: bytes) -> list[tuple[str, str, int | None]]:
    return [(one.code, one.where, one.condition) for one in validate(raw)]


def test_a_message_that_follows_its_structure_has_no_finding() -> None:
    assert validate(message(*ADMISSION)) == []
    assert validate(results()) == []
    assert validate(document(cda())) == []


def test_a_missing_segment_and_a_missing_field_are_named() -> None:
    found = validate(message(*ADMISSION[:3], "PV1|1|"))
    assert [(one.where, one.condition) for one in found] == [("PV1-2", 101)]
    found = validate(message(*ADMISSION[:3]))
    assert [(one.where, one.condition) for one in found] == [("PV1", 100)]


@pytest.mark.parametrize(
    ("row", "where", "condition"),
    [
        ("OBX|3|ST|1-1^x^LN||v", "OBX[3]-11", 101),
        ("OBX|3|ST|||v||||||F", "OBX[3]-3", 101),
        ("OBX|3|ST|1-1^x^LN~2-2^y^LN||v||||||F", "OBX[3]-3", 198),
        ("OBX|3|ST|1-1^x^LN^a^b^c^d^e^f^g||v||||||F", "OBX[3]-3", 100),
        ("OBX|3|ST|1-1^x^LN||v||||||F" + "|" * 30 + "x", "OBX[3]", 100),
        ("SPM|1", "SPM-4", 101),
        ("PV1|1|I", "/", 198),
    ],
)
def test_a_finding_names_the_segment_it_is_about(row: str, where: str, condition: int) -> None:
    assert told(results(*ROWS, row)) == [("structure", where, condition)]


def test_a_group_out_of_place_is_said_in_words() -> None:
    (found,) = validate(results(*ROWS, "PV1|1|I"))
    assert "out of its place" in found.message
    assert "patient" in found.message


def test_prt_and_z_segments_do_not_disturb() -> None:
    assert validate(message(*ADMISSION, "PRT||UC||SB", "ZFA|ACTIF", "ZBE|1")) == []


@pytest.mark.parametrize("size", [10, 100_000, 2_000_000])
def test_a_document_of_any_size_is_validated_with_its_message(size: int) -> None:
    raw = document(cda() + b" " * size)
    assert told(raw) == []
    assert told(raw.replace(b"PID|1||", b"PID|1|||")) == [("structure", "PID-3", 101)]


@pytest.mark.parametrize("encoding", ["A", "Hex", "Base64"])
def test_data_that_stays_in_the_text_is_shortened(encoding: str) -> None:
    data = base64.b64encode(bytes(300_000)).decode()
    data = "\r\n".join(data[at : at + 76] for at in range(0, len(data), 76))
    rows = f"OBX|1|ED|11502-2^CR^LN||^TEXT^XML^{encoding}^{data}||||||F"
    started = time.process_time()
    assert told(results(*ROWS[:2], rows)) == []
    assert time.process_time() - started < 10


def test_a_long_text_is_cut_between_its_escapes() -> None:
    text = "\\T\\" * 40_000 + "^" + "x" * 5_000
    assert told(results(*ROWS[:2], f"OBX|1|TX|1-1^x^LN||{text}||||||F")) == []


def test_of_very_many_rows_the_first_are_validated_and_the_message_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert strict.MAX_OF_A_KIND == 500
    monkeypatch.setattr(strict, "MAX_OF_A_KIND", 9)
    rows = [f"OBX|{n}|NM|1-1^x^LN||1|g/L|||||F" for n in range(1, 12)]
    rows[10] = rows[10].removesuffix("|F")
    assert told(results(*ROWS[:2], *rows)) == [("not-validated", "/", None)]
    rows[4] = rows[4].removesuffix("|F")
    assert told(results(*ROWS[:2], *rows))[0] == ("structure", "OBX[5]-11", 101)


@pytest.mark.parametrize("version", ["2.1", "2.3.1", "2.7", "2.7.1", "2.8", "2.9"])
def test_versions_that_hl7apy_misjudges_are_not_validated_and_say_so(version: str) -> None:
    assert told(results(version=version)) == [("not-validated", "MSH-12", None)]


@pytest.mark.parametrize("version", ["2.4", "2.5", "2.5.1", "2.6", "2.5^FRA^2.11"])
def test_the_versions_of_the_volets_are_validated(version: str) -> None:
    assert told(results(version=version)) == []
    assert told(results("OBX|1|ST|1-1^x^LN||v||||||F", version=version)) != []


def test_no_value_of_the_message_comes_back() -> None:
    for raw in (
        results(),
        results(pid=PID.replace("|F|", "|" + "SECRET" * 9 + "|")),
        results(*ROWS, "OBX|SECRET|SECRET|SECRET^^^^^^^^^^^^SECRET||SECRET|" + "|" * 30 + "SECRET"),
        results(*ROWS, "SECRET|SECRET"),
    ):
        told_words = " ".join(one.message + one.where for one in validate(raw))
        assert not any(trait in told_words for trait in (INS, "PATTE", "SECRET"))


def test_unreadable_input_is_a_finding() -> None:
    for raw in (b"", b"MSH|", b"\xff\xfe", b"MSH|^~\\&|||||||X^Y^Z|1|P|2.5\r"):
        assert all(one.severity == "error" for one in validate(raw))
        assert validate(raw)
