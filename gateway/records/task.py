"""Work that must follow from a fact: written in the same commit, due at a time, or settled."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gateway.records.patient import PatientKey


class TaskKind(StrEnum):
    NOTICE = "notice"
    """Tell the patient something: an e-mail or SMS of VAULT NOT-01, made when it leaves."""
    MAIL = "mail"
    """Send a document by MSSanté to one recipient."""
    BUSINESS_ACK = "business-ack"
    """Send ZAM^Z01 to the sender's own MLLP address."""
    RELEASE = "release"
    """File what was held for an identity that is qualified now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTask:
    """`subject` is a document id or a receipt; `payload` is small JSON, encrypted at rest."""

    kind: TaskKind
    subject: str
    due_at: datetime
    patient: PatientKey | None = None
    payload: bytes = b"{}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A claimed task: ours until the lease ends. `attempts` counts this one."""

    id: int
    kind: TaskKind
    subject: str
    patient: PatientKey | None
    payload: bytes
    attempts: int
    created_at: datetime
