"""Is a posted form one of ours, shown by this browser, in the profile that it still looks at?"""

import asyncio
import hmac
from collections.abc import Mapping
from typing import IO
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.http import HttpProcessingError

from gateway.flows.signing_in.signin import forgery_token
from gateway.vault.rooms import ROOMS
from gateway.vault.visit import PROFILE_AFTER, Visit

SAME_SITE = frozenset({"same-origin", "none"})
FORM_TYPE = "application/x-www-form-urlencoded"
UPLOAD_TYPE = "multipart/form-data"
MAX_FORM_BYTES = 65_536
FILES = web.RequestKey("files", list[IO[bytes]])
"""What a form brought: given back when the answer is made, not when memory is swept."""


async def form_of(request: web.Request) -> None:
    """Reads the form into the request, as `request.post()` gives it from then on.

    Raises HTTPRequestTimeout when it is not there in the seconds that a request may take,
    HTTPRequestEntityTooLarge, HTTPBadRequest when it is none."""
    try:
        async with asyncio.timeout(request[ROOMS].request_seconds):
            await request.post()
    except TimeoutError:
        raise web.HTTPRequestTimeout from None
    # no text, charset, part or header; not packed as it says
    except (ValueError, LookupError, HttpProcessingError, web.RequestPayloadError):
        raise web.HTTPBadRequest from None


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
    fields = await request.post()
    request[FILES] += [one.file for one in fields.values() if isinstance(one, web.FileField)]
    return True


async def is_shown_to(request: web.Request, secret: str) -> bool:
    """Whether the form bears the token of the browser with this secret."""
    token, ours = _token(await request.post())[0], forgery_token(secret)
    return hmac.compare_digest(token.encode("utf-8", "replace"), ours.encode())


async def of_this_profile(request: web.Request, visit: Visit) -> bool:
    """Whether the form was shown in the profile that is looked at now: another tab may have changed
    it since, and what was said of the one must not be done to the other."""
    looked_at = visit.session.profile if visit.session else ""
    return _token(await request.post())[1] == looked_at


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
