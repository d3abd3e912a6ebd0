"""Who is to be told of an access: the first of a professional, and each entry in an emergency."""

import json
from dataclasses import replace
from datetime import datetime

from gateway.access.time import is_minor
from gateway.flows.reading.decided.gate import Gate
from gateway.flows.sending.notices.quarter import quarter_after
from gateway.records.readers.access import Decision, NoticeKind, ReaderKind
from gateway.records.task import NewTask, TaskKind

SECRET = "CONNEXION_SECRETE"  # noqa: S105 — a flag of MetaDMPMSS, no password


def access_notices(
    gate: Gate, decision: Decision, *, document: str | None = None
) -> tuple[NewTask, ...]:
    """After a permitted reading; whether it is still the first is asked when it leaves (F32), and
    of one `document` whether its addressee may know of that (VAULT NOT-03).

    Due with the quarter of an hour, so that a consultation makes one message (VAULT NOT-04).
    """
    reader = gate.reader
    if reader.kind is not ReaderKind.PROFESSIONAL or not decision.permitted or not reader.id:
        return ()
    first = gate.switches.access_notice.at(gate.now) == "first"
    known = first and reader.id in gate.record.known_readers
    if gate.is_emergency or known or is_secret_connection(gate):
        return ()
    return (_notice(gate, NoticeKind.ACCESS, quarter_after(gate.now), document),)


def emergency_notices(gate: Gate) -> tuple[NewTask, ...]:
    """Each entry, at once and alone: to the patient side, and to the treating doctor (VAULT N5)."""
    to_patient = _notice(gate, NoticeKind.EMERGENCY_ACCESS, gate.now)
    to_doctor = replace(to_patient, kind=TaskKind.DOCTOR_NOTICE)
    return (to_doctor,) if is_secret_connection(gate) else (to_patient, to_doctor)


def is_secret_connection(gate: Gate) -> bool:
    """A minor who asked for it: nothing of this exchange is sent to the patient's side (F30)."""
    asked = gate.circumstances.flags.get(SECRET, False)
    return asked and is_minor(gate.record.birth_date, gate.now)


def _notice(gate: Gate, kind: NoticeKind, due: datetime, document: str | None = None) -> NewTask:
    payload = {"notice": kind.value, "actor": gate.reader.id or ""}
    if document is not None:
        payload["document"] = document
    return NewTask(
        kind=TaskKind.NOTICE,
        subject=kind.value,
        due_at=due,
        patient=gate.patient,
        payload=json.dumps(payload).encode(),
    )
