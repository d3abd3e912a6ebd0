"""What leaves from a patient's own box: an answer, or that a message was opened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from gateway.records.documents.document import Document


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientMail:
    """`ins` is whose box it comes from; `reference` the local part of its Message-ID, `at` when it
    was written: the same mail again is the same bytes. `answers` are whole Message-IDs, the nearest
    first. `begun_at` and `tries` are of the tries, and stand on the envelope alone."""

    ins: str
    to: str
    subject: str
    text: str
    at: datetime
    reference: str
    answers: Sequence[str] = ()
    documents: Sequence[tuple[Document, bytes]] = ()
    begun_at: datetime | None = None
    tries: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadReceipt:
    """An MDN (RFC 8098) for the mail `original` (its Message-ID) to who asked for it; `reference`
    is the local part of its own Message-ID."""

    ins: str
    to: str
    original: str
    at: datetime
    reference: str
