"""Who is told of what happens in a record: its patient, and each representative (ACCESS P40, P41).

Caregivers and applications never are; whether an addressee may be told is asked for each notice.
"""

from collections.abc import Iterable
from datetime import datetime

from gateway.access.time import in_force
from gateway.flows.reading.decided.facts import ROLES, patient_reader
from gateway.records.patients.account import Choice
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Reader, ReaderKind


def addressees(patient: PatientKey, choices: Iterable[Choice], now: datetime) -> list[Reader]:
    """The patient first; a representative who is named twice is told once."""
    named = dict.fromkeys(
        one.target for one in choices if one.kind in ROLES and in_force(one.since, one.until, now)
    )
    others = [Reader(kind=ReaderKind.REPRESENTATIVE, id=one) for one in named]
    return [patient_reader(patient), *others]
