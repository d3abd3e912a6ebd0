"""Any bytes to an understanding: which standard is this, and who reads it.

By the bytes themselves; a declared type only decides where the bytes could be two things.
"""

from collections.abc import Sequence
from dataclasses import replace

from gateway.mapping.cda import understand_cda
from gateway.mapping.datatypes.confidentiality import with_known_codes
from gateway.mapping.fhir.taken.reach import for_door
from gateway.mapping.fhir.taken.read import understand_fhir
from gateway.mapping.hl7v2 import split_batch, understand
from gateway.mapping.hl7v2.control.envelopes import count_findings, is_batch
from gateway.mapping.hl7v2.er7.charset import WIDE
from gateway.mapping.labels.doubts import with_doubts
from gateway.mapping.labels.local import with_local_types
from gateway.mapping.mail import understand_mail
from gateway.mapping.xdm import understand_xdm
from gateway.mapping.xds.entity import is_soap
from gateway.mapping.xds.understand import understand_xds
from gateway.records.intake.finding import Finding, Severity, Verdict, verdict_of
from gateway.records.intake.reading import Reading
from gateway.records.intake.understanding import Format, Understanding

BOM = b"\xef\xbb\xbf"
WIDE_BOMS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
JSON_STARTS = (b"{", b"[")
HL7_STARTS = (b"MSH", b"FHS", b"BHS")
MLLP_BYTES = b"\x0b\x1c\r\n \t\x00"
TAKEN_TYPES = {
    "application/xml": Format.CDA,
    "text/xml": Format.CDA,
    "application/zip": Format.XDM,
    "application/hl7-v2": Format.HL7V2,
    "application/hl7-v2+er7": Format.HL7V2,
    "application/fhir+json": Format.FHIR,
}
"""The media types of each standard, as a Content-Type names them."""
UNSUPPORTED = (
    f"Content-Type is one of {', '.join(TAKEN_TYPES)}. A PDF or a picture goes into a CDA or into a"
    " DocumentReference."
)
MAIL_HEADERS = (
    b"return-path:",
    b"received:",
    b"from:",
    b"to:",
    b"subject:",
    b"date:",
    b"message-id:",
    b"mime-version:",
    b"content-type:",
    b"reply-to:",
    b"x-mss-",
)


def format_of(raw: bytes) -> Format:
    """The standard these bytes are written in, by their first bytes."""
    head = raw[:512].removeprefix(BOM).lstrip(MLLP_BYTES).removeprefix(BOM)
    if head.startswith(HL7_STARTS):
        return Format.HL7V2
    if WIDE.match(raw):  # told what to mend there, not that it is no XML
        return Format.HL7V2
    if raw.startswith(b"PK"):
        return Format.XDM
    if raw.startswith(WIDE_BOMS):
        return _wide(raw)
    if head.startswith((*JSON_STARTS, b"<")):
        return _marked_up(raw, head)
    if is_soap(raw):
        return Format.XDS
    if head.lower().startswith(MAIL_HEADERS):
        return Format.MAIL
    return Format.UNKNOWN


def _marked_up(raw: bytes, head: bytes) -> Format:
    if not head.startswith(b"<"):
        return Format.FHIR
    return Format.XDS if is_soap(raw) else Format.CDA


def _wide(raw: bytes) -> Format:
    """XML may be UTF-16, JSON may not: each is told what to mend."""
    narrow = raw[:64].replace(b"\x00", b"")[2:].lstrip()
    return Format.FHIR if narrow.startswith(JSON_STARTS) else Format.CDA


def understand_all(
    raw: bytes, reading: Reading, *, declared: Format | None = None
) -> list[Understanding]:
    """Every message or document in one input: at least one understanding, in order."""
    if declared is Format.UNKNOWN:  # a Content-Type that no door reads: kept, not guessed at
        return [unreadable("unsupported-type", UNSUPPORTED, where="Content-Type")]
    found = declared or format_of(raw)
    if found is Format.HL7V2:
        understood = _messages(raw, reading)
    else:
        understood = [_understand_one(raw, reading, found)]
    return [with_doubts(with_local_types(with_known_codes(one), reading)) for one in understood]


def understand_at_door(
    raw: bytes, reading: Reading, declared: Format | None = None
) -> list[Understanding]:
    """As a door judges it: what only `inspect` may hold is an error here."""
    understood = understand_all(raw, reading, declared=declared)
    return [for_door(one) if one.format is Format.FHIR else one for one in understood]


def _messages(raw: bytes, reading: Reading) -> list[Understanding]:
    messages = split_batch(raw, most=reading.max_messages) or [raw]
    if len(messages) > reading.max_messages:
        text = f"Send at most {reading.max_messages} messages in a batch: nothing was taken."
        return [too_many(understand(messages[0], reading), text)]
    understood = [understand(one, reading, index=n) for n, one in enumerate(messages)]
    if is_batch(raw):
        understood[0] = with_findings(understood[0], count_findings(raw))
    if len(messages) == 1 and messages[0] is raw:
        return understood
    return [replace(one, raw=part) for one, part in zip(understood, messages, strict=True)]


def too_many(first: Understanding, text: str) -> Understanding:
    """A whole batch that is refused, told by its first message."""
    finding = Finding(
        code="batch-too-many", severity=Severity.ERROR, where="/", message=text, condition=198
    )
    return with_findings(first, [finding])


def with_findings(understood: Understanding, found: Sequence[Finding]) -> Understanding:
    """The same, with what was found besides; its verdict follows."""
    if not found:
        return understood
    findings = (*understood.findings, *found)
    return replace(understood, findings=findings, verdict=verdict_of(findings))


def _understand_one(raw: bytes, reading: Reading, found: Format) -> Understanding:
    match found:
        case Format.CDA:
            return understand_cda(raw, reading)
        case Format.XDM:
            return understand_xdm(raw, reading)
        case Format.FHIR:
            return understand_fhir(raw, reading)
        case Format.XDS:
            return understand_xds(raw, reading)
        case Format.MAIL:
            return understand_mail(raw, reading)
        case _:
            return unreadable(
                "unknown-format",
                "Send HL7v2 (MSH), CDA R2 XML, an IHE_XDM zip archive or FHIR JSON.",
            )


def unreadable(code: str, message: str, *, where: str = "/") -> Understanding:
    """An input of which nothing at all could be read."""
    finding = Finding(
        code=code, severity=Severity.ERROR, where=where, message=message, condition=100, fatal=True
    )
    return Understanding(format=Format.UNKNOWN, verdict=Verdict.REFUSE, findings=(finding,))
