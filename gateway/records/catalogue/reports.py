"""« Signaler ce service » : what somebody tells the desk of a service, and the answer (APP-08)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gateway.records.patients.patient import PatientKey


class ReportReason(StrEnum):
    DATA = "donnees"
    """It uses data otherwise than it said."""
    SECURITY = "securite"
    WRONG = "erreur"
    """What it wrote is wrong."""
    MONEY = "paiement"
    """It asks for money, or advertises."""
    OTHER = "autre"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """`name` is what the service was called then. `answer` is "" while it waits."""

    id: str
    patient: PatientKey
    service: str
    name: str
    reason: ReportReason
    words: str
    at: datetime
    answer: str = ""
    answered_at: datetime | None = None
