"""What must follow from a filed document, as tasks of the same commit."""

import json
from datetime import datetime, timedelta

from gateway.records.document import Action, Document
from gateway.records.filing import Filed, Intake
from gateway.records.finding import Verdict
from gateway.records.patient import PatientKey
from gateway.records.task import NewTask, TaskKind

YES = "Y"
QUARTER_MINUTES = 15
PATIENT_DOMAIN = "@patient."
NOTICES = {
    Action.CREATE: "new_document",
    Action.REPLACE: "changed_document",
    Action.UPDATE: "changed_document",
    Action.DELETE: "changed_document",
}
NOTICE_PAYLOADS = {
    action: json.dumps({"notice": notice}).encode() for action, notice in NOTICES.items()
}


def notice(document: Document, subject: str, patient: PatientKey, at: datetime) -> NewTask | None:
    """The patient is told, unless the document is not for them to see yet (VAULT DOC-11).

    Due when the quarter of an hour ends, so that many deposits make one message (NOT-04).
    """
    if "INVISIBLE_PATIENT" in document.confidentiality:
        return None
    return NewTask(
        kind=TaskKind.NOTICE,
        subject=subject,
        due_at=quarter_after(at),
        patient=patient,
        payload=NOTICE_PAYLOADS[document.action],
    )


def quarter_after(at: datetime) -> datetime:
    """The end of the quarter of an hour that holds `at`."""
    start = at.replace(minute=at.minute - at.minute % QUARTER_MINUTES, second=0, microsecond=0)
    return start + timedelta(minutes=QUARTER_MINUTES)


def mails(intake: Intake, patient: PatientKey | None, filed: tuple[Filed, ...]) -> list[NewTask]:
    """One task a recipient, for the legs the flags ask for (XDM_HL7V2 A5)."""
    message = intake.understanding.message
    if message is None or not message.forwards:
        return []
    to_patient = message.flags.get("DESTMSSANTEPAT") == YES
    to_professionals = message.flags.get("DESTMSSANTEPS") == YES
    tasks = []
    for address in message.recipients:
        is_patient = PATIENT_DOMAIN in address
        if to_patient if is_patient else to_professionals:
            payload = {"to": address, "documents": [one.id for one in filed]}
            tasks.append(
                NewTask(
                    kind=TaskKind.MAIL,
                    subject=intake.receipt,
                    due_at=intake.at,
                    patient=patient,
                    payload=json.dumps(payload).encode(),
                )
            )
    return tasks


def business_ack(intake: Intake, verdict: Verdict, code: str = "") -> list[NewTask]:
    """ZAM^Z01 to a sender who asked for one (XDM_HL7V2 A6): Y when filed, N with the reason."""
    message = intake.understanding.message
    if message is None or message.flags.get("ACK_RECEPTION") != YES:
        return []
    if message.flags.get("DESTDMP") != YES or verdict is Verdict.HOLD:
        return []
    payload = {"control_id": message.header.control_id, "ok": verdict is Verdict.ACCEPT}
    if code:
        payload["code"] = code
    return [
        NewTask(
            kind=TaskKind.BUSINESS_ACK,
            subject=intake.receipt,
            due_at=intake.at,
            payload=json.dumps(payload).encode(),
        )
    ]
