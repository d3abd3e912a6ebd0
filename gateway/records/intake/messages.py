"""What the desk sees of the messages that came: envelopes, counts, and what became of each.

No content, no title, no label and no trait is in any of these (VAULT DSK-01).
"""

from dataclasses import dataclass
from datetime import datetime

from gateway.records.documents.shelved import DocumentStatus
from gateway.records.intake.filing import Answer, Door
from gateway.records.intake.finding import Verdict
from gateway.records.patients.patient import PatientKey
from gateway.records.task import TaskLine


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What one sender sent in a while, with one verdict and the same findings; `last` is when."""

    sender: str
    verdict: Verdict
    codes: tuple[str, ...]
    count: int
    last: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Tallies:
    """`more`: the time held more messages than are counted at once; these are the newest."""

    rows: tuple[Tally, ...]
    more: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """How many of one sender came in one part of a time; the first `part` is 0."""

    sender: str
    part: int
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a page of the list ends; the next one goes on before it."""

    at: datetime
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """Which messages are asked for; an empty one is every message.

    `receipt`, `control_id` and `unique_id` are exact. A `sender` that ends in `/` is all those
    whose names begin so, one that begins with `@` all mailboxes there. `since` ≤ when it came <
    `until`.
    """

    receipt: str = ""
    control_id: str = ""
    unique_id: str = ""
    sender: str = ""
    verdict: Verdict | None = None
    code: str = ""
    format: str = ""
    door: Door | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """One message from outside. `filed_at` is when its first document was filed, None where none
    was; `read` is false where the key of whom it is about is destroyed: codes are not known then.
    """

    receipt: str
    at: datetime
    sender: str
    door: Door
    format: str
    verdict: Verdict
    size: int
    codes: tuple[str, ...] = ()
    filed_at: datetime | None = None
    read: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelopes:
    """A page, newest first. `total` counts all that suit; `more` says that older ones than were
    looked at may suit too."""

    rows: tuple[Envelope, ...]
    total: int
    following: Place | None = None
    more: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FiledAs:
    """One document of a message: its names, its coded type and how it stands; `known` that an
    earlier message had brought it."""

    id: str
    unique_id: str | None
    type_code: str | None
    status: DocumentStatus | None
    known: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message and what followed. `patient` is in whose log a look at it stands, None where it
    names nobody known; `answer` is None where the key that sealed it is destroyed. `control_id` is
    what its sender calls it, `answers` are receipts of business answers with their hour."""

    envelope: Envelope
    patient: PatientKey | None
    answer: Answer | None
    control_id: str
    documents: tuple[FiledAs, ...]
    tasks: tuple[TaskLine, ...]
    answers: tuple[tuple[str, datetime], ...]
