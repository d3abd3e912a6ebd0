"""Batches: counts of BTS and FTS, and one batch of acknowledgements."""

from datetime import UTC, datetime

import pytest
from hl7_samples import message, msh, results

from gateway.mapping.hl7v2 import split_batch
from gateway.mapping.hl7v2.control.envelopes import batch_answer, is_batch
from gateway.mapping.understand import understand_all
from gateway.records.intake.finding import Verdict
from gateway.records.intake.reading import DEFAULT_READING, Reading

AT = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
HEAD = b"BHS|^~\\&|LAB|SITE|GW|HERE|20260115||||LOT1|\r"


def lot(*, bts: str = "2", fts: str = "1", end: bytes = b"\r") -> bytes:
    one = results(control_id="B1") + results(control_id="B2")
    whole = b"FHS|^~\\&|LAB\r" + HEAD + one + f"BTS|{bts}\rFTS|{fts}\r".encode()
    return whole.replace(b"\r", end)


def told(raw: bytes) -> list[str]:
    read = understand_all(raw, DEFAULT_READING)
    return [one.where for each in read for one in each.findings if one.code == "batch-count"]


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n"])
def test_each_message_is_understood_and_right_counts_say_nothing(end: bytes) -> None:
    read = understand_all(lot(end=end), DEFAULT_READING)
    assert [one.verdict for one in read] == [Verdict.ACCEPT] * 2
    assert [one.message.header.control_id for one in read if one.message] == ["B1", "B2"]
    assert told(lot(end=end)) == []


@pytest.mark.parametrize(
    ("bts", "fts", "where"),
    [("3", "1", ["BTS-1"]), ("2", "2", ["FTS-1"]), ("0", "0", ["BTS-1", "FTS-1"]),
     ("", "", []), ("deux", "1", ["BTS-1"]), ("2|commentaire", "1|x", [])],
)  # fmt: skip
def test_counts_that_differ_are_warnings(bts: str, fts: str, where: list[str]) -> None:
    raw = lot(bts=bts, fts=fts)
    assert told(raw) == where
    assert all(one.verdict is Verdict.ACCEPT for one in understand_all(raw, DEFAULT_READING))


def test_the_count_of_the_second_batch_begins_again() -> None:
    second = HEAD + results(control_id="B3") + b"BTS|1\r"
    raw = lot().replace(b"FTS|1", second + b"FTS|2")
    assert told(raw) == []
    assert len(split_batch(raw)) == 3


def test_a_single_message_is_no_batch() -> None:
    assert not is_batch(results())
    assert is_batch(b"\xef\xbb\xbf" + HEAD)
    assert is_batch(b"\r\n" + HEAD)


def test_one_answer_for_a_batch_names_it_and_counts_the_answers() -> None:
    made = batch_answer(lot(), [b"MSH|1\r", b"MSH|2\r"], control_id="r1", at=AT)
    rows = made.decode().split("\r")
    assert rows[0] == "BHS|^~\\&|GW|HERE|LAB|SITE|20260115093000+0000||||r1|LOT1"
    assert rows[1:] == ["MSH|1", "MSH|2", "BTS|2", ""]


@pytest.mark.parametrize("head", [b"BHS|", b"BHS|^~\\&", b"FHS#*~\\&#x", b"BHS|\xff\xfe|\x00|"])
def test_a_poor_header_still_gets_an_answer(head: bytes) -> None:
    made = batch_answer(head + b"\r" + results(), [b"MSH|1\r"], control_id="r1", at=AT)
    assert made.startswith(b"BHS")
    assert b"r1" in made


def test_a_batch_of_more_messages_than_are_taken_at_once_is_refused_whole() -> None:
    few = Reading(max_messages=3)
    taken = understand_all(message(*[msh()] * 3), few)
    assert len(taken) == 3
    [refused] = understand_all(message(*[msh()] * 4), few)
    assert refused.verdict is Verdict.REFUSE
    assert "batch-too-many" in {one.code for one in refused.findings}
    assert refused.message is not None
