"""A document's body rebuilt for reading: narrative, pictures of pages, results or text.

Served under a sandbox of its own, from another path than the page that frames it (PAGES rule
13). Nothing of a sender is served as it came (SECURITY law 4).
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import TypeVar

from aiohttp import web
from markupsafe import Markup

from gateway.errors import DeniedError, RefusedError
from gateway.flows.reading.decided.asking import NOT_THERE
from gateway.flows.reading.read import Opened
from gateway.mapping.cda.figures import MAX_PAGES, PICTURES, embedded
from gateway.mapping.cda.level_one import text_in
from gateway.mapping.cda.narrative import render_narrative
from gateway.mapping.cda.pictures import may_be_shown
from gateway.mapping.facts import facts_in
from gateway.mapping.files.pictures import TIFF
from gateway.mapping.files.rtf import rtf_text
from gateway.records.documents.document import RESULTS_TYPE, BodyKind, Document
from gateway.vault import words
from gateway.vault.called import born, full_name
from gateway.vault.document.coded import CodedGroup, coded_groups
from gateway.vault.document.drawing import Drawer
from gateway.vault.document.inside import file_of
from gateway.vault.document.opening import OPENS, opened_for
from gateway.vault.document.results import ResultGroup, groups_of
from gateway.vault.headers import BODY_CSP, BODY_WITH_PICTURES_CSP, PRINTED_CSP
from gateway.vault.rendering import html, static_address
from gateway.vault.rooms import ROOMS
from gateway.vault.visit import VISIT

T = TypeVar("T")
MAX_TEXT_CHARACTERS = 200_000
PAGE_WIDTH_PIXELS = 1_000
FRAMED, PRINTED = "/corps", "/imprimer"
PICTURE = r"/{kind:page|image}/{number:\d{1,4}}"
PAGE_OF_A_FILE = r"/image/{number:\d{1,4}}/page/{page:\d{1,4}}"
RTF = frozenset({"text/rtf", "application/rtf"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What the template of a body needs; `pages` are the numbers of the pictures.

    `groups` are the results, `coded` the other coded data of the document.
    """

    kind: str
    narrative: str = ""
    text: str = ""
    pages: range = range(0)
    total: int = 0
    groups: Sequence[ResultGroup] = ()
    coded: Sequence[CodedGroup] = ()

    @property
    def entries(self) -> int:
        results = sum(len(one.rows) for one in self.groups)
        return results + sum(len(one.rows) for one in self.coded)


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What stands above every printed sheet, and the document's own page to go back to."""

    who: str
    born: str
    act_date: str | None
    printed_at: datetime
    back: str


def can_preview(document: Document) -> bool:
    if document.mime_type == RESULTS_TYPE:
        return True
    return document.body in (BodyKind.STRUCTURED, BodyKind.PDF, BodyKind.TEXT, BodyKind.IMAGE)


async def body_page(request: web.Request) -> web.Response:
    """The frame's page; traced as a preview."""
    opened = await _opened(request)
    return _frame(request, opened, request.path, await _rebuilt(request, opened, request.path))


async def print_page(request: web.Request) -> web.Response:
    """The whole body on a page of its own, under a head that every sheet bears (PAGES section 3);
    traced as a preview."""
    opened = await _opened(request)
    address = request.path.removesuffix(PRINTED)
    shown = await _rebuilt(request, opened, address + FRAMED)
    person = await request[ROOMS].people.person(opened.card.patient)
    head = Head(
        who=full_name(person),
        born=born(person),
        act_date=opened.card.act_date,
        printed_at=request[ROOMS].clock.now(),
        back=address,
    )
    return _frame(request, opened, address + FRAMED, shown, head=head)


async def _rebuilt(request: web.Request, opened: Opened, base: str) -> Shown:
    read, document = request[ROOMS].read, opened.shelved.document
    is_results = document.mime_type == RESULTS_TYPE
    has_results = is_results or opened.card.results > 0
    groups = groups_of(await read.observations(opened)) if has_results else []
    if is_results:
        return Shown(kind="results", groups=groups)
    body = await read.read_body(opened)
    drawer = request[ROOMS].drawer
    shown = await previewed(request, lambda: _shown(document, body, base, drawer))
    return replace(shown, groups=groups)


async def body_picture(request: web.Request) -> web.Response:
    """One page of a PDF, or one picture of a document.

    `/page/{number}` (from 1) of a document that is one file; `/image/{number}` (from 0) of one
    that holds several, with `/page/{page}` where that is a PDF.
    """
    opened = await _opened(request)
    asked, document = request.match_info, opened.shelved.document
    number, page = int(asked["number"]), int(asked.get("page", "1"))
    body, drawer = await request[ROOMS].read.read_body(opened), request[ROOMS].drawer
    if document.body is BodyKind.STRUCTURED:
        drawn = partial(_drawn, lambda: embedded(body, number), page, drawer)
    else:
        drawn = partial(_drawn, lambda: file_of(document, body), number, drawer)
    mime_type, data = await previewed(request, drawn)
    return web.Response(body=data, content_type=mime_type)


def previewed(request: web.Request, work: Callable[[], T]) -> Awaitable[T]:
    """In the threads of previews: what is read in a document takes as long as its sender chose."""
    loop = asyncio.get_running_loop()
    return loop.run_in_executor(request[ROOMS].previews, work)


async def _opened(request: web.Request) -> Opened:
    return await opened_for(request, "preview")


def _frame(
    request: web.Request, opened: Opened, base: str, shown: Shown, *, head: Head | None = None
) -> web.Response:
    response = html(
        "body.html",
        title=opened.card.title or words.UNTITLED,
        css=static_address("app.css"),
        base=base,
        shown=shown,
        head=head,
        of=request[VISIT].face.of,
        professional=request[VISIT].is_professional or OPENS in request,
    )
    pictures = bool(shown.pages) or "<img" in shown.narrative
    framed = BODY_WITH_PICTURES_CSP if pictures else BODY_CSP
    response.headers["Content-Security-Policy"] = PRINTED_CSP if head else framed
    return response


def _shown(document: Document, body: bytes, base: str, drawer: Drawer) -> Shown:
    """Runs in a thread: parsing and counting may take a while."""
    try:
        if document.body is BodyKind.STRUCTURED:
            # Our own renderer made it from an allow-list and nh3 cleaned it again.
            made = render_narrative(
                body, prefix=f"{base}/image", heading=2, pages=drawer.page_count
            )
            coded = coded_groups(facts_in(body))
            return Shown(kind="narrative", narrative=Markup(made), coded=coded)  # noqa: S704
        return _shown_file(*file_of(document, body), drawer)
    except RefusedError:
        return Shown(kind="none")


def _shown_file(mime_type: str, data: bytes, drawer: Drawer) -> Shown:
    if mime_type == "application/pdf":
        total = drawer.page_count(data)
        return Shown(kind="pages", pages=range(1, min(total, MAX_PAGES) + 1), total=total)
    if mime_type == "text/plain":
        return Shown(kind="text", text=text_in(data)[:MAX_TEXT_CHARACTERS])
    if mime_type in RTF and (text := rtf_text(data, limit=MAX_TEXT_CHARACTERS)):
        return Shown(kind="text", text=text)
    if mime_type in PICTURES and may_be_shown(mime_type, data):
        return Shown(kind="pages", pages=range(1, 2), total=1)
    if mime_type == TIFF:  # which browsers do not show
        total = drawer.frame_count(data)
        return Shown(kind="pages", pages=range(1, min(total, MAX_PAGES) + 1), total=total)
    return Shown(kind="none")


def _drawn(file: Callable[[], tuple[str, bytes]], page: int, drawer: Drawer) -> tuple[str, bytes]:
    """Page `page` of a PDF as a picture, or the picture itself. Raises DeniedError."""
    try:
        mime_type, data = file()
        if mime_type == "application/pdf":
            return "image/png", _page(data, page - 1, drawer)
        if mime_type == TIFF:
            width = PAGE_WIDTH_PIXELS
            return "image/png", drawer.render_frame(data, page=page - 1, width=width)
    except RefusedError as error:
        raise DeniedError(NOT_THERE) from error
    if mime_type not in PICTURES or page != 1 or not may_be_shown(mime_type, data):
        raise DeniedError(NOT_THERE)
    return mime_type, data


def _page(data: bytes, page: int, drawer: Drawer) -> bytes:
    if not 0 <= page < min(drawer.page_count(data), MAX_PAGES):
        raise RefusedError("The PDF has no such page.")
    return drawer.render_pages(data, page=page, width=PAGE_WIDTH_PIXELS)
