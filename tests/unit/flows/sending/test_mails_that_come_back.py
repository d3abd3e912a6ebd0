"""A mail that its relay took and brought back: the operator sees it, whoever asked."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from filing_samples import CountingIds

from gateway.errors import DeferredError
from gateway.flows.sending.mail_report import NOT_ASKED, TellReport
from gateway.ports.metrics import NoMetrics
from gateway.records.messages.business_ack import AckEvent
from gateway.records.messages.mail_report import MailReport
from gateway.records.messages.message import Header, Message
from gateway.records.task import Task, TaskKind

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
RECEIPT = "0123456789abcdef" * 2


class FixedClock:
    def now(self) -> datetime:
        return NOW

    def monotonic(self) -> float:
        return 0.0


@dataclass
class Sent:
    """The port `SentTasks`; `under_way` until our own word of the mail is down."""

    under_way: bool = False
    kind: TaskKind = TaskKind.MAIL
    dead: list[tuple[str, str]] = field(default_factory=list)

    async def call(self, task: Task, name: str) -> None:
        raise NotImplementedError

    async def returned(self, name: str, *, outcome: str, at: datetime) -> set[TaskKind]:
        if self.under_way:
            raise DeferredError("under way")
        self.dead.append((name, outcome))
        return {self.kind}


def report(**more: Any) -> Task:
    told = MailReport(event=AckEvent.RECEPTION_MSS, receipt=RECEIPT, place=1, **more)
    return Task(
        id=1,
        kind=TaskKind.MAIL_REPORT,
        subject="r2",
        patient=None,
        payload=json.dumps(asdict(told)).encode(),
        attempts=1,
        created_at=NOW,
    )


def telling(sent: Sent, flags: Mapping[str, str]) -> TellReport:
    message = Message(header=Header(), flags=flags, recipients=("a@x.fr", "b@x.fr"))

    async def again(_receipt: str) -> Any:
        return SimpleNamespace(
            receipt=SimpleNamespace(sender="labo"), understanding=SimpleNamespace(message=message)
        )

    return TellReport(again, FixedClock(), CountingIds(), sent, NoMetrics())  # type: ignore[arg-type]  # a twin


@pytest.mark.parametrize(("asks", "answers"), [("N", 0), ("Y", 1)])
async def test_a_mail_that_came_back_is_a_dead_letter_whoever_asked(
    asks: str, answers: int
) -> None:
    sent = Sent()
    outcome = await telling(sent, {"ACK_RECEPTION": asks}).carry(report(positive=False, code="550"))
    assert sent.dead == [(f"{RECEIPT}.1", "returned: 550")]
    assert (outcome.words == NOT_ASKED, len(outcome.then)) == (asks == "N", answers)


async def test_a_notice_that_came_back_is_one_too_and_answers_no_sender() -> None:
    sent = Sent(kind=TaskKind.DOCTOR_NOTICE)
    flow = telling(sent, {"ACK_RECEPTION": "Y"})
    outcome = await flow.carry(report(positive=False, code="550"))
    assert sent.dead == [(f"{RECEIPT}.1", "returned: 550")]
    assert (outcome.dead, outcome.then) == (False, ())


async def test_a_mail_that_arrived_is_none() -> None:
    sent = Sent()
    await telling(sent, {}).carry(report(positive=True))
    assert sent.dead == []


async def test_what_comes_back_before_we_noted_that_it_left_is_looked_at_again() -> None:
    with pytest.raises(DeferredError):
        await telling(Sent(under_way=True), {}).carry(report(positive=False, code="550"))
