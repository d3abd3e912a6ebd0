"""Documents of a message: OBX of type ED read as CDA, with the action asked for them.

Volet "Transmission de document(s) CDA-R2 en HL7v2" (HL7V2 section 7, XDM_HL7V2 A1 to A5).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from gateway.mapping.cda import read_cda
from gateway.mapping.hl7v2.encapsulated import Cut, Decoded, read_base64, read_hex
from gateway.mapping.hl7v2.escapes import unescape
from gateway.mapping.hl7v2.findings import failure, tolerated, warning
from gateway.mapping.hl7v2.header import component
from gateway.mapping.hl7v2.segments import Row, Segments
from gateway.mapping.hl7v2.splitter import Split
from gateway.mapping.identity import same_traits
from gateway.records.document import Action, Document
from gateway.records.finding import Finding, Severity
from gateway.records.message import Payload
from gateway.records.observation import Observation
from gateway.records.patient import PatientIdentity
from gateway.records.reading import Reading
from gateway.records.understanding import Content

ACTIONS = {"F": Action.CREATE, "C": Action.REPLACE, "D": Action.DELETE}
ORDERS = {"F": "NW", "C": "RO", "D": "CA"}
EVENTS = {"F": "T02", "C": "T10", "D": "T04"}
MAIL_BODIES = ("CORPSMAIL_PS", "CORPSMAIL_PATIENT")
MAIL_SUBJECT = "XDM/1.0/"
"""OBX-3.2 of the mail body in the profile to practice software is the mail's subject."""

BROKEN_BY_EXAMPLES = frozenset(("cda-h05", "cda-h12", "cda-h14"))
"""Header rules that the agency's own examples of this volet break, and filing does not need."""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """One ED: its row, its decoded payload, and whether it is the body of a mail."""

    row: Row
    decoded: Decoded
    mail_body: bool

    @property
    def status(self) -> str:
        return self.row.fields[11]


@dataclass(slots=True)
class Filled:
    """Documents of one message with their contents and results, and what was found wrong."""

    documents: list[Document] = field(default_factory=list)
    contents: list[Content] = field(default_factory=list)
    observations: list[Sequence[Observation]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def enclosures(split: Split, rows: Sequence[Row]) -> list[Enclosure]:
    """Every OBX of type ED, decoded."""
    return [
        Enclosure(row, _decoded(split, row), _is_mail_body(split, row))
        for row in rows
        if row.fields[2] == "ED"
    ]


def payloads(found: Sequence[Enclosure]) -> tuple[Payload, ...]:
    return tuple(one.decoded.payload(one.status) for one in found)


def _is_mail_body(split: Split, row: Row) -> bool:
    code = component(row.fields[3], 1, split.marks)
    return code in MAIL_BODIES or component(row.fields[3], 2, split.marks).startswith(MAIL_SUBJECT)


def _decoded(split: Split, row: Row) -> Decoded:
    parts = row.fields[5].split(split.marks.component)
    cut = split.cuts.get(row.line)
    if cut is None:
        text = parts[4] if len(parts) > 4 else parts[0]
        data = text.encode(split.charset, "surrogateescape")
        cut = Cut(data, -1, -1)
    encoding = parts[3].strip().lower() if len(parts) > 3 else "base64"
    if encoding == "base64":
        decoded = read_base64(cut, split.marks.escape.encode())
        return decoded if cut.start >= 0 else replace(decoded, piece=None)
    if encoding == "hex":
        return read_hex(cut)
    if encoding in ("", "a"):
        text = cut.data.decode(split.charset, "surrogateescape")
        bare = unescape(text, split.marks, split.charset)
        return Decoded(bare.encode(split.charset, "surrogateescape"), None)
    return Decoded(b"", None, problem="ED.4 must be Base64, Hex or A")


def read_documents(
    found: Sequence[Enclosure],
    segments: Segments,
    split: Split,
    kind: tuple[str, str],
    reading: Reading,
) -> Filled:
    """Reads every ED that is no mail body as a CDA; `kind` is MSH-9.1 and MSH-9.2."""
    filled = Filled()
    carried = [one for one in found if not one.mail_body]
    if kind[0] == "MDM" and len(carried) > 1:
        text = "An MDM message carries one document."
        filled.findings.append(failure("several-documents", "OBX-5", 198, text))
    for one in found:
        filled.findings += _encoding_findings(one)
    for one in carried:
        filled.findings += _action_findings(one.status, segments, kind, reading)
        _read(one, segments, split, reading, filled)
    return filled


def _encoding_findings(one: Enclosure) -> list[Finding]:
    problem = one.decoded.problem
    if problem and one.mail_body:
        return [warning("mail-body", "OBX-5", f"{problem}: the mail body was left out.")]
    if problem:
        return [failure("encoding", "OBX-5", 102, f"{problem}.")]
    if one.decoded.cut:
        text = "The base64 of ED.5 is cut: its length is 1 modulo 4."
        if one.mail_body:
            return [warning("base64-cut", "OBX-5", text)]
        return [failure("base64-cut", "OBX-5", 102, text)]
    if one.decoded.unpadded:
        return [warning("base64-padding", "OBX-5", "The base64 of ED.5 lacks its padding.")]
    return []


def _action_findings(
    status: str, segments: Segments, kind: tuple[str, str], reading: Reading
) -> list[Finding]:
    """Trigger event, OBX-11 and ORC-1 must agree (A1); ORC-1 SC is of older profiles."""
    if not status:
        return [failure("required", "OBX-11", 101, "OBX-11 of the document is empty.")]
    if status not in ACTIONS:
        return [failure("status", "OBX-11", 103, "OBX-11 of a document must be F, C or D.")]
    findings = []
    if kind[0] == "MDM" and EVENTS[status] != kind[1]:
        text = "OBX-11 does not agree with the trigger event: T02 F, T10 C, T04 D."
        findings.append(failure("action", "OBX-11", 199, text))
    order = segments.orders[0][1] if segments.orders and len(segments.orders[0]) > 1 else ""
    if order in ORDERS.values() and order != ORDERS[status]:
        text = "OBX-11 does not agree with ORC-1: F NW, C RO, D CA."
        findings.append(failure("action", "ORC-1", 199, text))
    elif order not in ORDERS.values():
        text = "ORC-1 must be NW, RO or CA."
        findings.append(tolerated("order-control", "ORC-1", 103, text, strict=reading.strict))
    return findings


def _read(
    one: Enclosure, segments: Segments, split: Split, reading: Reading, filled: Filled
) -> None:
    body = one.decoded.body
    if one.decoded.problem:
        return
    if not body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<", b"\xff\xfe", b"\xfe\xff")):
        text = "The document in OBX-5 is no CDA: its bytes are not XML."
        filled.findings.append(failure("not-cda", "OBX-5", 102, text))
        return
    read = read_cda(body, reading)
    filled.findings += [_tolerant(one, reading) for one in read.findings]
    if read.document is None:
        return
    document = replace(
        read.document,
        action=ACTIONS.get(one.status, Action.CREATE),
        replaces=read.document.replaces or _replaced(segments, split),
    )
    filled.findings += _envelope_findings(document, one, segments, split, reading)
    filled.documents.append(document)
    filled.contents.append(Content(body, read.words, one.decoded.piece))
    filled.observations.append(read.observations)


def _tolerant(finding: Finding, reading: Reading) -> Finding:
    if reading.strict or finding.code not in BROKEN_BY_EXAMPLES:
        return finding
    return replace(finding, severity=Severity.WARNING, condition=None)


def _replaced(segments: Segments, split: Split) -> str | None:
    """TXA-13 as "root" or "root^extension" (A3)."""
    return _entity(segments, 13, split)


def _entity(segments: Segments, number: int, split: Split) -> str | None:
    if not segments.txas or len(segments.txas[0]) <= number:
        return None
    value = segments.txas[0][number]
    first = component(value, 1, split.marks)
    root = component(value, 3, split.marks)
    return (f"{root}^{first}" if root else first) or None


def _envelope_findings(
    document: Document, one: Enclosure, segments: Segments, split: Split, reading: Reading
) -> list[Finding]:
    """Where the message and the document it carries say different things (A3, A4)."""
    findings = []
    if component(one.row.fields[3], 1, split.marks) != document.type_code:
        text = "OBX-3 is not the code of the document."
        findings.append(tolerated("type-differs", "OBX-3", 199, text, strict=reading.strict))
    announced = _entity(segments, 12, split)
    if announced and announced != document.unique_id:
        text = "TXA-12 is not the identifier of the document."
        findings.append(tolerated("id-differs", "TXA-12", 199, text, strict=reading.strict))
    if document.action is Action.REPLACE and not document.replaces:
        text = "A replacement names the document replaced in relatedDocument or TXA-13."
        findings.append(tolerated("replaces", "OBX-5", 101, text, strict=reading.strict))
    return findings


def patient_findings(pid: PatientIdentity, documents: Sequence[Document]) -> list[Finding]:
    """PID-3 must be the patient of the document (A2); traits that disagree wait for a person."""
    findings = []
    for document in documents:
        other = document.patient
        if pid.ins is None:
            continue
        if other.ins is None:
            text = "The document in OBX-5 has no INS for its patient."
            findings.append(failure("cda-without-ins", "OBX-5", 207, text, application=903))
        elif (other.ins, other.ins_oid) != (pid.ins, pid.ins_oid):
            text = "The INS of PID-3 is not the INS of the document."
            findings.append(failure("patient-mismatch", "PID-3", 207, text, application=904))
        elif names := same_traits(pid, other):
            findings.append(_disagreement(names))
    return findings


def _disagreement(names: list[str]) -> Finding:
    return Finding(
        code="traits-disagree",
        severity=Severity.WARNING,
        where="PID",
        message=f"PID and the document disagree on: {', '.join(names)}.",
        condition=207,
        application=904,
        holds=True,
    )
