"""A CDA R2 document of the French profile to a record: header, body, results, findings.

Levels 1 and 3, and the self-presentable form, whose stylesheet is never run (CDA.md section 1).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from gateway.mapping.cda.body import body_of, words_of
from gateway.mapping.cda.entries.facts import facts_of
from gateway.mapping.cda.entries.results import count_results, observations_of
from gateway.mapping.cda.header import document_of
from gateway.mapping.cda.header.people import several_ins
from gateway.mapping.cda.header.relatives import relatives_of
from gateway.mapping.cda.header.rules import header_findings
from gateway.mapping.cda.nodes import V3
from gateway.mapping.cda.signs import signs_of
from gateway.mapping.identity import identity_findings
from gateway.mapping.labels.clues import Gather, no_signs
from gateway.mapping.xml import Element, XmlRefusedError, parse_xml
from gateway.records.documents.document import Document
from gateway.records.documents.fact import Fact
from gateway.records.documents.observation import Observation, ResultsInBody
from gateway.records.documents.relative import Relative
from gateway.records.intake.finding import Finding, Severity, verdict_of
from gateway.records.intake.reading import Reading
from gateway.records.intake.understanding import Content, Format, Piece, Understanding

ROOT = V3 + "ClinicalDocument"
STYLESHEET = "{http://www.w3.org/1999/XSL/Transform}stylesheet"
PATIENT = "/ClinicalDocument/recordTarget/patientRole"


@dataclass(frozen=True, slots=True, kw_only=True)
class CdaReading:
    """What one CDA told; `document` is None only where there is no ClinicalDocument at all.

    `gather` looks into its body for an envelope that labels it again.
    """

    document: Document | None
    words: str = ""
    observations: Sequence[Observation] = ()
    findings: tuple[Finding, ...] = ()
    gather: Gather = no_signs


def clinical_document(data: bytes, *, max_bytes: int) -> Element:
    """The ClinicalDocument element, also inside a self-presentable stylesheet.

    Raises XmlRefusedError (`xml-…`, `cda-root`).
    """
    root = parse_xml(data, max_bytes=max_bytes)
    if root.tag == ROOT:
        return root
    inside = next(root.iter(ROOT), None) if root.tag == STYLESHEET else None
    if inside is None:
        finding = Finding(
            code="cda-root",
            severity=Severity.ERROR,
            where="/",
            message="The root is not a ClinicalDocument of urn:hl7-org:v3.",
            condition=102,
        )
        raise XmlRefusedError(finding.message, finding=finding)
    return inside


def read_cda(data: bytes, reading: Reading) -> CdaReading:
    """Everything a CDA says; errors in `findings` refuse it, nothing is raised."""
    try:
        root = clinical_document(data, max_bytes=reading.max_document_bytes)
    except XmlRefusedError as error:
        return CdaReading(document=None, findings=(error.finding,) if error.finding else ())
    body = body_of(root)
    results = count_results(root)
    gather = partial(signs_of, root, results)
    document = document_of(
        root,
        data,
        body=body.kind,
        media_type=body.media_type,
        attachments=body.attachments,
        gather=gather,
    )
    identity = _identity_findings(root, document, reading)
    return CdaReading(
        document=document,
        words=words_of(root),
        observations=ResultsInBody(results, partial(results_in, data)),
        findings=(*_alone(root), *_rule_findings(root, reading), *identity, *body.findings),
        gather=gather,
    )


def _alone(root: Element) -> Iterator[Finding]:
    """What a stylesheet holds beside the document that is read, nobody reads: another's, maybe."""
    if root.getparent() is not None and sum(1 for _ in root.getroottree().iter(ROOT)) > 1:
        message = "The stylesheet holds several documents: send each by itself."
        yield Finding(
            code="cda-root", severity=Severity.ERROR, where="/", message=message, condition=102
        )


def _rule_findings(root: Element, reading: Reading) -> list[Finding]:
    """The header rules, then the schema where the operator names one (CDA.md 2 and 6)."""
    findings = header_findings(root, strict=reading.strict)
    if reading.cda_schema is not None:
        from gateway.mapping.cda.schema import schema_findings

        findings += schema_findings(root, reading.cda_schema, strict=reading.strict)
    return findings


def _identity_findings(root: Element, document: Document, reading: Reading) -> list[Finding]:
    findings = identity_findings(
        document.patient, status=None, profile=reading.profile, where=PATIENT
    )
    if several_ins(root):
        findings.append(
            Finding(
                code="ins-several",
                severity=Severity.WARNING,
                where=f"{PATIENT}/id",
                message="Two different INS: send one, the document waits until somebody looks.",
                condition=207,
                application=906,
                holds=True,
            )
        )
    return findings


def results_in(data: bytes) -> tuple[Observation, ...]:
    """The results of a stored CDA, as `ResultsInBody` left them there."""
    try:
        root = clinical_document(data, max_bytes=len(data))
    except XmlRefusedError:
        return ()
    return observations_of(root)


def facts_in(data: bytes) -> tuple[Fact, ...]:
    """The coded facts of a CDA: read when somebody may open it, never kept apart."""
    try:
        root = clinical_document(data, max_bytes=len(data))
    except XmlRefusedError:
        return ()
    return facts_of(root)


def relatives_in(data: bytes) -> tuple[Relative, ...]:
    """Whom to call for this patient, as the header of a stored CDA says."""
    try:
        root = clinical_document(data, max_bytes=len(data))
    except XmlRefusedError:
        return ()
    return relatives_of(root)


def understand_cda(data: bytes, reading: Reading) -> Understanding:
    """The CDA as the one document of an input."""
    read = read_cda(data, reading)
    piece = Piece(0, len(data), base64=False)
    found = read.document
    return Understanding(
        format=Format.CDA,
        verdict=verdict_of(read.findings),
        findings=read.findings,
        documents=(found,) if found else (),
        contents=(Content(body=data, words=read.words, piece=piece),) if found else (),
        observations=(read.observations,) if found else (),
        results=len(read.observations),
    )
