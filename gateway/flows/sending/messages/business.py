"""Business answers: what a sender who asked is told of its message later (XDM_HL7V2 A6).

Made as tasks in the commit of what they tell of; a lane each sender, so that they keep order.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from msgspec import structs, to_builtins

from gateway.clock import Clock, Ids
from gateway.flows.sending.outcome import Outcome
from gateway.mapping.hl7v2.zam import error_of
from gateway.records.intake.filing import Intake
from gateway.records.intake.finding import Finding, Severity
from gateway.records.messages.business_ack import AckEvent, BusinessAck, ErrorSystem
from gateway.records.messages.business_answer import BusinessAnswer
from gateway.records.messages.message import Header, Message
from gateway.records.patients.patient import PatientKey
from gateway.records.task import NewTask, Task, TaskKind

YES = "Y"
LANE = "answers:"
DMP_CODES = {"vault-closed": "DMPClosed"}
"""Our finding -> the DMP's own code, where one is published."""
OTHER = 906
KEPT = "kept"
"""First word of a mail that was laid into a folder: nobody knows yet whether it arrived."""
Json = dict[str, Any]


def wants_reception(message: Message | None) -> bool:
    return message is not None and message.flags.get("ACK_RECEPTION") == YES


def wants_reading(message: Message | None) -> bool:
    return message is not None and message.flags.get("ACK_LECTURE_MSS") == YES


def dmp_answer(
    intake: Intake, ids: Ids, *, positive: bool, findings: Iterable[Finding] = ()
) -> list[NewTask]:
    """ZAM^Z01: Y when filed, N with the reason for which the vault did not take it."""
    message = intake.understanding.message
    if message is None or not wants_reception(message) or message.flags.get("DESTDMP") != YES:
        return []
    ack = BusinessAck(
        event=AckEvent.RECEPTION_DMP,
        original=message.header.control_id,
        positive=positive,
        error=None if positive else dmp_error(findings),
    )
    answer = BusinessAnswer(
        sender=intake.sender,
        control_id=ids.identifier(),
        at=intake.at.isoformat(timespec="seconds"),
        ack=ack,
        header=message.header,
    )
    return [answer_task(answer, intake.receipt)]


def dmp_asker(intake: Intake) -> Json | None:
    """What a task that feeds a DMP must keep so that its outcome can be told (ZAM^Z01); None where
    nobody asked."""
    message = intake.understanding.message
    if message is None or not wants_reception(message):
        return None
    return {"sender": intake.sender, "header": structs.asdict(message.header)}


def dmp_error(findings: Iterable[Finding]) -> tuple[str, str, str]:
    """ERR-5 for the first finding that kept a document out of the vault."""
    for finding in findings:
        if finding.code in DMP_CODES:
            return error_of(DMP_CODES[finding.code], ErrorSystem.DMP)
        if finding.severity is Severity.ERROR or finding.code.startswith("vault-"):
            return error_of(str(finding.application or OTHER), ErrorSystem.APPLICATION)
    return error_of(str(OTHER), ErrorSystem.APPLICATION)


def answer_task(
    answer: BusinessAnswer, subject: str, *, patient: PatientKey | None = None
) -> NewTask:
    """Due at once: its instant is the one of what it tells of."""
    return NewTask(
        kind=TaskKind.BUSINESS_ACK,
        subject=subject,
        due_at=datetime.fromisoformat(answer.at),
        patient=patient,
        payload=json.dumps(to_builtins(answer)).encode(),
        lane=LANE + answer.sender,
    )


def answer_in(payload: bytes) -> BusinessAnswer:
    """Out of the payload of a BUSINESS_ACK task. Raises KeyError or TypeError on another one."""
    read: Json = json.loads(payload)
    ack: Json = read["ack"]
    error = tuple(ack.pop("error") or ())
    return BusinessAnswer(
        sender=read["sender"],
        control_id=read["control_id"],
        at=read["at"],
        ack=BusinessAck(error=error if len(error) == 3 else None, **ack),
        header=Header(**read["header"]),
    )


def mail_asker(intake: Intake, address: str) -> Json | None:
    """What a MAIL task must keep so that its outcome can be told; None where nobody asked."""
    message = intake.understanding.message
    if message is None or not wants_reception(message):
        return None
    return {
        "sender": intake.sender,
        "header": structs.asdict(message.header),
        "recipient_id": recipient_id(message, address),
    }


def recipient_id(message: Message, address: str) -> str:
    """The number that PRT gives a recipient, "" without one."""
    return dict(zip(message.recipients, message.recipient_ids, strict=False)).get(address, "")


@dataclass(frozen=True, slots=True)
class FollowMail:
    """ZAM^Z02 for each MAIL task that ended, from what the delivery really said."""

    clock: Clock
    ids: Ids

    def __call__(self, task: Task, outcome: Outcome) -> tuple[NewTask, ...]:
        if task.kind is not TaskKind.MAIL or outcome.words.partition(":")[0] == KEPT:
            return ()
        payload: Mapping[str, Any] = json.loads(task.payload)
        asker: Json | None = payload.get("ack")
        if asker is None:
            return ()
        header = Header(**asker["header"])
        ack = BusinessAck(
            event=AckEvent.RECEPTION_MSS,
            original=header.control_id,
            positive=not outcome.dead,
            recipient=payload["to"],
            recipient_id=asker["recipient_id"],
            error=mail_error(outcome.finding) if outcome.dead else None,
        )
        answer = BusinessAnswer(
            sender=asker["sender"],
            control_id=self.ids.identifier(),
            at=self.clock.now().isoformat(timespec="seconds"),
            ack=ack,
            header=header,
        )
        return (answer_task(answer, task.subject, patient=task.patient),)


@dataclass(frozen=True, slots=True)
class FollowDmp:
    """ZAM^Z01 for each task that fed a DMP and ended, from what the DMP really said."""

    clock: Clock
    ids: Ids

    def __call__(self, task: Task, outcome: Outcome) -> tuple[NewTask, ...]:
        if task.kind is not TaskKind.FORWARD:
            return ()
        payload: Mapping[str, Any] = json.loads(task.payload)
        asker: Json | None = payload.get("ack")
        if asker is None:
            return ()
        header = Header(**asker["header"])
        ack = BusinessAck(
            event=AckEvent.RECEPTION_DMP,
            original=header.control_id,
            positive=not outcome.dead,
            error=_fed_error(outcome.finding) if outcome.dead else None,
        )
        answer = BusinessAnswer(
            sender=asker["sender"],
            control_id=self.ids.identifier(),
            at=self.clock.now().isoformat(timespec="seconds"),
            ack=ack,
            header=header,
        )
        return (answer_task(answer, task.subject, patient=task.patient),)


def _fed_error(finding: Finding | None) -> tuple[str, str, str]:
    """ERR-5: the DMP's own code; 906 where none of its own kept the documents here."""
    if finding is None:
        return error_of(str(OTHER), ErrorSystem.APPLICATION)
    return error_of(finding.code, ErrorSystem.DMP)


def mail_error(finding: Finding | None) -> tuple[str, str, str]:
    """ERR-5: the code of the server's reply; 906 where none of its own kept the mail here."""
    if finding is None or finding.application is None:
        return error_of(str(OTHER), ErrorSystem.APPLICATION)
    return error_of(str(finding.application), ErrorSystem.SMTP)
