"""An entry of the medical profile: what was written, by whom, and what became of it (PRO-03)."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from gateway.records.entries.content import EntryContent
from gateway.records.entries.kind import EntryKind
from gateway.records.patients.patient import PatientKey


class WriterRole(StrEnum):
    SELF = "self"
    REPRESENTATIVE = "representative"
    CAREGIVER = "caregiver"
    PROFESSIONAL = "professional"
    APPLICATION = "application"
    DOCUMENT = "document"


PATIENT_SIDE = frozenset(
    {WriterRole.SELF, WriterRole.REPRESENTATIVE, WriterRole.CAREGIVER, WriterRole.APPLICATION}
)
"""Whose entries are the patient's own (PRO-11: `by_patient`)."""


class Writer(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who wrote: `id` as ACCESS knows the author, `name` as it was then, "" where it is the
    patient. `profession` is list_code. `filled_with` is « complété avec … » (PRO-02)."""

    role: WriterRole
    id: str = ""
    name: str = ""
    profession: str | None = None
    organization: str | None = None
    organization_name: str | None = None
    filled_with: str = ""


class EntryState(StrEnum):
    PROPOSED = "proposed"
    """By a document, made when it is asked for; kept nowhere (PRO-04)."""
    ACTIVE = "active"
    HIDDEN = "hidden"
    """Masked by the patient."""
    ABSENT = "absent"
    """« Je n'ai pas d'allergie à ajouter » : nothing but its writer and time (PRO-01)."""
    REFUSED = "refused"
    """A proposal that nobody is asked about again; nothing of its content is kept."""
    DELETED = "deleted"
    """Nothing of its content is kept."""


STANDING = frozenset({EntryState.ACTIVE, EntryState.HIDDEN})
GONE = frozenset({EntryState.REFUSED, EntryState.DELETED})


class Source(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`document` is the id of what it was read in; `application` of what sent it, with
    `identifier`, its own name for it."""

    document: str = ""
    application: str = ""
    identifier: str = ""


NO_SOURCE = Source()


class Word(Struct, frozen=True, kw_only=True):
    """What somebody said of an entry, and when: `text` of a disagreement, "" of a confirmation."""

    by: Writer
    at: datetime
    text: str = ""


class Entry(Struct, frozen=True, kw_only=True):
    """`content` None where there is none: ABSENT, REFUSED, DELETED. `version` counts from 1 and
    grows with every change; `written_at` is that of this version, `added_at` of the first.
    `patient` is the record's key when it was read."""

    id: str
    patient: PatientKey
    kind: EntryKind
    content: EntryContent | None
    writer: Writer
    added_at: datetime
    written_at: datetime
    state: EntryState = EntryState.ACTIVE
    version: int = 1
    source: Source = NO_SOURCE
    disagreement: Word | None = None
    confirmed: Word | None = None

    @property
    def is_own(self) -> bool:
        return self.writer.role in PATIENT_SIDE


class Taken(Struct, frozen=True, kw_only=True):
    """What came of a synchronisation: `known` were there already, or had been taken away. `ids` are
    those of what was sent, one each in its order, under which it is kept."""

    added: Sequence[str]
    corrected: Sequence[str]
    known: int
    ids: Sequence[str] = ()
