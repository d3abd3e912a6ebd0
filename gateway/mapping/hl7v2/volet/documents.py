"""Documents of a message: OBX of type ED read as CDA, with the action asked for them.

Volet "Transmission de document(s) CDA-R2 en HL7v2" (HL7V2 section 7, XDM_HL7V2 A1 to A5).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from gateway.mapping.cda import read_cda
from gateway.mapping.hl7v2.findings import failure, warning
from gateway.mapping.hl7v2.volet.agreement import (
    ACTIONS,
    Envelope,
    action_findings,
    envelope_findings,
    replaced,
)
from gateway.mapping.hl7v2.volet.enclosures import ENCODED_DOCUMENTS, Enclosure
from gateway.records.documents.document import Action, Document
from gateway.records.documents.observation import Observation
from gateway.records.intake.finding import Finding, Severity
from gateway.records.intake.reading import Reading
from gateway.records.intake.understanding import Content

BROKEN_BY_EXAMPLES = frozenset(("cda-h05", "cda-h12", "cda-h14"))
"""Header rules that the agency's own examples of this volet break, and filing does not need."""
BASE64_STARTS = tuple(one.encode() for one in ENCODED_DOCUMENTS)
XML_STARTS = (b"<", b"\xff\xfe", b"\xfe\xff")


@dataclass(slots=True)
class Filled:
    """Documents of one message with their contents and results, and what was found wrong;
    `headings` of the results are titles (`Observation.is_heading`)."""

    documents: list[Document] = field(default_factory=list)
    contents: list[Content] = field(default_factory=list)
    observations: list[Sequence[Observation]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    headings: int = 0


def read_documents(found: Sequence[Enclosure], around: Envelope) -> Filled:
    """Reads every ED that is no mail body as a CDA."""
    filled = Filled()
    carried = [one for one in found if not one.mail_body]
    if around.kind[0] == "MDM" and len(carried) > 1:
        text = "An MDM message carries one document."
        filled.findings.append(failure("several-documents", carried[1].place(5), 198, text))
    for one in found:
        filled.findings += _encoding_findings(one)
    for one in carried:
        filled.findings += action_findings(one, around)
        _read(one, around, filled)
    return filled


def _encoding_findings(one: Enclosure) -> list[Finding]:
    problem, place = one.decoded.problem, one.place(5)
    if problem and one.mail_body:
        return [warning("mail-body", place, f"{problem}: the mail body was left out.")]
    if problem:
        return [failure("encoding", place, 102, f"{problem}.")]
    if one.decoded.cut:
        text = "The base64 of ED.5 is cut: its length is 1 modulo 4."
        if one.mail_body:
            return [warning("base64-cut", place, text)]
        return [failure("base64-cut", place, 102, text)]
    if one.decoded.unpadded:
        return [warning("base64-padding", place, "The base64 of ED.5 lacks its padding.")]
    return []


def _read(one: Enclosure, around: Envelope, filled: Filled) -> None:
    body = one.decoded.body
    if one.decoded.problem:
        return
    if not body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(XML_STARTS):
        filled.findings.append(failure("not-cda", one.place(5), 102, _what_it_is(body)))
        return
    read = read_cda(body, around.reading)
    filled.findings += [_within(one, _tolerant(found, around.reading)) for found in read.findings]
    if read.document is None:
        return
    related = read.document.replaces
    document = replace(
        read.document,
        action=ACTIONS.get(one.status, Action.CREATE),
        replaces=related or replaced(around),
    )
    filled.findings += envelope_findings(document, related, one, around)
    filled.documents.append(document)
    filled.contents.append(Content(body, read.words, one.decoded.piece))
    filled.observations.append(read.observations)


def _what_it_is(body: bytes) -> str:
    if not body.strip():
        return "OBX-5 holds no document: ED.5 is empty."
    if body.startswith(b"%PDF"):
        return (
            "OBX-5 holds a PDF: send a CDA of level 1 that has it in its nonXMLBody, or the PDF "
            "itself in FHIR (POST /fhir/DocumentReference)."
        )
    if body.lstrip().startswith(b"{\\rtf"):
        return "OBX-5 holds an RTF text: send a CDA of level 1 that has it as PDF."
    if body.lstrip().startswith(BASE64_STARTS):
        return "OBX-5 holds base64 that ED.4 does not name: write Base64 in ED.4."
    if body.startswith(b"PK"):
        return "OBX-5 holds an archive: send the CDA itself."
    return "The document in OBX-5 is no CDA: its bytes are not XML."


def _within(one: Enclosure, finding: Finding) -> Finding:
    """What is wrong inside the document, at the field that carries it: `OBX-5: /ClinicalDocument`,
    as XDM writes `DOC0001.XML: /ClinicalDocument`."""
    return replace(finding, where=f"{one.place(5)}: {finding.where}")


def _tolerant(finding: Finding, reading: Reading) -> Finding:
    if reading.strict or finding.code not in BROKEN_BY_EXAMPLES:
        return finding
    return replace(finding, severity=Severity.WARNING, condition=None)
