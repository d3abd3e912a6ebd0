"""Work that must follow from a fact: written in the same commit, due at a time, or settled."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gateway.records.patients.patient import PatientKey


class TaskKind(StrEnum):
    NOTICE = "notice"
    """Tell the patient something: an e-mail or SMS of VAULT NOT-01, made when it leaves."""
    MAIL = "mail"
    """Send a document by MSSanté to one recipient."""
    BUSINESS_ACK = "business-ack"
    """Send ZAM^Z01, Z02 or Z03 to the sender's own MLLP address."""
    FORWARD = "forward"
    """Send a message on to a downstream system, byte for byte."""
    MAIL_REPORT = "mail-report"
    """Tell whoever it concerns what a delivery or read receipt said of a mail of ours."""
    MESSAGE = "message"
    """Send what a patient wrote to a professional, by secure mail (VAULT MSG-04)."""
    READ_RECEIPT = "read-receipt"
    """Tell a professional who asked for it that his message was opened (VAULT MSG-08)."""
    DOCTOR_NOTICE = "doctor-notice"
    """Tell the médecin traitant of an emergency access by secure mail (VAULT N5)."""
    RELEASE = "release"
    """File what was held for an identity that is qualified now."""
    ERASURE_RECEIPT = "erasure-receipt"
    """Send a person who was erased the receipt (VAULT ACC-17)."""
    INVITATION = "invitation"
    """Invite a person to an own space, remind of it, or tell that it was made (VAULT ACC-01)."""
    REMINDER = "reminder"
    """Look whether what an agenda is to remind of still stands, and tell (VAULT AGE-04)."""
    EXPORT = "export"
    """Make the copy of a record that somebody asked for (VAULT EXP-01)."""


AnyKind = TaskKind | str
"""A version after this one leaves kinds that it does not know: shown by their own name, and carried
out by nobody here."""


def kind_named(name: str) -> AnyKind:
    return next((one for one in TaskKind if one.value == name), name)


EVERY_KIND = frozenset(TaskKind)
MAILS = (TaskKind.MAIL, TaskKind.DOCTOR_NOTICE, TaskKind.MESSAGE, TaskKind.READ_RECEIPT)
MAIL_LANE = "mail:mssante"
"""What a pause of secure mail is called. Mails have no lane: they leave in any order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTask:
    """`subject` is a document id or a receipt; `payload` is small JSON, encrypted at rest.

    Tasks of one `lane` leave one after the other, in the order they were made. `name` is what
    the receiver will call it (MSH-10 of what is sent, or the local part of a Message-ID); kept as
    a hash.
    """

    kind: TaskKind
    subject: str
    due_at: datetime
    patient: PatientKey | None = None
    payload: bytes = b"{}"
    lane: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A claimed task: ours until the lease ends. `attempts` counts this one.

    `created_at` is when it was made, or when a person last began it anew; `made_at` when it was
    made, where a person did. `resumed_at` is when the last pause of its lane, or of secure mail,
    ended.
    """

    id: int
    kind: TaskKind
    subject: str
    patient: PatientKey | None
    payload: bytes
    attempts: int
    created_at: datetime
    lane: str | None = None
    made_at: datetime | None = None
    resumed_at: datetime | None = None

    @property
    def waits_since(self) -> datetime:
        """What patience is counted from: a pause of its lane is no waiting."""
        return max(self.created_at, self.resumed_at or self.created_at)

    @property
    def happened_at(self) -> datetime:
        """When what it tells of happened, however often a person began it anew."""
        return self.made_at or self.created_at


class Comeback(StrEnum):
    """What the return of a mail changes of the task that had sent it."""

    ENDED = "ended"
    """It was done: it is a dead letter from now on."""
    DEAD = "dead"
    """It ended undone before, or a person gave it up: it keeps its own outcome."""
    EARLIER = "earlier"
    """What came back is of a try before the last one: nothing is changed."""
    UNCLEAR = "unclear"
    """It may have left more than once, and nothing says of which try this is: nothing is
    changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CameBack:
    """A task whose mail was brought back."""

    number: int
    kind: TaskKind
    comeback: Comeback


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskLine:
    """A task as an operator's list shows it, without its payload.

    `outcome` is there once it is settled, `reason` what postponed it last; `dead` says that it
    ended without having done its work.
    """

    id: int
    kind: AnyKind
    subject: str
    lane: str | None
    attempts: int
    created_at: datetime
    due_at: datetime
    settled_at: datetime | None = None
    outcome: str | None = None
    reason: str | None = None
    dead: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """What waits of one kind, or in one lane (a destination), at one moment.

    `next_due` is when the next one is tried, and may be past. `taken` counts those that somebody
    has in hand, `tries` is the highest count of tries. Of a lane all three are about its oldest
    task.
    """

    kind: TaskKind
    lane: str | None
    size: int
    oldest: datetime
    next_due: datetime
    taken: int
    tries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """A lane of which nothing leaves until a person resumes it; `by` is an operator's number, or
    who said so on the command line."""

    lane: str
    since: datetime
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Undelivered:
    """A task that ended undone, or whose last try failed, with what it was to carry.

    `payload` is None where it cannot be read any more: a damaged row, or nobody is left.
    """

    line: TaskLine
    payload: bytes | None
