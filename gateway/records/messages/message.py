"""The envelope of one HL7v2 message: what it says of itself, its patient and its routing."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from msgspec import Struct, field

from gateway.records.messages.business_ack import BusinessAck
from gateway.records.patients.admission import Admission
from gateway.records.patients.patient import PatientIdentity

NOTHING: Mapping[str, str] = MappingProxyType({})


def _nothing() -> Mapping[str, str]:
    return NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    """One OBX of type ED: its OBX-11 and the size (bytes) and digest (hex) once decoded."""

    status: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """Segment ZFA of PAM-FR (XDM_HL7V2 section A7): DMP state, feeding, consultation."""

    status: str = ""
    status_date: str = ""
    feeding: str = ""
    feeding_date: str = ""
    consultation: str = ""
    consultation_date: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """PRT `SB`: who sends, as a person or an organisation; identifiers as written."""

    id: str = ""
    family: str = ""
    given: str = ""
    organization_id: str = ""
    organization_name: str = ""


class Header(Struct, frozen=True, kw_only=True):
    """What an acknowledgement needs of a message: MSH fields, decoded, "" where empty.

    `field` and `encoding` are MSH-1 and MSH-2 as received.
    """

    field: str = "|"
    encoding: str = "^~\\&"
    sending_application: str = ""
    sending_facility: str = ""
    receiving_application: str = ""
    receiving_facility: str = ""
    type: str = ""
    control_id: str = ""
    processing: str = ""
    version: str = ""
    accept_ack: str = ""
    application_ack: str = ""
    country: str = ""
    character_set: str = ""
    charset: str = "ascii"
    charset_how: str = "default"


class Message(Struct, frozen=True, kw_only=True):
    """CONTRACT section 3 `message`, less the acknowledgement (that is `mapping.hl7v2.ack`'s).

    `recipient_ids` runs beside `recipients`: the number PRT gives each, "" where it gives none.
    `business_ack` is what a ZAM says.

    `flags` are the MetaDMPMSS orders by their 2.1 names ({"MASQUE_PS": "N"}).
    `admission` is there for an ADT.
    `forwards` is true when the message has another leg than the vault (mail, HL7V2 section 7).
    `mail_bodies` are the texts of CORPSMAIL_PS and CORPSMAIL_PATIENT; `last_word` says that the
    patient may not answer.
    """

    header: Header
    segments: int = 0
    obx: int = 0
    patient_id: str | None = None
    patient_ids: int = 0
    ins: str | None = None
    family: str | None = None
    given: str | None = None
    birth_date: str | None = None
    sex: str | None = None
    identity_status: str | None = None
    z_segments: tuple[str, ...] = ()
    payloads: tuple[Payload, ...] = ()
    flags: Mapping[str, str] = field(default_factory=_nothing)
    sender: Sender | None = None
    recipients: tuple[str, ...] = ()
    recipient_ids: tuple[str, ...] = ()
    reply_to: str | None = None
    consent: Consent | None = None
    patient: PatientIdentity | None = None
    admission: Admission | None = None
    forwards: bool = False
    business_ack: BusinessAck | None = None
    mail_bodies: Mapping[str, str] = field(default_factory=_nothing)
    last_word: bool = False
