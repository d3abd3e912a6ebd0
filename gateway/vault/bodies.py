"""A document's body rebuilt for reading: narrative, pictures of pages, results or text.

Served under a sandbox of its own, from another path than the page that frames it (PAGES rule
13). Nothing of a sender is served as it came (SECURITY law 4).
"""

import asyncio
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType

from aiohttp import web
from markupsafe import Markup

from gateway.errors import DeniedError, RefusedError
from gateway.flows.asking import NOT_THERE
from gateway.flows.read import Opened
from gateway.mapping.cda.figures import embedded
from gateway.mapping.cda.level_one import level_one_file
from gateway.mapping.cda.narrative import render_narrative
from gateway.records.document import RESULTS_TYPE, BodyKind, Document
from gateway.vault import words
from gateway.vault.headers import BODY_CSP, BODY_WITH_PICTURES_CSP
from gateway.vault.rendering import html, static_address
from gateway.vault.results import groups_of
from gateway.vault.rooms import ROOMS
from gateway.vault.visit import VISIT

CDA_TYPES = frozenset({"text/xml", "application/xml"})
MAX_PAGES, MAX_TEXT_CHARACTERS = 25, 200_000
PAGE_WIDTH_PIXELS = 1_000
SAFE_IMAGES = frozenset({"image/png", "image/jpeg", "image/gif"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What the template of a body needs; `pages` are the numbers of the pictures."""

    kind: str
    narrative: str = ""
    text: str = ""
    pages: range = range(0)
    total: int = 0


def can_preview(document: Document) -> bool:
    if document.mime_type == RESULTS_TYPE:
        return True
    return document.body in (BodyKind.STRUCTURED, BodyKind.PDF, BodyKind.TEXT, BodyKind.IMAGE)


async def body_page(request: web.Request) -> web.Response:
    """The frame's page; traced as a preview."""
    opened = await _opened(request)
    read, document = request[ROOMS].read, opened.shelved.document
    base = request.path
    if document.mime_type == RESULTS_TYPE:
        groups = groups_of(await read.observations(opened))
        return _frame(opened, base, Shown(kind="results"), groups=groups)
    body = await read.read_body(opened)
    shown = await asyncio.to_thread(_shown, document, body, base)
    return _frame(opened, base, shown, groups=[])


async def body_picture(request: web.Request) -> web.Response:
    """One page of a PDF, or one picture of a document, as we rebuilt it."""
    opened = await _opened(request)
    number = int(request.match_info["number"])
    body = await request[ROOMS].read.read_body(opened)
    mime_type, data = await asyncio.to_thread(_picture, opened.shelved.document, body, number)
    return web.Response(body=data, content_type=mime_type)


async def _opened(request: web.Request) -> Opened:
    reader, document = request[VISIT].anybody(), request.match_info["id"]
    return await request[ROOMS].read.open_document(reader, document, action="preview")


def _frame(opened: Opened, base: str, shown: Shown, *, groups: object) -> web.Response:
    response = html(
        "body.html",
        title=opened.card.title or words.UNTITLED,
        css=static_address("app.css"),
        base=base,
        shown=shown,
        groups=groups,
    )
    pictures = bool(shown.pages) or "<img" in shown.narrative
    response.headers["Content-Security-Policy"] = BODY_WITH_PICTURES_CSP if pictures else BODY_CSP
    return response


def _shown(document: Document, body: bytes, base: str) -> Shown:
    """Runs in a thread: parsing and counting may take a while."""
    try:
        if document.body is BodyKind.STRUCTURED:
            # Our own renderer made it from an allow-list and nh3 cleaned it again.
            made = render_narrative(body, prefix=f"{base}/image", heading=2)
            return Shown(kind="narrative", narrative=Markup(made))  # noqa: S704
        return _shown_file(*_inner(document, body))
    except RefusedError:
        return Shown(kind="none")


def _pages() -> ModuleType:
    """PDFium is loaded when the first page is drawn, not when the daemon starts."""
    return import_module("gateway.mapping.pdf_pages")


def _shown_file(mime_type: str, data: bytes) -> Shown:
    if mime_type == "application/pdf":
        total = _pages().page_count(data)
        return Shown(kind="pages", pages=range(1, min(total, MAX_PAGES) + 1), total=total)
    if mime_type == "text/plain":
        return Shown(kind="text", text=data.decode("utf-8", "replace")[:MAX_TEXT_CHARACTERS])
    if mime_type in SAFE_IMAGES:
        return Shown(kind="pages", pages=range(1, 2), total=1)
    return Shown(kind="none")


def _picture(document: Document, body: bytes, number: int) -> tuple[str, bytes]:
    """A page of the PDF, the picture, or picture `number` of a narrative (from 0)."""
    structured = document.body is BodyKind.STRUCTURED
    try:
        mime_type, data = embedded(body, number) if structured else _inner(document, body)
        if mime_type == "application/pdf":
            return "image/png", _page(data, 0 if structured else number - 1)
    except RefusedError as error:
        raise DeniedError(NOT_THERE) from error
    if mime_type not in SAFE_IMAGES:
        raise DeniedError(NOT_THERE)
    return mime_type, data


def _page(data: bytes, page: int) -> bytes:
    if not 0 <= page < min(_pages().page_count(data), MAX_PAGES):
        raise RefusedError("The PDF has no such page.")
    picture: bytes = _pages().render_pages(data, page=page, width=PAGE_WIDTH_PIXELS)
    return picture


def _inner(document: Document, body: bytes) -> tuple[str, bytes]:
    """The file inside a CDA of level 1, or the document itself where it is no CDA."""
    if document.mime_type in CDA_TYPES:
        return level_one_file(body)
    return document.mime_type, body
