"""Nouns of the patient index: names that lead to a record, merges of them, and acts of the desk."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gateway.records.patients.account import ChoiceKind
from gateway.records.patients.patient import PatientKey


class DeskAct(StrEnum):
    """What one operator proposes of a held receipt and another validates (VAULT DSK-09)."""

    QUALIFY = "qualify"
    """It is of this person: the document is filed with them."""
    CORRECT = "correct"
    MERGE = "merge"
    APART = "apart"
    """It is not of the person whose closed space it waits for, and keeps it from nothing."""
    ENDS = "ends"
    """It is of that person, and ends as the space does."""


class DeskWord(StrEnum):
    """What operators decided of a held receipt, for its judge."""

    CORRECT = "correct"
    """The message is right: the index takes its traits and identifiers."""
    MERGE = "merge"
    """Two INS are one person: the record of the one that ends joins the other."""
    ENDS = "ends"
    """It is of a person whose space is closed: refused, nothing of it is kept (VAULT ACC-22)."""
    SET_ASIDE = "set-aside"
    """The index is right: the message is refused, its bytes kept as those of any refusal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """From now on `name` leads to `into` (None: nowhere); each is a hashed local identifier or a
    patient key.

    A name that leads to no patient brings along all that it is merged with; one that does stays
    there, unless it `rebinds`: then it leaves alone.
    """

    name: bytes
    into: bytes | None
    rebinds: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMerge:
    """Links that are undone together. `event` is A40 or A47, `sender` who asked for it."""

    id: str
    event: str
    sender: str
    receipt: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One link as it was made: where `name` led `before`, None for nowhere."""

    name: bytes
    before: bytes | None
    after: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """A merge as it is kept. `documents` counts those that go back when it is undone."""

    id: str
    at: datetime
    event: str
    sender: str
    receipt: str
    steps: tuple[Step, ...]
    undone_at: datetime | None = None
    documents: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentFact:
    """One dated word of a patient, as a sender wrote it down (ZFA, XDM_HL7V2 A7).

    It ends whatever of `ends` was said before `since` of the same target, and is itself ended by
    what was said later: facts may arrive in any order.
    """

    patient: PatientKey
    kind: ChoiceKind
    target: str
    since: datetime
    by: str
    ends: tuple[ChoiceKind, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """An act on a held receipt that waits for a second person. `claim` is small JSON; `login` the
    account of the machine that `by` worked under."""

    id: str
    receipt: str
    act: DeskAct
    by: str
    reason: str
    at: datetime
    claim: bytes = b"{}"
    login: str = ""
