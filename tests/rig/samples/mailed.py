"""Mails as senders write them, and what they carry: an archive, a CDA."""

from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP

from papers import ANA

from gateway.mapping.mail import understand_mail
from gateway.mapping.xdm.write import Editor, pack
from gateway.records.documents.document import Document
from gateway.records.intake.reading import DEFAULT_READING
from gateway.records.intake.understanding import Submission, Understanding

PATIENT = ANA.identity
NOTE = b"Tout va bien."
DOCUMENT = Document(
    patient=PATIENT,
    type_code="11488-4",
    type_system="2.16.840.1.113883.6.1",
    title="Note",
    unique_id="1.2.250.1.999.1.1",
    mime_type="text/plain",
)
SUBMISSION = Submission(unique_id="1.2.250.1.999.8.1", patient_id=f"{ANA.oid}^{PATIENT.ins}")
CDA = (
    '<ClinicalDocument xmlns="urn:hl7-org:v3"><id root="1.2.250.1.999.1.2"/><recordTarget>'
    f'<patientRole><id root="{ANA.oid}" extension="255089999999966"/></patientRole></recordTarget>'
    "<component><structuredBody/></component></ClinicalDocument>"
).encode()


def archive() -> bytes:
    editor = Editor(author="Lou", organization="Labo fictif", organization_id="1")
    at = datetime(2026, 1, 15, tzinfo=UTC)
    return pack([(DOCUMENT, NOTE)], SUBMISSION, editor=editor, at=at)


def mail(*files: tuple[str, str, bytes], **headers: str) -> bytes:
    """A mail with these attachments: (type, name, bytes)."""
    made = EmailMessage(policy=SMTP)
    made["From"], made["To"] = "labo@demo.mssante.fr", f"{PATIENT.ins}@patient.mssante.fr"
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content("Bonjour")
    for kind, name, body in files:
        main, _, sub = kind.partition("/")
        made.add_attachment(body, maintype=main, subtype=sub, filename=name)
    return made.as_bytes()


def understood(raw: bytes) -> Understanding:
    return understand_mail(raw, DEFAULT_READING)


def codes(raw: bytes) -> set[str]:
    return {finding.code for finding in understood(raw).findings}
