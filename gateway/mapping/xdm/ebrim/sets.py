"""A SubmissionSet whose sender left gaps: filled from its receipt and from a document of it."""

from dataclasses import replace
from datetime import datetime

from gateway.records.documents.document import Document
from gateway.records.intake.understanding import Submission

OID_OF_UUIDS = "2.25"
STRUCTURES = "1.2.250.1.71.4.2.2"
OTHER_CONTENT = "07"
"""Of JDV_J59."""


def filled(
    said: Submission | None,
    document: Document,
    *,
    receipt: str,
    at: datetime,
    content_type: str | None = None,
) -> Submission:
    """As it came, if it came with such words. `receipt` is 32 hexadecimal digits, `content_type`
    what the rest of the message says of it."""
    received = said or Submission()
    patient = document.patient
    house = document.custodian.id if document.custodian else None
    return replace(
        received,
        unique_id=received.unique_id or name_of(receipt),
        source_id=received.source_id
        or (f"{STRUCTURES}.{house}" if house and house.isdecimal() else f"{OID_OF_UUIDS}.1"),
        patient_id=f"{patient.ins_oid}^{patient.ins}" if patient.ins else received.patient_id,
        time=received.time or f"{at:%Y-%m-%dT%H:%M:%SZ}",
        content_type=received.content_type or content_type or OTHER_CONTENT,
    )


def name_of(identifier: str) -> str:
    """An id of ours as an OID (ITU-T X.667)."""
    return f"{OID_OF_UUIDS}.{int(identifier, 16)}"
