"""What must follow from a filed document, as tasks of the same commit."""

import json
from datetime import datetime

from gateway.access.time import one_month_after, two_weeks_after
from gateway.flows.sending.messages.business import mail_asker
from gateway.flows.sending.notices.quarter import quarter_after
from gateway.mapping.mail.report import message_id_of
from gateway.records.documents.document import Action
from gateway.records.intake.filing import Filed, Intake
from gateway.records.messages.mailbox import is_patient_box
from gateway.records.patients.patient import PatientKey
from gateway.records.task import NewTask, TaskKind

YES = "Y"
NOTICES = {
    Action.CREATE: "new_document",
    Action.REPLACE: "changed_document",
    Action.UPDATE: "changed_document",
    Action.DELETE: "changed_document",
}
NOTICE_PAYLOADS = {
    action: json.dumps({"notice": notice}).encode() for action, notice in NOTICES.items()
}
OPENED = json.dumps({"notice": "opened"}).encode()
WAITING = json.dumps({"notice": "waiting"}).encode()
ANNOUNCED = json.dumps({"notice": "opened", "announced": True}).encode()


def notices(
    action: Action, subject: str, patient: PatientKey, at: datetime, *, since: datetime | None
) -> list[NewTask]:
    """The patient is told, unless the document waits for its announcement: `since` is when it
    was first hidden from the patient, None where it is not or was announced (VAULT DOC-11).

    Due when the quarter of an hour ends, so that many deposits make one message (NOT-04). Of what
    waits: two weeks after `since` an invitation, and at one month that it opened (N11). A version
    that follows takes over what the former one had not told yet; the former's own notices are
    refused when they leave, as those of a replaced document.
    """
    opens = one_month_after(since) if since else at
    if opens <= at:
        return [_notice(NOTICE_PAYLOADS[action], subject, patient, quarter_after(at))]
    if action is Action.DELETE:
        return []
    tasks = [_notice(OPENED, subject, patient, opens)]
    invites = two_weeks_after(since) if since else at
    if invites > at:
        tasks.append(_notice(WAITING, subject, patient, invites))
    return tasks


def announced(subject: str, patient: PatientKey, at: datetime) -> NewTask:
    """The consultation took place: the patient is told at once that the document opened."""
    return _notice(ANNOUNCED, subject, patient, at)


def _notice(payload: bytes, subject: str, patient: PatientKey, due: datetime) -> NewTask:
    return NewTask(
        kind=TaskKind.NOTICE, subject=subject, due_at=due, patient=patient, payload=payload
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
        if to_patient if is_patient_box(address) else to_professionals:
            payload = {
                "to": address,
                "documents": list(dict.fromkeys(one.id for one in filed)),
                "ack": mail_asker(intake, address),
            }
            tasks.append(
                NewTask(
                    kind=TaskKind.MAIL,
                    subject=intake.receipt,
                    due_at=intake.at,
                    patient=patient,
                    payload=json.dumps(payload).encode(),
                    name=message_id_of(intake.receipt, message.recipients.index(address)),
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
