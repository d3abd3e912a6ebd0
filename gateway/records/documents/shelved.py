"""A document as read back from the shelf: a DocumentEntry of XDS with what this house adds."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from gateway.records.documents.changed import NEVER, Changed
from gateway.records.documents.document import Document, Label
from gateway.records.documents.mask import Mask
from gateway.records.documents.update import Availability
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Hide


class DocumentStatus(StrEnum):
    """`withdrawn` is a deletion by the author: kept for the log, gone for every reader."""

    CURRENT = "current"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


class Card(Struct, frozen=True, kw_only=True):
    """A document as a list shows it: cheap to read, 500 of them in a few milliseconds.

    As it was read: `masked_by_patient` says that `mask` holds now; a MASQUE_PS of the sender that
    the patient took off is not among `codes` (RULES D5). `hides` are the patient's, and dated;
    `own_label` is for the eyes of the patient's side: no decision reads it. `modified`: it replaced
    a version under the same codes (one under others may have been hidden, and is not told of).
    `archived_at`: in force, and left out of default lists since then (ACCESS section 8).
    `metadata_version` is the versionName of XDS, which counts what was done to its metadata.
    """

    id: str
    patient: PatientKey
    receipt: str
    status: DocumentStatus
    type_code: str | None
    class_code: str | None
    label: Label
    title: str
    author: str
    author_ids: tuple[str, ...]
    organization: str | None
    organization_name: str
    act_date: str | None
    codes: tuple[str, ...]
    mime_type: str
    size: int
    results: int
    deposited_at: datetime
    hidden_from: datetime | None
    announced_at: datetime | None
    by_patient: bool
    read: bool = False
    masked_by_patient: bool = False
    own_label: Label | None = None
    mask: Mask | None = None
    hides: tuple[Hide, ...] = ()
    modified: bool = False
    changed: Changed = NEVER
    archived_at: datetime | None = None
    metadata_version: int = 1

    @property
    def shown_label(self) -> Label:
        """The patient's own label where there is one to see."""
        return self.own_label or self.label


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelved:
    """A document as its page shows it: the card and all of its metadata."""

    card: Card
    document: Document
    sender: str
    superseded_by: str | None = None


def availability_of(card: Card) -> Availability | None:
    """In the words of XDS; None for a version that another one replaced."""
    if card.status is DocumentStatus.SUPERSEDED:
        return None
    if card.status is DocumentStatus.WITHDRAWN:
        return Availability.DELETED
    return Availability.APPROVED if card.archived_at is None else Availability.ARCHIVED
