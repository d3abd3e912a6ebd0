"""A sender's side of the HTTP door, for `gateway send`."""

import os
from socket import gaierror
from ssl import SSLCertVerificationError, SSLContext, SSLError
from typing import NamedTuple

import aiohttp

MAX_ANSWER_BYTES = 100_000_000
"""A lot of documents of the DMP door."""


class Answered(NamedTuple):
    status: int
    content_type: str
    body: bytes


async def post(
    url: str,
    raw: bytes,
    content_type: str,
    token: str,
    timeout_seconds: float,
    *,
    tls: SSLContext | None = None,
) -> tuple[int, str]:
    """Status and body of one POST; `tls` in place of the system's authorities, with a certificate
    of ours. Raises OSError or TimeoutError without an answer."""
    answer = await exchange(url, raw, content_type, token, timeout_seconds, tls=tls)
    return answer.status, answer.body.decode("utf-8", "replace")


async def exchange(
    url: str,
    raw: bytes,
    content_type: str,
    token: str,
    timeout_seconds: float,
    *,
    tls: SSLContext | None = None,
    max_bytes: int = MAX_ANSWER_BYTES,
) -> Answered:
    """As `post`, with the bytes and the type of what came back. An answer of more than `max_bytes`
    is read no further, and is none."""
    headers = {"Content-Type": content_type}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    limit = aiohttp.ClientTimeout(total=timeout_seconds)
    try:
        async with (
            aiohttp.ClientSession(timeout=limit) as session,
            session.post(url, data=raw, headers=headers, ssl=tls or True) as response,
        ):
            told = response.headers.get("Content-Type", "")
            return Answered(response.status, told, await _read(response, max_bytes))
    except aiohttp.ClientConnectorError as error:
        raise OSError(f"{error.host}:{error.port} cannot be reached: {_why(error)}") from error
    except OSError:
        raise
    except aiohttp.ClientError as error:
        raise OSError(f"what answers does not speak HTTP: {error}") from error


async def _read(response: aiohttp.ClientResponse, max_bytes: int) -> bytes:
    found = bytearray()
    async for part in response.content.iter_any():
        found += part
        if len(found) > max_bytes:
            raise OSError(f"what answers sends more than {max_bytes} bytes")
    return bytes(found)


def _why(error: aiohttp.ClientConnectorError) -> str:
    """In the words of the system, without those of the library about itself."""
    cause = getattr(error, "certificate_error", None) or error.os_error
    if isinstance(cause, SSLCertVerificationError):
        return f"its certificate is not accepted ({cause.verify_message})"
    if isinstance(cause, SSLError):
        return f"TLS failed ({cause.reason or type(cause).__name__})"
    if isinstance(cause, gaierror):
        return f"nobody knows this name ({cause.strerror})"
    return os.strerror(cause.errno).lower() if cause.errno else "no connection came about"
