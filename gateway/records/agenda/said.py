"""What a sender says of an appointment, before anybody asked whose it is."""

from dataclasses import dataclass

from gateway.records.agenda.appointment import Meeting
from gateway.records.patients.patient import PatientIdentity


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidAppointment:
    """`identifier` is `system|value`, "" for none; `resource` the bytes as they came."""

    meeting: Meeting
    patient: PatientIdentity
    identifier: str = ""
    resource: bytes
