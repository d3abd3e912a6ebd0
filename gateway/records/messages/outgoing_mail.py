"""A mail on its way out: documents for one recipient, and what is asked of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from gateway.records.documents.document import Document


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingNotice:
    """A few words to a professional's secure mail, without a document; `reference` and `tries` as
    below."""

    to: str
    subject: str
    body: str
    at: datetime
    reference: str
    tries: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingMail:
    """`reference` is the local part of its Message-ID, the same however often it is tried, and `at`
    when it came about: the same mail again is the same bytes. `body` is the sender's own text, ""
    for ours; `last_word` says that nobody may answer it, `read_receipt` asks the recipient's
    program for an MDN. `tries` counts this one; it stands on the envelope alone.
    """

    to: str
    documents: Sequence[tuple[Document, bytes]]
    at: datetime
    reference: str
    tries: int = 1
    reply_to: str | None = None
    body: str = ""
    last_word: bool = False
    read_receipt: bool = False
