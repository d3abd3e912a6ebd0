"""Published examples of the agency and of other projects, where their corpus is at hand."""

import csv
from pathlib import Path

import pytest

from gateway.mapping.hl7v2 import split_batch, understand
from gateway.records.intake.finding import Verdict
from gateway.records.intake.reading import DEFAULT_READING

CORPUS = Path(__file__).parents[5] / "shared" / "corpus"

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not here")


def expected(corpus: str) -> list[dict[str, str]]:
    with (CORPUS / corpus / "expected.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows, corpus
    return rows


def test_every_message_of_the_world_is_split_as_it_was_counted() -> None:
    for row in expected("hl7v2-world"):
        raw = (CORPUS / "hl7v2-world" / row["file"]).read_bytes()
        messages = split_batch(raw)
        assert len(messages) == int(row["messages_in_file"]), row["file"]
        if row["index"] != "-1" and row["delims"].count(row["delims"][1]) == 1:
            message = understand(messages[int(row["index"])], DEFAULT_READING).message
            assert message is not None
            assert (message.segments, message.obx) == (int(row["n_segments"]), int(row["n_obx"]))
            assert message.header.control_id == row["control_id"]


def test_a_published_document_of_another_patient_is_refused_and_a_sound_one_taken() -> None:
    for row in expected("hl7v2"):
        raw = (CORPUS / "hl7v2" / row["file"]).read_bytes()
        understood = understand(raw, DEFAULT_READING)
        if "PATIENT_MISMATCH" in row["issues"] or "NOT_CDA" in row["issues"]:
            assert understood.verdict is Verdict.REFUSE, row["file"]
        elif row["file"].startswith(("lps11", "pam")):
            assert understood.verdict is not Verdict.REFUSE, row["file"]
