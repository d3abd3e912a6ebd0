"""The body of a CDA: its level, the files inside it, the words of its narrative."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain

import pybase64

from gateway.mapping.cda.nodes import V3, first, media_type_of, strings, text_of
from gateway.mapping.xml import Element
from gateway.records.documents.document import Attachment, BodyKind
from gateway.records.intake.finding import Finding, Severity
from gateway.records.words import MAX_FOLDED_CHARACTERS, distinct

MAX_FILES = 100
CUT = 3
"""Signs of padding that no whole base64 lacks: its last byte has but six bits."""
LAST_CHARACTERS = 16
UNSHOWN = "cda-body-"

PDF, PLAIN = "application/pdf", "text/plain"
BODY = "/ClinicalDocument/component"
BODY_KINDS = {
    PDF: BodyKind.PDF,
    PLAIN: BodyKind.TEXT,
    "text/rtf": BodyKind.TEXT,
    "application/rtf": BodyKind.TEXT,
    "image/jpeg": BodyKind.IMAGE,
    "image/png": BodyKind.IMAGE,
    "image/tiff": BodyKind.IMAGE,
}
MAGIC = {
    PDF: (b"%PDF-",),
    "text/rtf": (b"{\\rtf",),
    "application/rtf": (b"{\\rtf",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/gif": (b"GIF87a", b"GIF89a"),
    "image/tiff": (b"II*\x00", b"MM\x00*"),
}
MARKS = tuple(chain.from_iterable(MAGIC.values()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """`media_type` is None for a structured body; `kind` None where there is none we know."""

    kind: BodyKind | None
    media_type: str | None
    attachments: tuple[Attachment, ...]
    findings: tuple[Finding, ...]


def decoded(text: str) -> bytes | None:
    """Base64 with its white space taken out, or None where it is none.

    Padding that is missing is put behind it, as in an ED of HL7v2 (HL7V2 section 7): no byte
    depends on it, while a length of 1 modulo 4 is a text that was cut.
    """
    plain = "".join(text.split())
    try:
        return pybase64.b64decode(plain, validate=True)
    except ValueError:
        bare = plain.rstrip("=")
    padding = -len(bare) % 4
    if len(plain) - len(bare) >= padding or padding == CUT:
        return None
    try:
        return pybase64.b64decode(bare + "=" * padding, validate=True)
    except ValueError:
        return None


def body_of(root: Element) -> Body:
    """Level 1 (`nonXMLBody`) or level 3 (`structuredBody`) with the files it carries."""
    plain = first(root, "component/nonXMLBody/text")
    if plain is not None or first(root, "component/nonXMLBody") is not None:
        return _level_one(plain)
    if first(root, "component/structuredBody") is None:
        return Body(kind=None, media_type=None, attachments=(), findings=(_nothing_in(BODY),))
    return _level_three(root)


def _level_one(text: Element | None) -> Body:
    where = f"{BODY}/nonXMLBody/text"
    media = media_type_of(text) or PLAIN if text is not None else ""
    kind = BODY_KINDS.get(media)
    if text is None or kind is None:
        message = "A nonXMLBody holds PDF, plain text, RTF, JPEG, PNG or TIFF, in its text."
        finding = _error("cda-body-type", where, message)
        return Body(kind=None, media_type=media or None, attachments=(), findings=(finding,))
    content, findings = _content(text, media, where)
    if content is not None and not content.strip():
        findings.append(_nothing_in(where))
    attachments = () if content is None else (_attachment(media, content),)
    return Body(kind=kind, media_type=media, attachments=attachments, findings=tuple(findings))


def _content(node: Element, media: str, where: str) -> tuple[bytes | None, list[Finding]]:
    """The bytes of an ED and what is wrong with them; None where they cannot be had."""
    if first(node, "reference") is not None:
        message = "The content is a reference: send the bytes themselves, nothing is fetched."
        return None, [_error("cda-body-reference", where, message)]
    if node.get("compression"):  # what is inside could be told by no first bytes
        message = "The content is compressed: send the bytes as they are."
        return None, [_error("cda-body-compressed", where, message)]
    text = node.text if len(node) == 0 else "".join(strings(node))
    if node.get("representation") != "B64" and media == PLAIN:
        return (text or "").encode(), []
    content = decoded(text or "")
    if not content:
        return None, [_error("cda-body-base64", where, "The content is not base64: encode it.")]
    return content, [*_unpadded(text or "", content, where), *_wrong_content(content, media, where)]


def _unpadded(text: str, content: bytes, where: str) -> Iterator[Finding]:
    """Told by the end of the text: it may have megabytes."""
    end = "".join(text.rstrip()[-LAST_CHARACTERS:].split())
    if len(end) - len(end.rstrip("=")) < -len(content) % 3:
        message = "The base64 lacks its padding."
        yield Finding(
            code="base64-padding", severity=Severity.WARNING, where=where, message=message
        )


def _wrong_content(content: bytes, media: str, where: str) -> Iterator[Finding]:
    if not _is_of(media, content):
        yield _error("cda-body-mismatch", where, f"The content is not of the type {media}.")
    if content.startswith(MAGIC[PDF]):  # whatever it calls itself: a reader opens it as a PDF
        from gateway.mapping.files.pdf.contents import (
            pdf_findings,  # QPDF: 12 MB where no PDF ever comes
        )

        for finding in pdf_findings(content):
            yield replace(finding, where=where)


def _is_of(media: str, content: bytes) -> bool:
    """By its first bytes; a text is what bears the mark of no other type."""
    if media == PLAIN:
        return not content.startswith(MARKS)
    return media not in MAGIC or content.startswith(MAGIC[media])


def _attachment(media: str, content: bytes) -> Attachment:
    digest = hashlib.sha1(content, usedforsecurity=False).hexdigest()
    return Attachment(mime_type=media, size=len(content), sha1=digest)


def _level_three(root: Element) -> Body:
    attachments: list[Attachment] = []
    findings: list[Finding] = []
    if first(root, "component/structuredBody/component/section") is None:
        findings.append(_nothing_in(f"{BODY}/structuredBody"))
    for count, value in enumerate(embedded_values(root)):
        if count == MAX_FILES:
            message = f"More than {MAX_FILES} files inside: the rest is not looked at."
            findings.append(_error("cda-files", "//observationMedia", message))
            break
        if value.get("nullFlavor"):
            continue
        media = media_type_of(value)
        content, wrong = _content(value, media, "//observationMedia/value")
        findings.extend(wrong if media == PDF else map(_lenient, wrong))
        if content is not None:
            attachments.append(_attachment(media, content))
    return Body(
        kind=BodyKind.STRUCTURED,
        media_type=None,
        attachments=tuple(attachments),
        findings=tuple(findings),
    )


def embedded_values(root: Element) -> Iterator[Element]:
    """The `value` of every observationMedia, in document order: the files inside."""
    for node in root.iter(V3 + "observationMedia"):
        value = first(node, "value")
        if value is not None:
            yield value


def words_of(root: Element) -> str:
    """Title and narrative as a search reads them, each word once, up to a limit."""
    pieces = [text_of(root, "title") or ""]
    size = 0
    for section in root.iter(V3 + "section"):
        for name in ("title", "text"):
            node = first(section, name)
            if node is not None:
                text = " ".join(" ".join(strings(node)).split())
                size += len(text)
                pieces.append(text)
        if size > MAX_FOLDED_CHARACTERS:
            break
    return distinct(" ".join(piece for piece in pieces if piece))


def _nothing_in(where: str) -> Finding:
    return _error("cda-body", where, "There is no body to read.")


def _error(code: str, where: str, message: str) -> Finding:
    return Finding(code=code, severity=Severity.ERROR, where=where, message=message, condition=102)


def _lenient(finding: Finding) -> Finding:
    """A file inside that cannot be shown does not refuse the document; what could run does."""
    if not finding.code.startswith(UNSHOWN):
        return finding
    return replace(finding, severity=Severity.WARNING, condition=None)
