"""What a professional tried at `/pro`, for his own eyes only (PAGES section 6)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gateway.records.patients.patient import PatientKey


class Tried(StrEnum):
    RECORD = "record"
    DOCUMENT = "document"
    DEPOSIT = "deposit"
    AGREEMENT = "agreement"
    EMERGENCY = "emergency"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnTry:
    """`patient` is None where the try names no record: a document that is refused and one that is
    not there are the same try."""

    act: Tried
    permitted: bool
    at: datetime
    patient: PatientKey | None = None
