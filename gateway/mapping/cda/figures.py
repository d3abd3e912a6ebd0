"""The files inside a level 3 document, by number: what the page of a document shows beside it."""

from gateway.errors import RefusedError
from gateway.mapping.cda import clinical_document
from gateway.mapping.cda.body import MAGIC, decoded, embedded_values
from gateway.mapping.cda.nodes import V3, first, strings
from gateway.mapping.xml import Element, max_document_bytes

PICTURES = frozenset({"image/png", "image/jpeg", "image/gif"})
SHOWN = PICTURES | {"application/pdf"}


def embedded(data: bytes, n: int) -> tuple[str, bytes]:
    """The MIME type and bytes of file number `n` (from 0, in document order).

    Only PNG, JPEG, GIF and PDF whose first bytes say so; RefusedError for anything else.
    """
    root = clinical_document(data, max_bytes=max_document_bytes)
    values = list(embedded_values(root))
    content = figure(values[n]) if 0 <= n < len(values) else None
    if content is None:
        raise RefusedError("The document holds no such picture or file.")
    return content


def figure(value: Element) -> tuple[str, bytes] | None:
    """One embedded file as MIME type and bytes, or None where it may not be shown."""
    media = (value.get("mediaType") or "").strip().lower()
    if media not in SHOWN or first(value, "reference") is not None:
        return None
    content = decoded("".join(strings(value)))
    return (media, content) if content and content.startswith(MAGIC[media]) else None


def numbers(root: Element) -> dict[str, int]:
    """ID of each observationMedia (or of the region around it) -> its file number."""
    found: dict[str, int] = {}
    for n, value in enumerate(embedded_values(root)):
        media = value.getparent()
        region = None if media is None else next(media.iterancestors(V3 + "regionOfInterest"), None)
        for node in (media, region):
            if node is not None and (name := node.get("ID")):
                found[name] = n
    return found
