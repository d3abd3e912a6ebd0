"""A mail of a conversation as it is kept: what it says of itself, and what became of it."""

from dataclasses import dataclass
from datetime import datetime

from gateway.records.correspondence.conversation import Delivery, Draft, Reason, Way
from gateway.records.patients.patient import PatientKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """A file of a mail, `place` its number among the leaves of it; `refused` is the code of the
    finding for which it is not given to a reader."""

    place: int
    name: str
    mime_type: str
    size: int
    refused: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """`sender` is the address of From with its `display` name; `answers` the Message-IDs of
    In-Reply-To and References, the nearest first; `is_last` FIN, `is_automatic` Auto-Submitted.
    `receipt_to` is who asks for a read receipt. `text` is plain, whatever it came as."""

    subject: str
    sender: str
    display: str = ""
    reply_to: str | None = None
    message_id: str | None = None
    answers: tuple[str, ...] = ()
    receipt_to: str | None = None
    is_last: bool = False
    is_automatic: bool = False
    text: str = ""
    attached: tuple[Attached, ...] = ()

    @property
    def answer_to(self) -> str:
        """MSG-04: to Reply-To, else From."""
        return self.reply_to or self.sender


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptMail:
    """One mail of a record. `id` is that of the receipt for what came in, whose bytes are kept
    there; `patient` the name under which it stands. `documents` were filed by it, or sent along;
    `under` came before it in this conversation and were hidden from somebody: so is what followed,
    which speaks of them.

    Of what went out `to` is the recipient, `by` the key of who wrote (hexadecimal) with the name,
    `titles` those of the documents as they were then; it counts as read.
    """

    id: str
    patient: PatientKey
    conversation: str
    way: Way
    at: datetime
    letter: Letter
    documents: tuple[str, ...] = ()
    under: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    to: str = ""
    by: str = ""
    by_name: str = ""
    read_at: datetime | None = None
    delivery: Delivery | None = None
    reason: Reason | None = None

    @property
    def about(self) -> tuple[str, ...]:
        """Every document that its words may tell of."""
        return (*self.documents, *self.under)

    @property
    def other(self) -> str:
        """The correspondent's address, where an answer goes; in lower case one person is one."""
        return self.letter.answer_to if self.way is Way.IN else self.to


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What the patient's side keeps of a conversation beside its mails. Archived, or thrown away,
    is what came no later than that."""

    archived_at: datetime | None = None
    binned_at: datetime | None = None
    draft: Draft | None = None


NO_NOTE = Note()
