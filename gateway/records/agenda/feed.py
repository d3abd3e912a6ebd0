"""Subscription addresses of an agenda (VAULT AGE-09)."""

from dataclasses import dataclass
from datetime import datetime

from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import ReaderKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """For whom one profile's calendar is read: the person who asked for the address, in that role.
    The secret of its address is kept as a hash. `detailed`: with professional, place and reason, by
    that person's explicit choice."""

    id: str
    patient: PatientKey
    kind: ReaderKind
    by: str
    detailed: bool = False
    made_at: datetime
