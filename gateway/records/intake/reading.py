"""How an input is to be read: the settings of the door or sender that mapping needs."""

from dataclasses import dataclass
from pathlib import Path

from gateway.records.documents.document import Label
from gateway.records.patients.patient import Profile

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Handed to every `understand`; the limits are those of SECURITY.md section 1.

    `fallback_charset` is the Python name used for HL7v2 bytes without a usable MSH-18;
    `results_only` takes an ORU^R01 without a document (CONTRACT section 2);
    `identities` takes what an ADT says of who is who;
    `base64_in_text` reads a document in an OBX of type TX, FT or ST (HL7V2 section 7);
    `strict` raises findings that published guides break from warning to error;
    `cda_schema` is the XSD that CDA documents are held against, None for no such check;
    `max_fhir_bytes` is the longest FHIR resource, in which a document is a third longer;
    `local_types` are (code, system or "", label) of types that senders made up.
    """

    profile: Profile = Profile.TEST
    strict: bool = False
    results_only: bool = True
    identities: bool = True
    fallback_charset: str = "iso8859-15"
    charset_fallback_allowed: bool = False
    base64_in_text: bool = False
    max_message_bytes: int = 50 * MEGABYTE
    max_document_bytes: int = 20 * MEGABYTE
    max_fhir_bytes: int = 20 * 1024 * 1024
    max_messages: int = 5_000
    max_segments: int = 20_000
    max_fields: int = 10_000
    max_repetitions: int = 1_000
    cda_schema: Path | None = None
    local_types: tuple[tuple[str, str, Label], ...] = ()


DEFAULT_READING = Reading()
