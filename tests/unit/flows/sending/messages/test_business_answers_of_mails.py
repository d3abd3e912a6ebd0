"""ZAM^Z02 from what the delivery of a mail really said."""

import json
from datetime import UTC, datetime

import pytest
from filing_samples import KEY, CountingIds
from msgspec import structs
from reading_twins import MemoryPeople

from gateway.flows.sending.messages.answer_back import NO_ADDRESS, AnswerBack
from gateway.flows.sending.messages.business import FollowMail, answer_in
from gateway.flows.sending.outcome import Outcome
from gateway.mssante.postman import _said
from gateway.records.messages.message import Header
from gateway.records.task import NewTask, Task, TaskKind

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
ADDRESS = "dr@exemple.mssante.fr"
ASKER = {"sender": "labo", "header": structs.asdict(Header(control_id="C1")), "recipient_id": "899"}


class FixedClock:
    def now(self) -> datetime:
        return NOW

    def monotonic(self) -> float:
        return 0.0


def mail(asker: object = ASKER, kind: TaskKind = TaskKind.MAIL) -> Task:
    payload = {"to": ADDRESS, "documents": [], "ack": asker}
    return Task(
        id=1,
        kind=kind,
        subject="r1",
        patient=KEY,
        payload=json.dumps(payload).encode(),
        attempts=1,
        created_at=NOW,
    )


def followed(outcome: Outcome, task: Task | None = None) -> tuple[NewTask, ...]:
    return FollowMail(FixedClock(), CountingIds())(task or mail(), outcome)


@pytest.mark.parametrize(
    ("outcome", "positive", "error"),
    [
        (Outcome(words="2.0.0 Ok, queued"), True, None),
        (Outcome(words="refused: x", dead=True, finding=_said(550)), False, "550"),
        (Outcome(words="given-up: x", dead=True, finding=_said(451)), False, "451"),
        (Outcome(words="given-up: x", dead=True, finding=_said(111)), False, "111"),
        (Outcome(words="refused: x", dead=True, finding=_said(555)), False, "554"),
        (Outcome(words="denied: F60", dead=True), False, "906"),
        (Outcome(words="refused: no such address", dead=True), False, "906"),
    ],
)
def test_the_sender_is_told_what_the_server_said(
    outcome: Outcome, positive: bool, error: str | None
) -> None:
    (task,) = followed(outcome)
    answer = answer_in(task.payload)
    assert (task.kind, task.lane, task.patient) == (TaskKind.BUSINESS_ACK, "answers:labo", KEY)
    assert (answer.ack.event, answer.ack.original, answer.ack.positive) == ("Z02", "C1", positive)
    assert (answer.ack.recipient, answer.ack.recipient_id) == (ADDRESS, "899")
    assert (answer.ack.error[0] if answer.ack.error else None) == error


def test_nobody_is_told_what_nobody_knows_or_asked() -> None:
    assert followed(Outcome(words="kept: no relay is set")) == ()
    assert followed(Outcome(words="2.0.0 Ok"), mail(None)) == ()
    assert followed(Outcome(words="AA"), mail(kind=TaskKind.RELEASE)) == ()


async def test_an_answer_without_an_address_is_settled_as_that() -> None:
    (task,) = followed(Outcome(words="2.0.0 Ok"))

    def nobody(_address: str) -> AnswerBack:
        raise AssertionError

    flow = AnswerBack(MemoryPeople(), nobody)  # type: ignore[arg-type]  # nobody is asked
    told = Task(
        id=2,
        kind=task.kind,
        subject="r1",
        patient=None,
        payload=task.payload,
        attempts=1,
        created_at=NOW,
    )
    assert await flow.carry(told) == NO_ADDRESS
