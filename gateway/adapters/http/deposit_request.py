"""What every HTTP door checks of a deposit before it reads a byte of meaning in it."""

import asyncio
import zlib
from collections.abc import Awaitable, Callable

from aiohttp import hdrs, web

from gateway.records.intake.finding import Finding, Severity

MAX_KEY_LENGTH = 255
REQUEST_SECONDS = 30.0
Grown = Callable[[int], Awaitable[None]]
UNREADABLE = "The body is not what Content-Encoding or Transfer-Encoding says."
NOT_PACKED_SO = "Send the body as it is, or packed with gzip."
PLAIN = "identity"
PACKED = {"gzip": zlib.MAX_WBITS + 16, "x-gzip": zlib.MAX_WBITS + 16, "deflate": zlib.MAX_WBITS}
"""Content-Encoding that is taken, and what `zlib` calls it."""
HEADERS = {
    "unauthorized": "Authorization",
    "unsupported-type": "Content-Type",
    "unsupported-encoding": "Content-Encoding",
    "idempotency-key": "Idempotency-Key",
    "if-none-exist": "If-None-Exist",
}
"""Where a request says what a finding is about."""


class BadDepositError(Exception):
    """The request is refused as such; each door says it in its own shape.

    `ends`: the connection closes after the answer, since the rest of the body is not read.
    """

    def __init__(self, status: int, code: str, message: str, *, ends: bool = False) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.ends = ends


def idempotency_key(request: web.Request) -> tuple[str | None, Finding | None]:
    """The `Idempotency-Key`, None without one; and what is wrong with it: what came under it is
    kept as any refusal is, without a key (CONTRACT section 2)."""
    keys = set(request.headers.getall("Idempotency-Key", ()))
    if not keys:
        return None, None
    if len(keys) > 1:
        return None, fault("idempotency-key", "Send one Idempotency-Key a request.")
    (key,) = keys
    if 0 < len(key) <= MAX_KEY_LENGTH and is_text(key):
        return key, None
    return None, fault("idempotency-key", f"Idempotency-Key has 1 to {MAX_KEY_LENGTH} characters.")


def is_text(header: str) -> bool:
    """Whether the bytes of a header were UTF-8: what was none cannot be kept, nor told again."""
    return header.isascii() or header.encode(errors="replace").decode() == header


def fault(code: str, message: str) -> Finding:
    """What is wrong with a request, whatever its body holds: its place is the header, if any."""
    return Finding(
        code=code, severity=Severity.ERROR, where=HEADERS.get(code, "/"), message=message
    )


async def _any_size(_size: int) -> None:
    """There is room for each."""


async def read_body(
    request: web.Request,
    limit: int,
    *,
    seconds: float = REQUEST_SECONDS,
    grown: Grown = _any_size,
) -> bytes:
    """The whole body, refused by its declared length before a byte of it is read. `grown` is told
    how many bytes are there before any more are read, and may have them wait.

    Raises BadDepositError: 413 over `limit` bytes, packed or not, 408 when it is not there after
    `seconds`, 400 for one that is not packed as its headers say, 415 for one packed otherwise.
    """
    declared = request.content_length
    packed = request.headers.get(hdrs.CONTENT_ENCODING, PLAIN).strip().lower() or PLAIN
    if packed != PLAIN and packed not in PACKED:
        raise BadDepositError(415, "unsupported-encoding", NOT_PACKED_SO, ends=True)
    if declared is not None and declared > limit:
        raise _too_large(limit)
    try:
        async with asyncio.timeout(seconds):
            raw = await _whole_body(request, limit, grown)
    except TimeoutError:
        raise BadDepositError(408, "too-slow", "Send the body sooner.", ends=True) from None
    except web.RequestPayloadError:
        raise BadDepositError(400, "body-unreadable", UNREADABLE, ends=True) from None
    return raw if packed == PLAIN else await asyncio.to_thread(_unpacked, raw, packed, limit)


def _unpacked(raw: bytes, packed: str, limit: int) -> bytes:
    """Never makes more than `limit` bytes and one. Beside the event loop: it would stop that."""
    reader = zlib.decompressobj(PACKED[packed])
    try:
        body = reader.decompress(raw, limit + 1)
    except zlib.error:
        raise BadDepositError(400, "body-unreadable", UNREADABLE) from None
    if len(body) > limit:
        raise _too_large(limit)
    if not reader.eof or reader.unused_data:
        raise BadDepositError(400, "body-unreadable", UNREADABLE)
    return body


async def _whole_body(request: web.Request, limit: int, grown: Grown) -> bytes:
    parts: list[bytes] = []
    size = 0
    async for chunk in request.content.iter_any():
        size += len(chunk)
        if size > limit:
            raise _too_large(limit)
        parts.append(chunk)
        await grown(size)
    return b"".join(parts)


def _too_large(limit: int) -> BadDepositError:
    return BadDepositError(413, "too-large", f"At most {limit} bytes are taken here.", ends=True)


def ended(response: web.Response, error: BadDepositError) -> web.Response:
    """The door's answer, the last one of its connection where the error says so."""
    if error.ends:
        response.force_close()
    return response
