"""A document that is no CDA: one PDF, picture or text, told by its first bytes.

Shared by XDM and FHIR. What a browser could run (HTML, SVG, XML of unknown kind) is refused.
"""

from gateway.mapping.pdf import pdf_findings
from gateway.records.document import BodyKind
from gateway.records.finding import Finding, Severity

PICTURES = {
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/jpeg": b"\xff\xd8\xff",
    "image/gif": b"GIF8",
    "image/tiff": (b"II*\x00", b"MM\x00*"),
}
TEXTS = ("text/plain", "text/rtf", "application/rtf")
MARKUP = (b"<!doctype", b"<html", b"<script", b"<svg", b"<?xml", b"<body", b"<head")


def read_single(mime: str, body: bytes) -> tuple[BodyKind | None, tuple[Finding, ...]]:
    """The kind of the document, and why it cannot be taken. `mime` without parameters."""
    if mime == "application/pdf":
        return BodyKind.PDF, tuple(pdf_findings(body))
    if mime in PICTURES:
        if body.startswith(PICTURES[mime]):
            return BodyKind.IMAGE, ()
        return BodyKind.IMAGE, (_refused("mime-mismatch", "The picture is not of its type."),)
    if mime in TEXTS:
        return BodyKind.TEXT, tuple(_text_findings(body))
    message = "Send a CDA R2 document, a PDF, a PNG, JPEG, GIF or TIFF picture, or plain text."
    return None, (_refused("unsupported-type", message),)


def _text_findings(body: bytes) -> list[Finding]:
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return [_refused("text-charset", "Write the text in UTF-8.")]
    if "\0" in text or body.lstrip()[:16].lower().startswith(MARKUP):
        return [_refused("mime-mismatch", "The text holds markup or binary bytes.")]
    return []


def _refused(code: str, message: str) -> Finding:
    return Finding(code=code, severity=Severity.ERROR, where="/", message=message)
