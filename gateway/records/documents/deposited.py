"""What came in together, and what its sender said of the whole (XDS SubmissionSet)."""

from dataclasses import dataclass
from datetime import datetime

from gateway.records.intake.understanding import Submission
from gateway.records.patients.patient import PatientKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Deposited:
    """A receipt that filed at least one document. `documents` are the ids of its answer, those that
    were here before among them; `submission` is None where the format has no such words, and for
    what came before they were kept."""

    receipt: str
    patient: PatientKey
    at: datetime
    documents: tuple[str, ...]
    submission: Submission | None = None
