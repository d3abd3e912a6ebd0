"""A large download that can be gone on with: one range of bytes, and a body that is poured."""

import re
from collections.abc import AsyncIterator

import structlog
from aiohttp import hdrs, web

from gateway.records.days import iso_day
from gateway.records.patients.export import Export

log = structlog.get_logger()
ONE_RANGE = re.compile(r"bytes=(\d{0,19})-(\d{0,19})", re.ASCII)
CHUNK_BYTES = 262_144
ZIP = "application/zip"


class UnsatisfiableError(Exception):
    """The range begins behind the end."""


def asked_for(request: web.Request, export: Export) -> tuple[int, int]:
    """The first byte asked for, and the one behind the last. The whole where nothing else was
    asked, several ranges were, or If-Range names other bytes than these (RFC 9110, 13.1.5, 14.2).
    """
    whole = (0, export.size)
    found = ONE_RANGE.fullmatch(request.headers.get(hdrs.RANGE, "").strip())
    unchanged = request.headers.get(hdrs.IF_RANGE, tag_of(export)) == tag_of(export)
    if found is None or not unchanged or not (found[1] or found[2]):
        return whole
    if not found[1]:
        start, stop = max(export.size - int(found[2]), 0), export.size
        if int(found[2]) == 0:
            raise UnsatisfiableError
    else:
        start = int(found[1])
        stop = min(int(found[2]) + 1, export.size) if found[2] else export.size
        if found[2] and int(found[2]) < start:
            return whole
    if start >= export.size:
        raise UnsatisfiableError
    return start, stop


def tag_of(export: Export) -> str:
    return f'"{export.tag}"'


def begin(export: Export, start: int, stop: int) -> web.StreamResponse:
    """206 for a part of it; the name of the file holds the date and nothing of the person."""
    part = (start, stop) != (0, export.size)
    response = web.StreamResponse(status=206 if part else 200)
    response.content_type = ZIP
    response.content_length = stop - start
    response.headers[hdrs.ACCEPT_RANGES] = "bytes"
    response.headers[hdrs.ETAG] = tag_of(export)
    name = f"mes-donnees-{iso_day(export.ready_at or export.asked_at)}.zip"
    response.headers[hdrs.CONTENT_DISPOSITION] = f'attachment; filename="{name}"'
    if part:
        response.headers[hdrs.CONTENT_RANGE] = f"bytes {start}-{stop - 1}/{export.size}"
    return response


async def pour(
    request: web.Request, response: web.StreamResponse, octets: AsyncIterator[bytes]
) -> web.StreamResponse:
    """Sends what comes, no faster than it is taken. Where it breaks off, so does the connection:
    the client sees that bytes are missing, and may go on later."""
    await response.prepare(request)
    try:
        async for run in octets:
            for first in range(0, len(run), CHUNK_BYTES):
                await response.write(run[first : first + CHUNK_BYTES])
    except ConnectionError:
        return response
    except Exception:
        log.exception("export.broken_off")
        if request.transport is not None:
            request.transport.abort()
        return response
    await response.write_eof()
    return response
