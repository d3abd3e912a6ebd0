"""Bytes as received: never shown by the browser in our origin, named by us."""

from aiohttp import web

from gateway.flows.reading.read import Opened
from gateway.mapping.files.archive.names import EXTENSIONS
from gateway.records.days import iso_day
from gateway.vault.document.inside import PDF


def attachment(opened: Opened, body: bytes) -> web.Response:
    """A download; the name holds the date and nothing of the person."""
    card = opened.card
    known = card.mime_type in EXTENSIONS
    return web.Response(
        body=body,
        headers={
            "Content-Type": card.mime_type if known else "application/octet-stream",
            "Content-Disposition": _named(opened, EXTENSIONS.get(card.mime_type, "bin")),
            "ETag": f'"{opened.shelved.document.sha256}"',
        },
    )


def pdf_attachment(opened: Opened, pdf: bytes) -> web.Response:
    """The file inside a document, as it was put there."""
    headers = {"Content-Type": PDF, "Content-Disposition": _named(opened, "pdf")}
    return web.Response(body=pdf, headers=headers)


def _named(opened: Opened, extension: str) -> str:
    card = opened.card
    name = f"document-{iso_day(card.deposited_at)}-{card.id[:8]}.{extension}"
    return f'attachment; filename="{name}"'
