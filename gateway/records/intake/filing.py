"""From an understanding to rows: what is asked of the store, what it knew, what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from gateway.records.correspondence.letter import KeptMail
from gateway.records.documents.document import Document, Label
from gateway.records.documents.shelved import DocumentStatus
from gateway.records.intake.finding import Finding, Verdict
from gateway.records.intake.understanding import Understanding
from gateway.records.messages.business_ack import ReceivedAck, SentOn
from gateway.records.patients.account import AccountState, NewTrace, Person
from gateway.records.patients.index import ConsentFact, DeskWord, Link, NewMerge
from gateway.records.patients.patient import PatientIdentity, PatientKey
from gateway.records.readers.access import Reader
from gateway.records.task import NewTask


class Door(StrEnum):
    MLLP = "mllp"
    HTTP = "http"
    FHIR = "fhir"
    FOLDER = "folder"
    SMTP = "smtp"
    DMP = "dmp"
    DESK = "desk"
    PAGES = "pages"


class Intake(Struct, frozen=True, kw_only=True):
    """One input on its way into the store.

    `key` is what the sender may not use again with other bytes: `read_key`, CHOSEN_KEY and the
    Idempotency-Key, LOT_KEY and the uniqueId of a set, or `mailed_key`; None where there is none.
    `digest` is SHA-256 of `raw`, of a lot its `written_as`.
    `released`: a held receipt is judged again because its identity was qualified; `desk` is what
    operators decided of it, `act` its trace. `depositor` stands at a page; else it is a system.
    `writer` is the mailbox that `sender` is a name for, and never stands in a column. `box` is the
    patient to whose box alone a mail was addressed.
    """

    receipt: str
    sender: str
    organization: str | None
    door: Door
    key: str | None
    raw: bytes
    digest: bytes
    at: datetime
    understanding: Understanding
    released: bool = False
    desk: DeskWord | None = None
    depositor: Reader | None = None
    act: NewTrace | None = None
    writer: str | None = None
    box: PatientKey | None = None

    @property
    def known_as(self) -> str:
        """Who sent it, for a person to read: in sealed rows only."""
        return self.writer or self.sender

    @property
    def house(self) -> str:
        """Inside which a bare namespace names an authority (mapping.local_ids)."""
        return self.organization or self.known_as


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """One document of an answer: our id, its label and its name among senders.

    `at` is when it was deposited (None in answers kept before that was), `known` that an earlier
    intake did: this one made nothing of it.
    """

    id: str
    label: Label
    unique_id: str | None
    type_code: str | None = None
    at: datetime | None = None
    known: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a door tells the sender; `copy` says that an earlier answer is given again."""

    receipt: str
    verdict: Verdict
    findings: tuple[Finding, ...] = ()
    documents: tuple[Filed, ...] = ()
    copy: bool = False

    @property
    def made_nothing(self) -> bool:
        """A copy, or documents of which each was here before."""
        return self.copy or (bool(self.documents) and all(one.known for one in self.documents))


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A stored document as far as filing another one needs it. No name, no title."""

    id: str
    patient: PatientKey
    receipt: str
    unique_id: str | None
    set_id: str | None
    version: str | None
    status: DocumentStatus
    sha256: bytes
    label: Label
    type_code: str | None
    sender: str
    organization: str | None
    author_ids: tuple[str, ...]
    codes: tuple[str, ...]
    hidden_from: datetime | None
    announced_at: datetime | None = None
    superseded_by: str | None = None
    deposited_at: datetime | None = None
    archived: bool = False
    by_patient: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """A receipt of the same sender: by the same key, or by the same bytes."""

    answer: Answer
    same_bytes: bool


class Continued(Struct, frozen=True):
    """The conversation that a mail for a patient's box goes on with, by its id; `under` are the
    documents in it that their author hid, by id, with the codes by which they are hidden."""

    conversation: str
    under: Mapping[str, tuple[str, ...]] = {}


class Facts(Struct, frozen=True, kw_only=True):
    """All that the store knew when the intake was judged, read in the filing transaction.

    `persons` by patient key (of every identity in the understanding; where its record joined
    another, that one); `documents` by unique id, of the documents' own and replaced ids; `sets`
    the current document by set id, both with the record they stand in now as `patient`.
    `locals` by hashed local identifier, and `ends` to which record (or other local identifier)
    each leads, asked for only when the understanding is a hold or an ADT. `kept` are the traits in
    documents under a local identifier that leads to nobody (any more), asked for an ADT. `sent`
    is what we sent on under the MSH-10 that a business acknowledgement answers; `continued`
    is None where a mail begins a conversation of its own, and for what is no mail for a box.
    A refused receipt is never `earlier`: the sender may mend and send again.
    """

    earlier: Earlier | None
    persons: Mapping[PatientKey, Person]
    documents: Mapping[str, Known]
    sets: Mapping[str, Known]
    locals: Mapping[bytes, Person] = {}
    ends: Mapping[bytes, bytes] = {}
    sent: tuple[SentOn, ...] = ()
    kept: Mapping[bytes, tuple[PatientIdentity, ...]] = {}
    continued: Continued | None = None


class Shelving(Struct, frozen=True, kw_only=True):
    """One document to store: its place in the understanding and what judgement added.

    `guessed` says that its label may wait for a person: no official type gave it undoubted;
    `masked` that the patient has new documents masked (VAULT CHO-08).
    """

    index: int
    id: str
    patient: PatientKey
    document: Document
    deposited_at: datetime
    hidden_from: datetime | None = None
    status: DocumentStatus = DocumentStatus.CURRENT
    organization: str | None = None
    by_patient: bool = False
    guessed: bool = False
    masked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusChange:
    """An older version leaves the shelf; the row stays. `by` is the id of its successor."""

    id: str
    patient: PatientKey
    status: DocumentStatus
    by: str | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityChange:
    """A new or better known identity for the patient index.

    `state` is None to leave the account as it is; a person new to us becomes `unknown`. `local_ids`
    are identifiers (as `mapping.local_ids.scoped` writes them) that mean this person from now on,
    unless they mean somebody already. `status` and `obtained` None leave what is known.
    """

    key: PatientKey
    identity: PatientIdentity
    qualified: bool
    state: AccountState | None = None
    local_ids: tuple[str, ...] = ()
    status: str | None = None
    obtained: str | None = None


class Filing(Struct, frozen=True, kw_only=True):
    """The judged intake: everything that is committed together, before the sender hears of it.

    `links` are made after `identities`, then the links of `merge`, then `consents` are kept.
    `patient` is whose data key seals the raw bytes (None: the desk's key). `waits_for` are the
    names (patient keys and "root^extension") whose qualification releases a held receipt.
    `keep_until` is when refused bytes are dropped; None keeps them with the record;
    `drop_bytes` keeps receipt and hash only (VAULT ACC-22); `store` is false for a copy, which
    creates nothing. `answered` is a business acknowledgement with the receipt it answers, `mail`
    what enters a conversation of the patient.
    """

    answer: Answer
    patient: PatientKey | None = None
    shelvings: tuple[Shelving, ...] = ()
    changes: tuple[StatusChange, ...] = ()
    identities: tuple[IdentityChange, ...] = ()
    links: tuple[Link, ...] = ()
    merge: NewMerge | None = None
    consents: tuple[ConsentFact, ...] = ()
    traces: tuple[NewTrace, ...] = ()
    tasks: tuple[NewTask, ...] = ()
    waits_for: tuple[bytes, ...] = ()
    keep_until: datetime | None = None
    drop_bytes: bool = False
    store: bool = True
    answered: ReceivedAck | None = None
    mail: KeptMail | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """A receipt as an operator or its sender reads it; the bytes are asked for apart.

    `depositor` brought it where no sender's account did: who judges it again asks if he may, then.
    `writer` is the mailbox that `sender` is a name for, where one is kept. `box` is whose box a
    mail was for, while it is held.
    """

    id: str
    sender: str
    door: Door
    key: str | None
    digest: bytes
    at: datetime
    answer: Answer
    format: str
    size: int
    depositor: Reader | None = None
    writer: str | None = None
    box: PatientKey | None = None
