"""A document as the shelf of the vault's house holds it: its card, and what its CDA would say."""

import hashlib
from datetime import datetime, timedelta
from typing import TypedDict

from gateway.mapping.results import results_in
from gateway.records.documents.document import Attachment, Author, BodyKind, Document, Label
from gateway.records.documents.shelved import Card, DocumentStatus, Shelved
from gateway.records.patients.patient import PatientIdentity, PatientKey


class Said(TypedDict, total=False):
    """What a test may say of a document besides its title, owner and bytes."""

    label: Label
    type_code: str
    kind: BodyKind | None
    mime_type: str
    act_date: str
    codes: tuple[str, ...]
    author: str
    unique_id: str | None
    identifiers: tuple[str, ...]


def shelved(
    number: int,
    title: str,
    body: bytes,
    *,
    owner: PatientIdentity,
    key: PatientKey,
    now: datetime,
    label: Label = Label.BIOLOGIE,
    type_code: str = "11502-2",
    kind: BodyKind | None = BodyKind.STRUCTURED,
    mime_type: str = "text/xml",
    act_date: str = "2026-03-01",
    codes: tuple[str, ...] = ("N",),
    author: str = "Laboratoire des Charmes",
    unique_id: str | None = None,
    identifiers: tuple[str, ...] = (),
) -> Shelved:
    """The document of this number, deposited by `labo` some days ago."""
    document = Document(
        patient=owner,
        type_code=type_code,
        type_system="2.16.840.1.113883.6.1",
        type_display="CR d'examens biologiques",
        class_code="10",
        title=title,
        label=label,
        label_rule=f"type:{type_code}",
        label_confidence="high",
        unique_id=unique_id or f"1.2.250.1.999.{number}",
        confidentiality=codes,
        creation_time="2026-03-01T09:30:00Z",
        service_start=act_date,
        mime_type=mime_type,
        body=kind,
        size=len(body),
        sha1=hashlib.sha1(body, usedforsecurity=False).hexdigest(),
        sha256=hashlib.sha256(body).hexdigest(),
        authors=(Author(kind="person", id="801234567890", family="Roux", given="Anne"),),
        attachments=(Attachment(mime_type="application/pdf", size=1, sha1="00"),),
        identifiers=identifiers,
    )
    card = Card(
        id=f"{number:032x}",
        patient=key,
        receipt="r",
        status=DocumentStatus.CURRENT,
        type_code=type_code,
        class_code="10",
        label=label,
        title=title,
        author=author,
        author_ids=("801234567890",),
        organization="1750000001",
        organization_name=author,
        act_date=act_date,
        codes=codes,
        mime_type=mime_type,
        size=len(body),
        results=len(results_in(body)),
        deposited_at=now - timedelta(days=5) + timedelta(minutes=number),
        hidden_from=None,
        announced_at=None,
        by_patient=False,
    )
    return Shelved(card=card, document=document, sender="labo")
