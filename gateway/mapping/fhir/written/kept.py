"""What is said of a document beside its metadata: by its card on the shelf, or as just filed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from gateway.mapping.fhir.written.making import Json
from gateway.records.documents.changed import NEVER, Changed
from gateway.records.documents.document import Document, Label
from gateway.records.documents.shelved import DocumentStatus
from gateway.records.intake.filing import Filed

IS_ARCHIVED: Json = {
    "url": "https://interop.esante.gouv.fr/ig/fhir/pdsm/StructureDefinition/pdsm-ext-is-archived",
    "valueBoolean": True,
}


class Kept(Protocol):
    """`filing.Card` is one."""

    @property
    def id(self) -> str: ...

    @property
    def status(self) -> DocumentStatus: ...

    @property
    def codes(self) -> tuple[str, ...]: ...

    @property
    def deposited_at(self) -> datetime: ...

    @property
    def masked_by_patient(self) -> bool: ...

    @property
    def shown_label(self) -> Label: ...

    @property
    def changed(self) -> Changed: ...

    @property
    def archived_at(self) -> datetime | None: ...


def extensions_of(card: Kept) -> list[Json]:
    """PDSm's word of what is archived, and of nothing else (FHIR.md section 3)."""
    return [IS_ARCHIVED] if card.archived_at else []


@dataclass(frozen=True, slots=True, kw_only=True)
class JustFiled:
    """A document as its sender hears of it: as it was sent and filed, and nothing of what the
    patient chose before or after that."""

    id: str
    codes: tuple[str, ...]
    deposited_at: datetime
    shown_label: Label
    status: DocumentStatus = DocumentStatus.CURRENT
    masked_by_patient: bool = False
    changed: Changed = NEVER
    archived_at: datetime | None = None


def just_filed(filed: Filed, document: Document) -> JustFiled | None:
    """None for an answer kept before the time of a deposit was part of it."""
    if filed.at is None:
        return None
    return JustFiled(
        id=filed.id,
        codes=document.confidentiality,
        deposited_at=filed.at,
        shown_label=filed.label,
    )
