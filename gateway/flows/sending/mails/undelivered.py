"""What the history of a patient says of a mail that did not arrive (VAULT GEN-06): a further entry
behind the one of its leaving, which stays as it was written.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import orjson

from gateway.flows.sending.mails.mail import recipient_of
from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import NoticeKind, ReaderKind
from gateway.records.task import Task, TaskKind

UNREACHABLE, DOCTOR_RETURNED = "doctor-unreachable", "doctor-returned"
MAIL_FAILED, MAIL_RETURNED = "mail-failed", "mail-returned"
REFUSED, GIVEN_UP = "refused", "given-up"
RETURNED = "returned"
"""First words of outcomes; the last of a mail that its relay took and brought back, with the code
of the reply behind it."""
NOTICE_RULE = "P42"
DOCTOR = "doctor"
"""In the payload of a DOCTOR_NOTICE: who it left for, as the patient reads it."""
OWN_BOX = "La boîte du titulaire"
SOMEBODY = {"id": "", "name": "Le médecin traitant"}
"""Of a notice that left before its task kept for whom."""


def not_delivered(task: Task, outcome: str) -> tuple[NewTrace, ...]:
    """For the outcome that made a dead letter of this task; nothing where its own carrier, or the
    rule that kept the mail here, wrote of it."""
    if task.patient is None:
        return ()
    end = outcome.partition(":")[0]
    match task.kind:
        case TaskKind.MAIL if end in (REFUSED, GIVEN_UP, RETURNED):
            return _of_a_mail(task, task.patient, end)
        case TaskKind.DOCTOR_NOTICE if end in (GIVEN_UP, RETURNED):
            doctor = json.loads(task.payload).get(DOCTOR, SOMEBODY)
            act = DOCTOR_RETURNED if end == RETURNED else UNREACHABLE
            return (of_a_notice(task.patient, doctor, act, why=end),)
    return ()


def of_a_notice(patient: PatientKey, doctor: Mapping[str, Any], act: str, *, why: str) -> NewTrace:
    """`doctor` is what DOCTOR holds: id, name, profession, organization."""
    return NewTrace(
        patient=patient,
        action=act,
        permitted=True,
        rule=NOTICE_RULE,
        kind=ReaderKind.PROFESSIONAL,
        actor=doctor["id"],
        actor_name=doctor["name"],
        profession=doctor.get("profession"),
        organization=doctor.get("organization"),
        door="smtp",
        details=orjson.dumps({"notice": NoticeKind.EMERGENCY_ACCESS.value, "outcome": why}),
    )


def _of_a_mail(task: Task, patient: PatientKey, end: str) -> tuple[NewTrace, ...]:
    """One entry a document, as there was one when it left. Of the patient's own box it is no act of
    the patient: those are left out of a history."""
    payload = json.loads(task.payload)
    reader = recipient_of(payload["to"], patient)
    own = reader.kind is ReaderKind.PATIENT
    act = NewTrace(
        patient=patient,
        action=MAIL_RETURNED if end == RETURNED else MAIL_FAILED,
        permitted=True,
        rule=end,
        kind="system" if own else reader.kind,
        actor="" if own else reader.id or "",
        actor_name=OWN_BOX if own else reader.name,
        door="smtp",
        details=orjson.dumps({"outcome": end}),
    )
    return tuple(replace(act, document=one) for one in payload["documents"])
