"""Bytes as received: never shown by the browser in our origin, named by us."""

from aiohttp import web

from gateway.flows.reading.read import Opened

EXTENSIONS = {
    "text/xml": "xml",
    "application/xml": "xml",
    "application/pdf": "pdf",
    "text/plain": "txt",
    "text/rtf": "rtf",
    "application/rtf": "rtf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/tiff": "tif",
    "application/fhir+json": "json",
    "x-application/hl7-v2+er7": "hl7",
    "application/zip": "zip",
}


def attachment(opened: Opened, body: bytes) -> web.Response:
    """A download; the name holds the date and nothing of the person."""
    card = opened.card
    extension = EXTENSIONS.get(card.mime_type, "bin")
    name = f"document-{card.deposited_at.date().isoformat()}-{card.id[:8]}.{extension}"
    known = card.mime_type in EXTENSIONS
    return web.Response(
        body=body,
        headers={
            "Content-Type": card.mime_type if known else "application/octet-stream",
            "Content-Disposition": f'attachment; filename="{name}"',
            "ETag": f'"{opened.shelved.document.sha256}"',
        },
    )
