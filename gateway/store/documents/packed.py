"""What stands inside sealed columns, as records of their own."""

from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gateway.records.documents.document import Author, Document
from gateway.records.intake.filing import Answer
from gateway.records.intake.understanding import Submission
from gateway.records.patients.patient import DESK, PatientKey
from gateway.records.readers.access import Reader
from gateway.store.columns import unpack
from gateway.store.documents.coded import apart, class_column, organization_column, type_column
from gateway.store.keys.sealing import bound, unseal

AnyRow = Any  # a row; its columns are named in the query beside it


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedReceipt:
    """`key` is a sender's own name for its message, so it is sealed with the answer; so are who
    stood at a page of ours, what the sender said of the whole (None before it was kept), and the
    mailbox that a mail was written from; `was_held` before this answer (None likewise). `box` is
    whose box a mail was for, while it is held."""

    answer: Answer
    key: str | None
    depositor: Reader | None = None
    submission: Submission | None = None
    writer: str | None = None
    was_held: bool | None = None
    box: PatientKey | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedCard:
    """What a list shows of a document and a database file must not. The last three stand here only
    where they are no codes (`coded`), and their columns are empty."""

    title: str
    author: str
    author_ids: tuple[str, ...]
    organization_name: str
    act_date: str | None
    unique_id: str | None
    set_id: str | None
    version: str | None
    type_code: str | None = None
    class_code: str | None = None
    organization: str | None = None


@dataclass(frozen=True, slots=True)
class Slot:
    """Where the body of document `number` stands in its raw input, counted in its own bytes."""

    start: int
    number: int
    base64: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """How many bytes of the sealed raw input are this header; the rest is what was not cut."""

    slots: tuple[Slot, ...]


def card_of(document: Document, organization: str | None = None) -> PackedCard:
    """`organization` is the number that the document is filed under."""
    author = next((one for one in document.authors if one.kind == "person"), None)
    author = author or next(iter(document.authors), None)
    custodian = document.custodian.name if document.custodian else None
    names = [one.organization_name for one in document.authors if one.organization_name]
    return PackedCard(
        title=document.title or document.type_display or "",
        author=_name(author) if author else "",
        author_ids=tuple(dict.fromkeys(one.id for one in document.authors if one.id)),
        organization_name=next(iter(names), custodian or ""),
        act_date=document.service_start or document.service_stop or document.creation_time,
        unique_id=document.unique_id,
        set_id=document.set_id,
        version=document.version,
        type_code=apart(document.type_code, type_column(document.type_code)),
        class_code=apart(document.class_code, class_column(document.class_code)),
        organization=apart(organization, organization_column(organization)),
    )


def _name(author: Author) -> str:
    person = " ".join(part for part in (author.given, author.family) if part)
    return person or author.organization_name or ""


def packed_receipt(row: AnyRow, cipher: AESGCM) -> PackedReceipt:
    """Out of a row with `id`, `patient` and `sealed`."""
    return unpack(PackedReceipt, unseal(cipher, row.sealed, receipt_bound(row)))


def receipt_bound(row: AnyRow) -> bytes:
    return bound(b"receipt", row.patient or DESK, row.id.encode())


def packed_card(row: AnyRow, cipher: AESGCM) -> PackedCard:
    """Out of a row with `number`, `patient` and `sealed`."""
    return unpack(PackedCard, unseal(cipher, row.sealed, card_bound(row.patient, row.number)))


def card_bound(patient: bytes, number: int) -> bytes:
    return bound(b"card", patient, b"%d" % number)
