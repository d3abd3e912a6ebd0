"""The receipt of an erasure: what it says, to whom it goes, and that it names nobody."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from gateway.flows.erasing.receipt import SendReceipt, body_of, receipt_task, written
from gateway.records.patients.account import NewTrace
from gateway.records.patients.erasure import Cause, Erasure
from gateway.records.patients.patient import DESK
from gateway.records.task import NewTask, Task, TaskKind

AT = datetime(2026, 5, 26, 9, 0, tzinfo=UTC)
DONE = Erasure(
    id="ab" * 16,
    at=AT,
    cause=Cause.ASKED,
    since=datetime(2026, 3, 2, 9, 0, tzinfo=UTC),
    by="Camille Fabre",
    proposed_by="Lou Testeur",
    documents=("d1" * 32, "d2" * 32),
    keys=("c1" * 16,),
    entries=7,
    messages=2,
)


@dataclass
class Twin:
    """What a carrier asks for: a receipt, a log, an outbox."""

    found: Erasure | None = DONE
    sent: list[dict[str, str]] = field(default_factory=list)
    acts: list[NewTrace] = field(default_factory=list)
    forgotten: list[int] = field(default_factory=list)

    async def receipt(self, identifier: str) -> Erasure | None:
        assert identifier == DONE.id
        return self.found

    async def forget_place(self, task: int) -> None:
        self.forgotten.append(task)

    async def write(self, traces: Sequence[NewTrace], *, then: Sequence[NewTask] = ()) -> None:
        self.acts += traces

    async def send(self, **words: str) -> None:
        self.sent.append(words)


def task(channel: str = "email", to: str = "anne@exemple.test") -> Task:
    made = receipt_task(DONE, (channel, to))
    return Task(
        id=3,
        kind=made.kind,
        subject=made.subject,
        patient=made.patient,
        payload=made.payload,
        attempts=1,
        created_at=AT,
    )


def carrier(twin: Twin) -> SendReceipt:
    return SendReceipt(erasures=twin, traces=twin, outbox=twin)  # type: ignore[arg-type]  # a part of each


def test_a_receipt_states_what_was_erased_and_when() -> None:
    lines = written(DONE).splitlines()
    assert lines[0] == f"Reçu de suppression n° {DONE.id}"
    assert lines[1:3] == [
        "Suppression demandée le 2 mars 2026",
        "Supprimé le 26 mai 2026 (2026-05-26T09:00:00Z)",
    ]
    assert {*DONE.documents, *DONE.keys} <= set(lines)
    assert "Camille" not in written(DONE)
    assert "Lou" not in written(DONE)


async def test_it_goes_to_the_last_contact_which_is_then_forgotten() -> None:
    twin = Twin()
    assert await carrier(twin).carry(task()) == "sent"
    (sent,) = twin.sent
    assert (sent["channel"], sent["to"]) == ("email", "anne@exemple.test")
    assert written(DONE) in sent["body"]
    assert twin.forgotten == [3]
    (act,) = twin.acts
    assert (act.patient, json.loads(act.details)["erasure"]) == (DESK, DONE.id)
    assert b"exemple" not in act.details


@pytest.mark.parametrize(("channel", "whole"), [("sms", False), ("letter", True)])
def test_a_telephone_is_told_in_one_sentence(channel: str, *, whole: bool) -> None:
    body = body_of(DONE, channel)
    assert (DONE.documents[0] in body) == whole
    assert DONE.id in body


async def test_without_a_receipt_nothing_leaves() -> None:
    twin = Twin(found=None)
    assert await carrier(twin).carry(task()) == "gone"
    assert (twin.sent, twin.forgotten) == ([], [])


def test_the_task_is_of_nobodys_record() -> None:
    made = receipt_task(DONE, ("sms", "0612345678"))
    assert (made.kind, made.patient) == (TaskKind.ERASURE_RECEIPT, None)
