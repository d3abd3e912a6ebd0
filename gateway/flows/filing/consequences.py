"""What must follow from a filed document, as tasks of the same commit."""

import json
from datetime import datetime

from gateway.flows.sending.business import mail_asker
from gateway.flows.sending.quarter import quarter_after
from gateway.records.document import Action, Document
from gateway.records.filing import Filed, Intake
from gateway.records.patient import PatientKey
from gateway.records.task import NewTask, TaskKind

YES = "Y"
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
            payload = {
                "to": address,
                "documents": [one.id for one in filed],
                "ack": mail_asker(intake, address),
            }
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


def release(intake: Intake, key: PatientKey | None, names: tuple[bytes, ...]) -> NewTask:
    """What waited for one of these names, or "root^extension", is judged again."""
    payload = ",".join(name.hex() for name in names).encode()
    return NewTask(
        kind=TaskKind.RELEASE,
        subject=intake.receipt,
        due_at=intake.at,
        patient=key,
        payload=payload,
    )
