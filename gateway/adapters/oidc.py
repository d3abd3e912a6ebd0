"""An OpenID provider over HTTP: few calls, short, small, to the configured host only."""

import asyncio
import base64
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

import aiohttp
import structlog

from gateway.clock import Clock
from gateway.mapping.oidc.discovery import (
    MAX_ANSWER_BYTES,
    WELL_KNOWN,
    read_answer,
    read_endpoints,
    read_keys,
    read_tokens,
)
from gateway.mapping.oidc.refusal import NotProvedError, Why
from gateway.records.readers.oidc import Client, Endpoints, Tokens

log = structlog.get_logger()

CALL_SECONDS = 10.0
KEPT_SECONDS = 3_600.0
"""How long a description and keys are believed without asking again."""
FRESH_SECONDS = 60.0
"""Keys are asked for again at most so often, whatever tokens name (no flood by us)."""
RETRY_SECONDS = 5.0
"""After a call for keys in vain nobody calls again for so long: no token waits for a provider that
is away."""
MAX_ERROR = 100
MAX_CONNECTIONS = 8


class HttpProvider:
    """The port `IdentityProvider`. Every fault is NotProvedError: SILENT, or CODE for a code."""

    def __init__(self, client: Client, secret: str, clock: Clock) -> None:
        self._client = client
        self._authorization = _basic(client.client_id, secret)
        self._clock = clock
        self._session: aiohttp.ClientSession | None = None
        self._endpoints: tuple[float, Endpoints] | None = None
        self._keys: tuple[float, Sequence[dict[str, Any]]] | None = None
        self._in_vain_at: float | None = None
        self._asking = asyncio.Lock()

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def endpoints(self) -> Endpoints:
        kept = self._endpoints
        if kept is None or self._age(kept[0]) >= KEPT_SECONDS:
            found = await self._asked("GET", self._client.issuer.rstrip("/") + WELL_KNOWN)
            kept = self._endpoints = self._now(), read_endpoints(found, self._client)
        return kept[1]

    async def keys(self, *, fresh: bool = False) -> Sequence[dict[str, Any]]:
        most = FRESH_SECONDS if fresh else KEPT_SECONDS
        async with self._asking:
            kept = self._keys
            if kept is None or self._age(kept[0]) >= most:
                kept = self._keys = await self._fetched()
        return kept[1]

    async def _fetched(self) -> tuple[float, Sequence[dict[str, Any]]]:
        if self._in_vain_at is not None and self._age(self._in_vain_at) < RETRY_SECONDS:
            raise NotProvedError(Why.SILENT)
        try:
            found = read_keys(await self._asked("GET", (await self.endpoints()).keys))
        except NotProvedError:
            self._in_vain_at = self._now()
            raise
        return self._now(), found

    async def exchange(self, code: str, *, verifier: str) -> Tokens:
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._client.redirect_uri,
            "code_verifier": verifier,
        }
        where = (await self.endpoints()).token
        return read_tokens(
            await self._asked("POST", where, authorization=self._authorization, fields=fields)
        )

    async def person(self, access_token: str) -> Mapping[str, Any]:
        where = (await self.endpoints()).userinfo
        authorization = f"Bearer {access_token}"
        return await self._asked("GET", where, authorization=authorization, unwelcome=Why.TOKEN)

    def _now(self) -> float:
        return self._clock.monotonic()

    def _age(self, since: float) -> float:
        return self._now() - since

    async def _asked(
        self,
        method: str,
        address: str,
        *,
        authorization: str = "",
        fields: Mapping[str, str] | None = None,
        unwelcome: Why = Why.SILENT,
    ) -> dict[str, Any]:
        """`unwelcome` is what a 401 means."""
        headers = {"Accept": "application/json"}
        if authorization:
            headers["Authorization"] = authorization
        try:
            async with self._open().request(
                method, address, headers=headers, data=fields, allow_redirects=False
            ) as response:
                status, body = response.status, await _at_most(response.content)
        except (aiohttp.ClientError, TimeoutError, OSError):
            log.warning("oidc.unreachable", method=method)
            raise NotProvedError(Why.SILENT) from None
        if status == 200:
            return read_answer(body)
        said = _said_no(status, body)
        raise NotProvedError(unwelcome if status == 401 else said)

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=CALL_SECONDS),
                connector=aiohttp.TCPConnector(limit=MAX_CONNECTIONS),
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=False,
            )
        return self._session


def _basic(name: str, secret: str) -> str:
    """Both are form-encoded first (RFC 6749, 2.3.1)."""
    pair = f"{quote(name, safe='')}:{quote(secret, safe='')}"
    return f"Basic {base64.b64encode(pair.encode()).decode()}"


async def _at_most(content: aiohttp.StreamReader) -> bytes:
    """The whole body; one that is longer is no answer."""
    body = bytearray()
    async for chunk in content.iter_any():
        body += chunk
        if len(body) > MAX_ANSWER_BYTES:
            raise NotProvedError(Why.SILENT)
    return bytes(body)


def _said_no(status: int, body: bytes) -> Why:
    """A spent or foreign code is `invalid_grant` (RFC 6749, 5.2); all else is between us two."""
    try:
        error = read_answer(body).get("error")
    except NotProvedError:
        error = None
    told = error if isinstance(error, str) and len(error) <= MAX_ERROR else None
    log.warning("oidc.refused", status=status, error=told)
    return Why.CODE if told == "invalid_grant" else Why.SILENT
