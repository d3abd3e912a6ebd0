"""Where an act came from and what it was is said in words, never as the log writes it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from gateway.records.patients.account import NewTrace, Trace
from gateway.records.patients.patient import DESK
from gateway.records.readers.access import Reader, ReaderKind
from gateway.vault.desk.journal import row_of
from gateway.vault.patient.history import line_of

RESUMED = NewTrace(
    patient=DESK,
    action="log-resumed",
    permitted=True,
    rule="operator",
    kind="operator",
    actor="A-1",
    actor_name="",
    door="command",
)


def written(one: NewTrace) -> Trace:
    return Trace(number=1, at=datetime(2026, 3, 12, 9, tzinfo=UTC), trace=one)


def test_the_patient_reads_in_words_where_a_notice_left_from() -> None:
    notice = replace(RESUMED, action="notified", kind="system", door="outbox")
    line = line_of(written(notice), Reader(kind=ReaderKind.PATIENT, id="00"))
    assert line.origin == "passerelle"


@pytest.mark.parametrize(
    ("door", "said"), [("command", "ligne de commande"), ("outbox", "passerelle")]
)
def test_the_auditor_reads_every_door_in_words(door: str, said: str) -> None:
    assert row_of(written(replace(RESUMED, door=door)))["door"] == said


def test_the_auditor_reads_in_words_that_the_log_goes_on_after_a_loss() -> None:
    assert row_of(written(RESUMED))["what"] == "a repris le journal après une perte"
