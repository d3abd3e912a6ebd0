"""The file inside a document: what a CDA of level 1 wraps, or a PDF that a report carries."""

from gateway.errors import RefusedError
from gateway.mapping.cda.figures import first_pdf
from gateway.mapping.cda.level_one import level_one_file
from gateway.records.documents.document import CDA_TYPES, BodyKind, Document

PDF = "application/pdf"


def file_of(document: Document, body: bytes) -> tuple[str, bytes]:
    """The file inside a CDA of level 1, or the document itself where it is no CDA."""
    if document.mime_type in CDA_TYPES:
        return level_one_file(body)
    return document.mime_type, body


def holds_pdf(document: Document) -> bool:
    """Whether there is a PDF to take out: a document that is one needs none."""
    return document.mime_type in CDA_TYPES and any(
        one.mime_type == PDF for one in document.attachments
    )


def pdf_of(document: Document, body: bytes) -> bytes:
    """The first PDF inside; RefusedError where there is none."""
    if document.body is BodyKind.STRUCTURED:
        return first_pdf(body)
    media, content = file_of(document, body)
    if media != PDF:
        raise RefusedError("The document holds no PDF.")
    return content
