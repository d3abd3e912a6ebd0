"""A MSSanté mail to documents: its IHE_XDM archive, or CDA files attached as they are.

The patient is the one of the documents, never of the subject (ECO.2.1.2). PDF copies beside the
documents are not documents of their own; nothing of the mail is written to disk or shown.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from email.message import Message as Mail
from email.parser import BytesParser
from email.policy import compat32

from gateway.mapping.cda import understand_cda
from gateway.mapping.files.enclosed import begins_xml, eight_bits
from gateway.mapping.mail.bounds import MAX_PARTS, too_much
from gateway.mapping.mail.leaves import Part, leaves
from gateway.mapping.mail.letter import letter_of
from gateway.mapping.mail.report import understand_report
from gateway.mapping.mail.sameness import written_as
from gateway.mapping.xdm import understand_xdm
from gateway.records.correspondence.letter import Letter
from gateway.records.documents.document import CDA_TYPES
from gateway.records.intake.finding import Finding, Severity, verdict_of
from gateway.records.intake.reading import Reading
from gateway.records.intake.understanding import Content, Format, Understanding

MAX_DEPTH = 20
ARCHIVE_NAME = "ihe_xdm.zip"
ARCHIVE_TYPES = ("application/zip", "application/x-zip-compressed", "application/x-zip")
ZIP_START = b"PK\x03\x04"
ROOT = b"ClinicalDocument"
STYLESHEET = re.compile(rb"<(?:[\w.-]{1,40}:)?(?:stylesheet|transform)[\s>]")
START_BYTES = 4_096
NO_TYPE = "application/octet-stream"
METADATA = b"METADATA.XML"
"""A zip has the names of its files in clear."""
PATIENT_BOX = re.compile(r"([0-9]{5}(?:[0-9]{2}|2[AB])[0-9]{8})@", re.IGNORECASE)
MALFORMED = (TypeError, ValueError, LookupError, AttributeError, AssertionError)
"""What the standard library raises on parameters that RFC 2231 does not know."""


def understand_mail(raw: bytes, reading: Reading) -> Understanding:
    """One mail of one patient. A mail without a document is held for a person to read."""
    if problem := too_much(raw):
        return _understood([problem])
    try:
        mail = BytesParser(policy=compat32).parsebytes(raw)
        if (reported := understand_report(mail)) is not None:
            return replace(reported, written_as=_name(mail))
        parts = list(leaves(mail))
        name = _name(mail)
    except MALFORMED:
        message = "The MIME headers are malformed: build the mail with a mail library."
        return _understood([_error("mail-malformed", "MIME", message)])
    if len(parts) > MAX_PARTS or _depth(mail) > MAX_DEPTH:
        return _understood([_error("mail-parts", "MIME", "Send fewer and flatter parts.")])
    archives = _archives(parts)
    if len(archives) > 1:
        message = "Attach exactly one IHE_XDM.ZIP."
        return _understood([_error("mail-archives", "MIME", message)])
    if archives:
        understood = understand_xdm(archives[0].body, reading)
    else:
        understood = _attached(parts, reading)
    findings = [*understood.findings, *_header_findings(mail, understood)]
    return replace(
        understood,
        format=Format.MAIL,
        findings=tuple(findings),
        verdict=verdict_of(findings),
        written_as=name,
        letter=_letter(mail, parts, archives),
    )


def for_recipients(
    understood: Understanding, recipients: Sequence[str], own: Collection[str] = ()
) -> Understanding:
    """Adds an error where a patient's mailbox is not that of the documents' patient, and where a
    mailbox of ours (`own`, in lower case) is sent anything but a receipt.

    `recipients` are the addresses of the envelope.
    """
    if understood.report is None and any(one.lower() in own for one in recipients):
        message = "This mailbox takes delivery and read receipts only. Answer to Reply-To."
        return _also(understood, _error("mail-unattended", "RCPT", message))
    owners = {document.patient.ins for document in understood.documents} - {None}
    boxes = {
        found[1].upper() for address in recipients if (found := PATIENT_BOX.match(address.strip()))
    }
    if not owners or boxes <= owners:
        return understood
    message = "The documents are not of the patient whose mailbox is addressed."
    return _also(understood, _error("recipient-mismatch", "RCPT", message, application=904))


def _also(understood: Understanding, finding: Finding) -> Understanding:
    findings = (*understood.findings, finding)
    return replace(understood, findings=findings, verdict=verdict_of(findings))


def _name(mail: Mail) -> str | None:
    """What the mail is known by when it comes again; an odd part of it refuses nothing."""
    try:
        return written_as(mail)
    except MALFORMED:
        return None


def _letter(mail: Mail, parts: Sequence[Part], archives: Sequence[Part]) -> Letter | None:
    """What it says beside its documents; an odd part of it refuses nothing."""
    try:
        return letter_of(mail, parts, archives or [one for one in parts if _is_cda(one)])
    except MALFORMED:
        return None


def _depth(mail: Mail) -> int:
    payload = mail.get_payload() if mail.is_multipart() else []
    inner = [_depth(part) for part in payload if isinstance(part, Mail)]
    return 1 + max(inner, default=0)


def _archives(parts: Sequence[Part]) -> list[Part]:
    """What holds metadata, whatever its sender calls it, and what bears the archive's name. Without
    any, what is a zip by its type, to be refused; one that is a zip by its name alone is a file."""
    named = [one for one in parts if one.name.casefold() == ARCHIVE_NAME]
    found = [one for one in parts if one in named or _holds_metadata(one)]
    return found or [one for one in parts if one.mime_type in ARCHIVE_TYPES]


def _holds_metadata(part: Part) -> bool:
    return part.body.startswith(ZIP_START) and METADATA in part.body.upper()


def _is_cda(part: Part) -> bool:
    """By its type or name, or of no type at all; its stylesheet, which names the root, is none."""
    named = part.mime_type in CDA_TYPES or part.mime_type.endswith("+xml")
    named = named or part.name.lower().endswith(".xml")
    if not (named or (part.mime_type == NO_TYPE and begins_xml(part.body))):
        return False
    body = eight_bits(part.body)
    return ROOT in body and STYLESHEET.search(body[:START_BYTES]) is None


def _attached(parts: list[Part], reading: Reading) -> Understanding:
    """CDA files attached without an archive; without any the mail waits for a person."""
    read = [understand_cda(part.body, reading) for part in parts if _is_cda(part)]
    if not read:
        message = "The mail carries no document: attach IHE_XDM.ZIP to have one filed."
        finding = Finding(
            code="mail-no-document",
            severity=Severity.WARNING,
            where="MIME",
            message=message,
            holds=True,
        )
        return _understood([finding])
    findings = [finding for one in read for finding in one.findings]
    patients = {one.documents[0].patient.ins for one in read if one.documents}
    if len(patients) > 1:
        message = "Send the documents of one patient a mail."
        findings.append(_error("patient-mismatch", "MIME", message, application=904))
    return Understanding(
        format=Format.MAIL,
        verdict=verdict_of(findings),
        findings=tuple(findings),
        documents=tuple(document for one in read for document in one.documents),
        contents=tuple(_uncut(content) for one in read for content in one.contents),
        observations=tuple(results for one in read for results in one.observations),
        results=sum(one.results for one in read),
    )


def _uncut(content: Content) -> Content:
    """The piece of a CDA read alone is not a piece of the mail."""
    return replace(content, piece=None)


def _header_findings(mail: Mail, understood: Understanding) -> Iterator[Finding]:
    """X-MSS-INS and X-MSS-CODECDA (ECO.2.4.1, ECO.2.4.2)."""
    said = {str(one).strip().upper() for one in mail.get_all("X-MSS-INS", ())}
    if "N" in said and understood.documents:
        yield Finding(
            code="ins-not-qualified",
            severity=Severity.WARNING,
            where="X-MSS-INS",
            message="The sender says that the INS is not qualified.",
            application=905,
            holds=True,
        )
    codes = {one.strip() for one in str(mail.get("X-MSS-CODECDA") or "").split(",")} - {""}
    kinds = {document.type_code for document in understood.documents if document.type_code}
    if codes and kinds and codes != kinds:
        yield Finding(
            code="mail-codes-differ",
            severity=Severity.WARNING,
            where="X-MSS-CODECDA",
            message="List the codes of the attached CDA documents.",
        )


def _understood(findings: list[Finding]) -> Understanding:
    return Understanding(format=Format.MAIL, verdict=verdict_of(findings), findings=tuple(findings))


def _error(code: str, where: str, message: str, *, application: int | None = None) -> Finding:
    return Finding(
        code=code, severity=Severity.ERROR, where=where, message=message, application=application
    )
