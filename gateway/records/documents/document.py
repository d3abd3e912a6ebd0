"""A clinical document and its metadata, in the words of XDS DocumentEntry (CONTRACT section 3)."""

from dataclasses import dataclass
from enum import StrEnum

from gateway.records.patients.patient import PatientIdentity

RESULTS_TYPE = "x-application/hl7-v2+er7"
"""`mime_type` of an HL7v2 message that is itself the document (CONTRACT section 2)."""
CDA_TYPES = frozenset(
    {"text/xml", "application/xml", "application/xslt+xml", "application/hl7-cda+xml"}
)
"""`mime_type` of a CDA as its senders declare it; it stays as it came."""


class Action(StrEnum):
    """What the sender asks for a document."""

    CREATE = "create"
    REPLACE = "replace"
    DELETE = "delete"
    UPDATE = "update"


class BodyKind(StrEnum):
    STRUCTURED = "structured"
    PDF = "pdf"
    TEXT = "text"
    IMAGE = "image"
    FHIR = "fhir"


class Label(StrEnum):
    """The eight labels of Mon espace santé, in the order of VAULT section 3."""

    RADIO_SC = "RADIO_SC"
    SYNTHESE = "SYNTHESE"
    ORD_SOIN = "ORD_SOIN"
    CPT_REND = "CPT_REND"
    BIOLOGIE = "BIOLOGIE"
    DEPISTAG = "DEPISTAG"
    CERT_MED = "CERT_MED"
    AUTR_DOC = "AUTR_DOC"


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """XDS author. `kind` is person, device, patient or organization."""

    kind: str
    id: str | None = None
    id_system: str | None = None
    family: str | None = None
    given: str | None = None
    specialty: str | None = None
    role: str | None = None
    organization_id: str | None = None
    organization_name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Custodian:
    id: str | None = None
    id_system: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalAuthenticator:
    id: str | None = None
    family: str | None = None
    given: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file inside a document; `size` in bytes after decoding, `sha1` in hex."""

    mime_type: str
    size: int
    sha1: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Everything understood of one document; None or () where the input says nothing.

    Times are ISO 8601, in UTC when they have a time of day, as precise as received.
    `unique_id`, `set_id` and `replaces` are "root" or "root^extension". `confidentiality` holds
    the codes N, R, V and the visibility codes (CDA.md section 5). `identifiers` are other names
    under which a sender may look for it (MSH-10 and OBR-3 of results without a document); `related`
    those of what it belongs to (XDS referenceIdList: an order, an accession, an encounter).
    `comments` are the note of who brought it; `paper` the kind of an administrative paper of the
    patient (`mapping.labels.own.PAPERS`).
    `label_confidence` is high, medium or low; `label_doubt` names another label and the rule that
    speaks for it; `label_given` is what the rules said where an operator decided otherwise.
    Sizes are in bytes, digests in lower-case hex, both of the document's own bytes.
    """

    patient: PatientIdentity
    action: Action = Action.CREATE
    type_code: str | None = None
    type_system: str | None = None
    type_display: str | None = None
    class_code: str | None = None
    format_code: str | None = None
    title: str | None = None
    label: Label = Label.AUTR_DOC
    label_text: str = "Autres documents"
    label_rule: str = "default"
    label_confidence: str = "low"
    label_doubt: str | None = None
    label_given: str | None = None
    unique_id: str | None = None
    set_id: str | None = None
    version: str | None = None
    replaces: str | None = None
    confidentiality: tuple[str, ...] = ()
    language: str | None = None
    creation_time: str | None = None
    service_start: str | None = None
    service_stop: str | None = None
    event_codes: tuple[str, ...] = ()
    practice_setting: str | None = None
    facility_type: str | None = None
    mime_type: str = "text/xml"
    body: BodyKind | None = None
    size: int = 0
    sha1: str = ""
    sha256: str = ""
    hash_ok: bool | None = None
    size_ok: bool | None = None
    attachments: tuple[Attachment, ...] = ()
    authors: tuple[Author, ...] = ()
    custodian: Custodian | None = None
    legal_authenticator: LegalAuthenticator | None = None
    identifiers: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    comments: str | None = None
    paper: str | None = None

    @property
    def number_alone(self) -> str | None:
        """The set of an order of results without the authority that numbered it; None where it
        names none, and for any other document: elsewhere an extension is part of the name."""
        if self.mime_type != RESULTS_TYPE or not self.set_id or "^" not in self.set_id:
            return None
        return self.set_id.partition("^")[0]
