"""Where one message of an input ends and the next begins: nothing between them is of either."""

import base64

import pytest
from hl7_samples import cda, document, results

from gateway.mapping.hl7v2 import split_batch, understand
from gateway.mapping.understand import understand_all
from gateway.records.intake.finding import Verdict
from gateway.records.intake.reading import DEFAULT_READING

ONE, TWO = results(control_id="M1"), results(control_id="M2")
HEAD = b"FHS|^~\\&|LAB\rBHS|^~\\&|LAB\r"


@pytest.mark.parametrize(
    "raw",
    [
        ONE + b"\r\r\n \t\r\n" + TWO,
        ONE + b"\xef\xbb\xbf" + TWO,
        b"\xef\xbb\xbf" + ONE.replace(b"\r", b"\n") + b"\xef\xbb\xbf" + TWO,
        HEAD + ONE + TWO + b"BTS\rFTS\r",
        HEAD + ONE + TWO + b"BTS\r\nFTS",
        HEAD + ONE + b"BTS|1\r" + HEAD[-13:] + TWO + b"BTS\r",
    ],
)
def test_what_stands_between_two_messages_is_of_neither(raw: bytes) -> None:
    found = understand_all(raw, DEFAULT_READING)
    assert [one.verdict for one in found] == [Verdict.ACCEPT] * 2
    assert [one.message and one.message.segments for one in found] == [6, 6]
    assert "continuation-line" not in [told.code for one in found for told in one.findings]


def test_a_blank_line_is_as_an_empty_one() -> None:
    for blank in (b"\r", b"  \r", b"\t\r\n"):
        raw = ONE.replace(b"\rOBX|2", b"\r" + blank + b"OBX|2") + blank
        read = understand(raw, DEFAULT_READING)
        assert (read.verdict, read.results) == (Verdict.ACCEPT, 2)


@pytest.mark.parametrize("name", [b"MSH/", b"MSH+", b"BTS/", b"FHS+"])
def test_a_line_of_base64_is_no_segment(name: bytes) -> None:
    data = base64.b64encode(cda() + b"\n" * 3)
    at = len(data) - len(data) % 4 - 400
    text = data[:at] + b"\r\n" + name + b"\r\n" + data[at:]
    raw = document(b"", encoded=text.decode())
    assert split_batch(raw) == [raw]


def test_of_very_many_messages_no_more_are_parted_than_are_asked_for() -> None:
    raw = b"MSH|^~\\&|A\rPID|1\r" * 5
    assert [len(part) for part in split_batch(raw, most=2)] == [17, 17, 3 * 17]
    assert len(split_batch(raw, most=5)) == 5
    assert len(split_batch(raw.replace(b"PID|1\r", b"PID|1\n"), most=3)) == 4
