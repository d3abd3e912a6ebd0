"""Is a posted form one of ours, shown by this browser, in the profile that it still looks at?"""

import asyncio
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from aiohttp import BodyPartReader, hdrs, web
from aiohttp.http import HttpProcessingError
from multidict import MultiDict, MultiDictProxy

from gateway.flows.signing_in.signin import forgery_token
from gateway.vault.rooms import ROOMS
from gateway.vault.visit import PROFILE_AFTER, Visit

SAME_SITE = frozenset({"same-origin", "none"})
FORM_TYPE = "application/x-www-form-urlencoded"
UPLOAD_TYPE = "multipart/form-data"
MAX_FORM_BYTES = 65_536
MAX_FORM_PARTS = 100
PLAIN, CHARSET = "identity", "utf-8"
FORM_KEY = re.compile(r"[A-Za-z0-9_-]{16,128}", re.ASCII)
"""What names one showing of a form of a deposit: a second click is the same deposit."""


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A file of a form, in memory: `request.post()` lays a large one on the disk, in clear. Its
    body may be empty; where none was chosen there is none."""

    body: bytes


Fields = MultiDictProxy[str | Uploaded]
FORM = web.RequestKey("form", Fields)
NO_FIELDS = Fields(MultiDict())


def fields_of(request: web.Request) -> Fields:
    """What `form_of` read; nothing for a request without a form."""
    fields: Fields = request.get(FORM, NO_FIELDS)
    return fields


async def form_of(request: web.Request) -> None:
    """Reads the form into the request, where `fields_of` finds it.

    Raises HTTPRequestTimeout when it is not there in the seconds that a request may take,
    HTTPRequestEntityTooLarge, HTTPBadRequest when it is none, or packed (Content-Encoding)."""
    if request.headers.get(hdrs.CONTENT_ENCODING, PLAIN).lower() != PLAIN:
        raise web.HTTPBadRequest
    try:
        async with asyncio.timeout(request[ROOMS].request_seconds):
            request[FORM] = Fields(await _fields(request))
    except TimeoutError:
        raise web.HTTPRequestTimeout from None
    # no text, charset, part or header
    except (ValueError, LookupError, HttpProcessingError, web.RequestPayloadError):
        raise web.HTTPBadRequest from None


async def _fields(request: web.Request) -> MultiDict[str | Uploaded]:
    if request.content_type == UPLOAD_TYPE:
        return await _parts(request)
    _demand_ours(request.charset)
    told = await request.post()
    return MultiDict((name, value) for name, value in told.items() if isinstance(value, str))


async def _parts(request: web.Request) -> MultiDict[str | Uploaded]:
    """Raises ValueError for what no form of a browser holds, HTTPRequestEntityTooLarge."""
    found: MultiDict[str | Uploaded] = MultiDict()
    size, reader = 0, await request.multipart()
    while (part := await reader.next()) is not None:
        if not isinstance(part, BodyPartReader) or not part.name or len(found) >= MAX_FORM_PARTS:
            raise ValueError("no part of a form")
        body = bytearray()
        while chunk := await part.read_chunk():
            size += len(chunk)
            if size > request.client_max_size:
                raise web.HTTPRequestEntityTooLarge(request.client_max_size, size)
            body += chunk
        if not part.filename:
            _demand_ours(part.get_charset(CHARSET))
        found.add(part.name, Uploaded(bytes(body)) if part.filename else body.decode())
    return found


def _demand_ours(charset: str | None) -> None:
    """Browsers send a form as its page is written; a codec of a stranger's choice may take minutes.
    Raises ValueError."""
    if (charset or CHARSET).lower() != CHARSET:
        raise ValueError("not the charset of our pages")


async def came_from_here(request: web.Request, *, upload: int) -> bool:
    """A form as ours are, of the same origin where the browser says so; read, if it is."""
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin", "null")
    if site is not None and site not in SAME_SITE:
        return False
    if site is None and origin != "null" and urlsplit(origin).netloc != request.host:
        return False
    if not _wanted_form(request, upload=upload):
        return False
    await form_of(request)
    return True


def is_shown_to(request: web.Request, secret: str) -> bool:
    """Whether the form bears the token of the browser with this secret."""
    token, ours = _token(fields_of(request))[0], forgery_token(secret)
    return hmac.compare_digest(token.encode("utf-8", "replace"), ours.encode())


def of_this_profile(request: web.Request, visit: Visit) -> bool:
    """Whether the form was shown in the profile that is looked at now: another tab may have changed
    it since, and what was said of the one must not be done to the other."""
    looked_at = visit.session.profile if visit.session else ""
    return _token(fields_of(request))[1] == looked_at


def page_of(request: web.Request) -> str:
    """Where the form that was posted is shown again, "" where no page has its address."""
    ours = request.match_info.route.resource
    routes = (
        route
        for one in request.app.router.resources()
        if ours is not None and one.canonical == ours.canonical
        for route in one
    )
    return request.path if any(route.method == hdrs.METH_GET for route in routes) else ""


def _token(fields: Mapping[str, object]) -> tuple[str, str]:
    """What proves that the form is ours, and the profile that it was shown in."""
    said = fields.get("jeton", "")
    token, _, profile = said.partition(PROFILE_AFTER) if isinstance(said, str) else ("", "", "")
    return token, profile


def _wanted_form(request: web.Request, *, upload: int) -> bool:
    """Raises HTTPRequestEntityTooLarge for more than `upload` bytes."""
    length = request.content_length or 0
    if upload and request.content_type == UPLOAD_TYPE:
        if length > upload:
            raise web.HTTPRequestEntityTooLarge(upload, length)
        return length > 0
    return request.content_type == FORM_TYPE and 0 < length <= MAX_FORM_BYTES
