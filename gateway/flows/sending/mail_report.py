"""Receipts of mails: whoever asked is told that a mail arrived, or was read (ZAM^Z02, Z03)."""

import json
from dataclasses import asdict, dataclass, field
from datetime import timedelta

import structlog

from gateway.clock import Clock, Ids
from gateway.errors import RefusedError
from gateway.flows.again import Again
from gateway.flows.sending.business import answer_task, recipient_id, wants_reading, wants_reception
from gateway.flows.sending.outcome import Outcome
from gateway.mapping.hl7v2.zam import error_of
from gateway.mapping.mail_report import message_id_of
from gateway.ports.metrics import Metrics, NoMetrics
from gateway.ports.tasks import SentTasks
from gateway.records.intake.filing import Answer, Filing, Intake
from gateway.records.intake.finding import Verdict
from gateway.records.messages.business_ack import AckEvent, BusinessAck, ErrorSystem
from gateway.records.messages.business_answer import BusinessAnswer
from gateway.records.messages.mail_report import MailReport
from gateway.records.messages.message import Message
from gateway.records.task import NewTask, Task, TaskKind

TOLD, NOT_ASKED = "told", "not-asked"
RETURNED = "returned"
"""First word of a mail that its relay took and brought back; behind it the code of the reply."""
log = structlog.get_logger()
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
    metrics: Metrics = field(default_factory=NoMetrics)

    async def carry(self, task: Task) -> Outcome:
        report = MailReport(**json.loads(task.payload))
        event = AckEvent(report.event)
        came_back = event is AckEvent.RECEPTION_MSS and not report.positive
        if came_back and TaskKind.DOCTOR_NOTICE in await self._returned(report):
            return Outcome(words=f"{RETURNED}: a notice")
        kept = await self.again(report.receipt)
        message = kept.understanding.message
        if message is None or report.place >= len(message.recipients):
            raise RefusedError("The receipt names no recipient of its message.")
        if not WANTED[event](message):
            return Outcome(words=NOT_ASKED)
        answer = BusinessAnswer(
            sender=kept.receipt.sender,
            control_id=self.ids.identifier(),
            at=self.clock.now().isoformat(timespec="seconds"),
            ack=_ack(report, event, message),
            header=message.header,
        )
        return Outcome(words=TOLD, then=(answer_task(answer, report.receipt),))

    async def _returned(self, report: MailReport) -> set[TaskKind]:
        """What kinds of mail it was. Raises DeferredError where our own word of it is not down."""
        name = message_id_of(report.receipt, report.place)
        outcome = f"{RETURNED}: {report.code}"
        kinds = await self.sent.returned(name, outcome=outcome, at=self.clock.now())
        for kind in kinds:
            self.metrics.delivered(kind=kind.value, outcome=RETURNED)
        log.warning("mail.returned", receipt=report.receipt, code=report.code)
        return kinds


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
