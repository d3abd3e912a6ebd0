"""Receipts of mails: whoever asked is told that a mail arrived, or was read (ZAM^Z02, Z03)."""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta

import structlog

from gateway.clock import Clock, Ids
from gateway.errors import RefusedError
from gateway.flows.again import Again
from gateway.flows.sending.mails.undelivered import RETURNED, not_delivered
from gateway.flows.sending.messages.business import (
    answer_task,
    recipient_id,
    wants_reading,
    wants_reception,
)
from gateway.flows.sending.outcome import Outcome
from gateway.mapping.hl7v2.zam import error_of
from gateway.mapping.mail.report import message_id_of
from gateway.ports.metrics import Metrics, NoMetrics
from gateway.ports.tasks import SentTasks
from gateway.records.intake.filing import Answer, Filing, Intake
from gateway.records.intake.finding import Verdict
from gateway.records.messages.business_ack import AckEvent, BusinessAck, ErrorSystem
from gateway.records.messages.business_answer import BusinessAnswer
from gateway.records.messages.mail_report import MailReport
from gateway.records.messages.message import Message
from gateway.records.task import CameBack, Comeback, NewTask, Task, TaskKind

TOLD, NOT_ASKED = "told", "not-asked"
UNCLEAR = "unclear"
"""First word of a receipt that may be of the last try or of one before; behind it the code, and
the number of the mail's task."""
UNREAD = "unread"
"""The same of a mail that arrived, and that the software of its recipient did not take in."""
EARLIER = "earlier: a later try followed"
log = structlog.get_logger()
CameBackTo = Callable[[MailReport], Awaitable[None]]
"""Tells a patient what became of a message."""
WANTED = {AckEvent.RECEPTION_MSS: wants_reception, AckEvent.LECTURE_MSS: wants_reading}
SYSTEMS = {
    AckEvent.RECEPTION_MSS: ErrorSystem.SMTP,
    AckEvent.LECTURE_MSS: ErrorSystem.APPLICATION,
}


def reported(intake: Intake, report: MailReport, kept: timedelta) -> Filing:
    """A receipt is taken: the mail is kept for a while, its meaning told by a task."""
    findings = intake.understanding.findings
    task = NewTask(
        kind=TaskKind.MAIL_REPORT,
        subject=intake.receipt,
        due_at=intake.at,
        payload=json.dumps(asdict(report)).encode(),
    )
    return Filing(
        answer=Answer(receipt=intake.receipt, verdict=Verdict.ACCEPT, findings=findings),
        tasks=() if report.positive is None else (task,),
        keep_until=intake.at + kept,
    )


@dataclass(frozen=True, slots=True)
class TellReport:
    """Carries MAIL_REPORT tasks. What the sender asked for stands in its own message; that a mail
    came back is told to the operator whoever asked, as a dead letter."""

    again: Again
    clock: Clock
    ids: Ids
    sent: SentTasks
    came_back: CameBackTo
    metrics: Metrics = field(default_factory=NoMetrics)

    async def carry(self, task: Task) -> Outcome:
        report = MailReport(**json.loads(task.payload))
        event = AckEvent(report.event)
        if event is AckEvent.RECEPTION_MSS and not report.positive:
            end = await self._returned(report)
            if end is not None:
                return end
        sent = await self.sent.bearing(message_id_of(report.receipt, report.place))
        if TaskKind.MESSAGE in sent.values():
            await self.came_back(report)
            return Outcome(words=TOLD)
        if TaskKind.DOCTOR_NOTICE in sent.values():
            return _unasked(report, sent)
        kept = await self.again(report.receipt)
        message = kept.understanding.message
        if message is None or report.place >= len(message.recipients):
            raise RefusedError("The receipt names no recipient of its message.")
        if not WANTED[event](message):
            return _unasked(report, sent)
        answer = BusinessAnswer(
            sender=kept.receipt.sender,
            control_id=self.ids.identifier(),
            at=self.clock.now().isoformat(timespec="seconds"),
            ack=_ack(report, event, message),
            header=message.header,
        )
        return Outcome(words=TOLD, then=(answer_task(answer, report.receipt),))

    async def _returned(self, report: MailReport) -> Outcome | None:
        """None where its sender is to be told. Raises DeferredError where our own word of the mail
        is not down."""
        found = await self.sent.returned(
            message_id_of(report.receipt, report.place),
            left=datetime.fromisoformat(report.left_at) if report.left_at else None,
            tries=report.tries,
            outcome=f"{RETURNED}: {report.code}",
            at=self.clock.now(),
            say=not_delivered,
        )
        for one in found:
            said = {"task": one.number, "code": report.code, "outcome": one.comeback.value}
            log.warning("mail.returned", receipt=report.receipt, **said)
            if one.comeback is Comeback.ENDED:
                self.metrics.delivered(kind=one.kind.value, outcome=RETURNED)
        return _end_of(found, report.code)


def _end_of(found: Sequence[CameBack], code: str) -> Outcome | None:
    """Of a try that a later one followed nobody is told; where it may have been the later one, the
    operator is. A notice answers no sender."""
    comebacks = {one.comeback: one for one in found}
    if not found or Comeback.ENDED in comebacks or Comeback.DEAD in comebacks:
        is_notice = any(one.kind is TaskKind.DOCTOR_NOTICE for one in found)
        return Outcome(words=f"{RETURNED}: a notice") if is_notice else None
    if unclear := comebacks.get(Comeback.UNCLEAR):
        return Outcome(words=f"{UNCLEAR}: {code} {unclear.number}", dead=True)
    return Outcome(words=EARLIER)


def _unasked(report: MailReport, sent: Mapping[int, TaskKind]) -> Outcome:
    """No sender waits for it: that a recipient's software could not take a mail in is for the
    operator to know."""
    if report.positive or report.event == AckEvent.RECEPTION_MSS:
        return Outcome(words=NOT_ASKED)
    number = max(sent, default="")
    return Outcome(words=f"{UNREAD}: {report.code} {number}".rstrip(), dead=True)


def _ack(report: MailReport, event: AckEvent, message: Message) -> BusinessAck:
    address = message.recipients[report.place]
    positive = bool(report.positive)
    return BusinessAck(
        event=event,
        original=message.header.control_id,
        positive=positive,
        recipient=address,
        recipient_id=recipient_id(message, address),
        error=None if positive else error_of(report.code, SYSTEMS[event]),
    )
