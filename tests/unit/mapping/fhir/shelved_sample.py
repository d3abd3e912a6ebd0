"""Documents as the vault holds them, of an invented patient; tests bend them."""

from datetime import UTC, datetime

from gateway.records.documents.document import (
    Author,
    Custodian,
    Document,
    Label,
    LegalAuthenticator,
)
from gateway.records.documents.shelved import Card, DocumentStatus, Shelved
from gateway.records.patients.patient import PatientIdentity, PatientKey

EMPTY_SHA1 = "da39a3ee5e6b4b0d3255bfef95601890afd80709"
WHO = PatientIdentity(ins="284037511604282", ins_oid="1.2.250.1.213.1.4.10")


def shelved(document: Document, *, masked: bool = False) -> Shelved:
    card = Card(
        id="a" * 32,
        patient=PatientKey(b"p" * 16),
        receipt="r",
        status=DocumentStatus.CURRENT,
        type_code=document.type_code,
        class_code=document.class_code,
        label=Label.BIOLOGIE,
        title=document.title or "",
        author="",
        author_ids=(),
        organization=None,
        organization_name="",
        act_date=None,
        codes=document.confidentiality,
        mime_type=document.mime_type,
        size=document.size,
        results=0,
        deposited_at=datetime(2026, 3, 12, 9, tzinfo=UTC),
        hidden_from=None,
        announced_at=None,
        by_patient=False,
        masked_by_patient=masked,
    )
    return Shelved(card=card, document=document, sender="labo")


def full_document() -> Document:
    return Document(
        patient=WHO,
        type_code="11502-2",
        type_system="2.16.840.1.113883.6.1",
        type_display="CR d'examens biologiques",
        class_code="10",
        format_code="urn:ihe:lab:xd-lab:2008",
        title="Bilan",
        unique_id="1.2.3",
        replaces="1.2.2",
        confidentiality=("N", "MASQUE_PS"),
        language="fr-FR",
        creation_time="2026-03-12T08:17:00Z",
        service_start="2026-03-11",
        practice_setting="AMBULATOIRE",
        facility_type="SA25",
        sha1=EMPTY_SHA1,
        authors=(Author(kind="person", id="801", id_system="1.2.250.1.71.4.2.1", family="Roux"),),
        custodian=Custodian(id="1750000001", name="Laboratoire"),
        legal_authenticator=LegalAuthenticator(id="801", family="Roux"),
        identifiers=("MSG-1", "ORD-1"),
    )
