"""Conversations of a patient with a professional or an establishment (VAULT MSG-01 to MSG-12)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Folder(StrEnum):
    """MSG-07."""

    RECEIVED = "recus"
    SENT = "envoyes"
    DRAFTS = "brouillons"
    ARCHIVED = "archives"
    BIN = "corbeille"


class Way(StrEnum):
    IN = "in"
    OUT = "out"


class Delivery(StrEnum):
    """What became of a message that was sent (MSG-08): taken by the recipient's server, not taken,
    and read where the recipient's program said so."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    READ = "read"


class Reason(StrEnum):
    """Why a message was not delivered, as far as a page can say it in plain words."""

    UNKNOWN_ADDRESS = "unknown-address"
    REFUSED = "refused"
    TOO_LARGE = "too-large"
    NO_ANSWER = "no-answer"
    DOCUMENT = "document"
    """A document of it may not leave any more."""


class Shut(StrEnum):
    """Why nothing may be answered in a conversation."""

    ENDED = "ended"
    """X-MSS-MES: FIN, or [FIN] in the subject (MSG-06)."""
    NEVER_WROTE = "never-wrote"
    """Nobody who may be written to first (POL-13)."""
    REFUSED = "refused"
    """The patient refused this sender (MSG-12)."""
    GONE = "gone"
    """Not in practice any more (MSG-11)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correspondent:
    """`address` is where an answer goes; `name` that of the directory, else the display name of the
    mail, else the address."""

    address: str
    name: str
    profession: str | None = None
    organization: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """`unread` and `count` count the messages that this reader may see; `last_at` is when the last
    of them came or left, or the draft was kept where there is none. `is_refused`: the patient
    refuses this sender's mail, which `take_sender` ends."""

    id: str
    subject: str
    correspondent: Correspondent
    last_at: datetime
    unread: int
    count: int
    folders: frozenset[Folder]
    shut: Shut | None = None
    has_draft: bool = False
    is_refused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationPage:
    """Those of one page, the latest first; `total` of the folder (and words), `unread` messages of
    the whole box, `counts` the conversations of each folder."""

    conversations: tuple[Conversation, ...]
    total: int
    unread: int
    counts: Mapping[Folder, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosed:
    """What came with a message. `document` is the id of what filed itself, where this reader may
    see it; `refused` is why the shield keeps it back (MSG-09), None where it is given. `place` is
    what `enclosed` is asked with."""

    place: int
    name: str
    mime_type: str
    size: int
    document: str | None = None
    refused: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A file that came with a message as it is handed out: `by` wrote the message, which came
    `at`."""

    name: str
    mime_type: str
    body: bytes
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """A document that the patient sent along."""

    document: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One message. `by` is the correspondent's name, or that of who wrote for the patient, "" where
    it was the patient; `is_own` where this reader wrote it. `text` is plain; `delivery` and
    `reason` of what was sent only. `is_new`: nobody had opened it before."""

    id: str
    way: Way
    at: datetime
    by: str
    text: str
    enclosed: tuple[Enclosed, ...] = ()
    delivery: Delivery | None = None
    reason: Reason | None = None
    shared: tuple[Shared, ...] = ()
    is_own: bool = False
    is_new: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What is written and not sent. `conversation` None begins a new one, to the address `to`; in
    an answer that is whom its writer saw, "" or None where that is not said. The `subject` is a
    new one's. `under` came before it in its conversation and was hidden from somebody."""

    conversation: str | None = None
    to: str | None = None
    subject: str = ""
    text: str = ""
    documents: tuple[str, ...] = ()
    under: tuple[str, ...] = ()
    saved_at: datetime | None = None

    @property
    def about(self) -> tuple[str, ...]:
        """Every document that its words may tell of."""
        return (*self.documents, *self.under)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A conversation as it is read: its messages, the oldest first."""

    conversation: Conversation
    mails: tuple[Mail, ...]
    draft: Draft | None = None


class Unwritten(StrEnum):
    """Why a message was not sent (VAULT section 6, bad input); `code` of `UnwrittenError`."""

    EMPTY = "empty"
    SUBJECT = "subject"
    """None, too long, or a line break in it."""
    TEXT_TOO_LONG = "text-too-long"
    TOO_LARGE = "too-large"
    """Of the documents together."""
    TOO_MANY = "too-many"
    UNKNOWN_CORRESPONDENT = "unknown-correspondent"
    ENDED = "ended"
    REFUSED = "refused"
    GONE = "gone"
    OTHER_CORRESPONDENT = "other-correspondent"
    """Somebody else wrote in this conversation since the answer was begun."""
    NOT_YOURS = "not-yours"
    """A document that this reader may not send."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a patient may send (MSG-05, MSG-10); `text` in letters."""

    documents_bytes: int = 5_000_000
    documents: int = 10
    text: int = 10_000
    subject: int = 200
