"""A document inside an envelope (XDM, FHIR): a CDA judged gently, or one PDF, picture or text.

Told by its first bytes. What a browser could run (HTML, SVG, XML of unknown kind) is refused.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from gateway.mapping.labels.clues import MAX_NARRATIVE_CHARACTERS, NO_SIGNS, Signs
from gateway.records.documents.document import BodyKind
from gateway.records.intake.finding import Finding, Severity

PICTURES: dict[str, tuple[bytes, ...]] = {
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/gif": (b"GIF8",),
    "image/tiff": (b"II*\x00", b"MM\x00*"),
}
TEXTS = ("text/plain", "text/rtf", "application/rtf")
PDF_START, PDF_HEADER_BYTES = b"%PDF-", 1_024
"""Readers of PDF find its header anywhere in so many bytes (ISO 32000-1, annex H.3)."""
DAMAGED_PDF = "pdf-malformed"
HEADER_RULE = re.compile(r"cda-h\d\d|cda-body")
BOM = b"\xef\xbb\xbf"
WIDE_BOMS = (b"\xff\xfe", b"\xfe\xff")
START_BYTES = 512
MARKUP = (b"<!doctype", b"<html", b"<script", b"<svg", b"<?xml", b"<body", b"<head")


def read_single(mime: str, body: bytes) -> tuple[BodyKind | None, tuple[Finding, ...]]:
    """The kind of the document, and why it cannot be taken. `mime` without parameters."""
    if mime == "application/pdf":
        from gateway.mapping.files.pdf.contents import (
            pdf_findings,  # QPDF: 12 MB where no PDF ever comes
        )

        return BodyKind.PDF, tuple(map(_damaged_held, pdf_findings(body)))
    if mime in PICTURES:
        if body.startswith(PICTURES[mime]):
            return BodyKind.IMAGE, ()
        return BodyKind.IMAGE, (_refused("mime-mismatch", "The picture is not of its type."),)
    if mime in TEXTS:
        return BodyKind.TEXT, tuple(_text_findings(body))
    message = "Send a CDA R2 document, a PDF, a PNG, JPEG, GIF or TIFF picture, or plain text."
    return None, (_refused("unsupported-type", message),)


def media_type_of(body: bytes) -> str | None:
    """What the bytes are, whatever the file is called; None for nothing that is taken here."""
    if body.startswith(PDF_START):
        return "application/pdf"
    for mime, starts in PICTURES.items():
        if body.startswith(starts):
            return mime
    if begins_xml(body):
        return "text/xml"
    return None if b"\0" in body[:MAX_NARRATIVE_CHARACTERS] else "text/plain"


def begins_xml(body: bytes) -> bool:
    """Whether the first character is a `<`, in UTF-16 or behind a mark of its encoding too."""
    start = body.lstrip()[:START_BYTES].removeprefix(BOM)
    return eight_bits(start).lstrip()[:1] == b"<"


def eight_bits(body: bytes) -> bytes:
    """The ASCII of UTF-16 behind its mark, to look for words in it; other bytes as they are."""
    return body[2:].replace(b"\0", b"") if body.startswith(WIDE_BOMS) else body


def _damaged_held(finding: Finding) -> Finding:
    """A PDF that cannot be opened does no harm while a person looks at it; the rest refuses."""
    if finding.code != DAMAGED_PDF:
        return finding
    return replace(finding, severity=Severity.WARNING, holds=True)


def text_signs(kind: BodyKind | None, body: bytes) -> Signs:
    """How a plain text begins; nothing of a picture or a PDF is read for a label."""
    if kind is not BodyKind.TEXT:
        return NO_SIGNS
    return Signs(words=body[: 4 * MAX_NARRATIVE_CHARACTERS].decode("utf-8", "replace"))


def header_held(findings: Iterable[Finding]) -> Iterator[Finding]:
    """A gap in the header of an enclosed CDA (rules H01 to H23, no body) is for a person to judge.

    The envelope says the same things; bytes that are no CDA or not safe stay refused.
    """
    for one in findings:
        gap = one.severity is Severity.ERROR and HEADER_RULE.fullmatch(one.code)
        yield replace(one, severity=Severity.WARNING, holds=True) if gap else one


def _text_findings(body: bytes) -> list[Finding]:
    if PDF_START in body[:PDF_HEADER_BYTES]:
        return [_refused("mime-mismatch", "The text is a PDF: declare application/pdf.")]
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return [_refused("text-charset", "Write the text in UTF-8.")]
    if not text.strip("\ufeff \t\r\n"):
        return [_refused("text-empty", "There is nothing to read in the text.")]
    start = body.removeprefix(BOM).lstrip()[:16].lower()
    if "\0" in text or start.startswith(MARKUP):
        return [_refused("mime-mismatch", "The text holds markup or binary bytes.")]
    return []


def _refused(code: str, message: str) -> Finding:
    return Finding(code=code, severity=Severity.ERROR, where="/", message=message)
