"""A mail that its relay took and brought back: the operator sees it, whoever asked."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from filing_samples import CountingIds

from gateway.errors import DeferredError
from gateway.flows.sending.mails.report import NOT_ASKED, TellReport
from gateway.flows.sending.outcome import Outcome
from gateway.ports.metrics import NoMetrics
from gateway.ports.tasks import Say
from gateway.records.messages.business_ack import AckEvent
from gateway.records.messages.mail_report import MailReport
from gateway.records.messages.message import Header, Message
from gateway.records.task import CameBack, Comeback, Task, TaskKind

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
    comeback: Comeback = Comeback.ENDED
    dead: list[tuple[str, str]] = field(default_factory=list)
    left: list[datetime | None] = field(default_factory=list)
    tries: list[int] = field(default_factory=list)
    told: list[MailReport] = field(default_factory=list)

    async def call(self, task: Task, name: str, *, payload: bytes) -> None:
        raise NotImplementedError

    async def bearing(self, name: str) -> dict[int, TaskKind]:
        return {4711: self.kind}

    async def returned(
        self,
        name: str,
        *,
        left: datetime | None,
        tries: int = 0,
        outcome: str,
        at: datetime,
        say: Say,
    ) -> list[CameBack]:
        if self.under_way:
            raise DeferredError("under way")
        self.left.append(left)
        self.tries.append(tries)
        if self.comeback is Comeback.ENDED:
            self.dead.append((name, outcome))
        return [CameBack(number=4711, kind=self.kind, comeback=self.comeback)]


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

    async def came_back(told: MailReport) -> None:
        sent.told.append(told)

    return TellReport(again, FixedClock(), CountingIds(), sent, came_back, NoMetrics())  # type: ignore[arg-type]  # a twin


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


async def test_the_receipt_of_a_try_before_the_last_is_told_to_nobody() -> None:
    sent = Sent(comeback=Comeback.EARLIER)
    told = report(positive=False, code="550", left_at="2026-03-01T10:00:07+01:00", tries=2)
    outcome = await telling(sent, {"ACK_RECEPTION": "Y"}).carry(told)
    assert (outcome.dead, outcome.then, outcome.words.split(":")[0]) == (False, (), "earlier")
    assert (sent.left, sent.tries) == ([datetime(2026, 3, 1, 9, 0, 7, tzinfo=UTC)], [2])


async def test_a_receipt_that_was_taken_by_yesterdays_code_is_of_an_unknown_try() -> None:
    sent = Sent(comeback=Comeback.UNCLEAR)
    told = report(positive=False, code="550")
    kept = {name: value for name, value in json.loads(told.payload).items() if name != "tries"}
    outcome = await telling(sent, {}).carry(replace(told, payload=json.dumps(kept).encode()))
    assert (outcome.dead, sent.tries) == (True, [0])


@pytest.mark.parametrize("kind", [TaskKind.MAIL, TaskKind.DOCTOR_NOTICE])
async def test_a_receipt_that_may_be_of_either_try_is_for_the_operator_to_judge(
    kind: TaskKind,
) -> None:
    sent = Sent(comeback=Comeback.UNCLEAR, kind=kind)
    told = report(positive=False, code="550")
    outcome = await telling(sent, {"ACK_RECEPTION": "Y"}).carry(told)
    assert outcome == Outcome(words="unclear: 550 4711", dead=True)
    assert sent.left == [None]


async def test_a_mail_that_no_software_could_take_in_is_told_to_whom_it_concerns() -> None:
    """The operator, unless its sender asked whether it is read."""
    told = replace(report(positive=False, code="902"), payload=of_reading(code="902"))
    unasked = await telling(Sent(), {"ACK_RECEPTION": "Y"}).carry(told)
    assert unasked == Outcome(words="unread: 902 4711", dead=True)
    asked = await telling(Sent(), {"ACK_LECTURE_MSS": "Y"}).carry(told)
    assert (asked.dead, len(asked.then)) == (False, 1)


@pytest.mark.parametrize(("positive", "dead"), [(True, False), (False, True)])
async def test_a_receipt_of_a_notice_is_not_looked_for_among_those_of_senders(
    positive: bool, dead: bool
) -> None:
    sent = Sent(kind=TaskKind.DOCTOR_NOTICE)
    told = replace(report(positive=positive), payload=of_reading(positive=positive))
    outcome = await telling(sent, {"ACK_LECTURE_MSS": "Y"}).carry(told)
    assert (outcome.dead, outcome.then) == (dead, ())


def of_reading(*, positive: bool = False, code: str = "") -> bytes:
    told = MailReport(
        event=AckEvent.LECTURE_MSS, receipt=RECEIPT, place=1, positive=positive, code=code
    )
    return json.dumps(asdict(told)).encode()


async def test_a_mail_that_arrived_is_none() -> None:
    sent = Sent()
    await telling(sent, {}).carry(report(positive=True))
    assert sent.dead == []


async def test_what_comes_back_before_we_noted_that_it_left_is_looked_at_again() -> None:
    with pytest.raises(DeferredError):
        await telling(Sent(under_way=True), {}).carry(report(positive=False, code="550"))
