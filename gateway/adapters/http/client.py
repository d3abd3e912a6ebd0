"""A sender's side of the HTTP door, for `gateway send`."""

from ssl import SSLContext

import aiohttp


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
    headers = {"Content-Type": content_type}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    limit = aiohttp.ClientTimeout(total=timeout_seconds)
    try:
        async with (
            aiohttp.ClientSession(timeout=limit) as session,
            session.post(url, data=raw, headers=headers, ssl=tls or True) as response,
        ):
            return response.status, await response.text(errors="replace")
    except OSError:
        raise
    except aiohttp.ClientError as error:
        raise OSError(f"what answers does not speak HTTP: {error}") from error
