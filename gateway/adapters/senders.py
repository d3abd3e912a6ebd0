"""Who deposits over HTTP: a bearer token (kept hashed) or a client certificate."""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from aiohttp import web

from gateway.clock import Clock
from gateway.ports.people import People
from gateway.records.account import SenderAccount

BEARER = "bearer "
KNOWN_SECONDS = 1.0
MAX_KNOWN = 1_000


@dataclass(frozen=True, slots=True)
class SenderGate:
    """Finds the sender of a request; None means 401 to the caller."""

    people: People

    async def sender(self, request: web.Request) -> SenderAccount | None:
        """The account behind the token, else behind the certificate; never a disabled one."""
        authorization = request.headers.get("Authorization", "")
        if authorization[: len(BEARER)].lower() == BEARER:
            token = authorization[len(BEARER) :].strip()
            account = await self.people.sender(hashlib.sha256(token.encode()).digest())
        elif fingerprint := certificate_of(request):
            account = await self.people.sender_by_certificate(fingerprint)
        else:
            return None
        return None if account is None or account.disabled else account


@dataclass(slots=True)
class KnownSenders:
    """Accounts as they were at most KNOWN_SECONDS ago: a busy line does not ask each time."""

    people: People
    clock: Clock
    _kept: dict[str, tuple[float, SenderAccount | None]] = field(default_factory=dict)

    async def named(self, name: str) -> SenderAccount | None:
        return self._fresh(name) or await self._ask(name, self.people.sender_named)

    async def bearing(self, fingerprint: str) -> SenderAccount | None:
        """By the SHA-256 of a certificate, in hex."""
        return self._fresh(fingerprint) or await self._ask(
            fingerprint, self.people.sender_by_certificate
        )

    def _fresh(self, key: str) -> SenderAccount | None:
        until, account = self._kept.get(key, (0.0, None))
        return account if self.clock.monotonic() < until else None

    async def _ask(
        self, key: str, find: Callable[[str], Awaitable[SenderAccount | None]]
    ) -> SenderAccount | None:
        account = await find(key)
        if len(self._kept) >= MAX_KNOWN:
            self._kept.clear()
        self._kept[key] = self.clock.monotonic() + KNOWN_SECONDS, account
        return account


def certificate_of(request: web.Request) -> str | None:
    """SHA-256 of the peer's certificate in hex; None over plain HTTP or without one."""
    transport = request.transport
    tls = transport.get_extra_info("ssl_object") if transport else None
    certificate: bytes | None = tls.getpeercert(binary_form=True) if tls else None
    return hashlib.sha256(certificate).hexdigest() if certificate else None


def is_sender_request(request: web.Request) -> bool:
    """On `/documents…` a token or a sender's certificate means the API (CONTRACT section 2)."""
    return "Authorization" in request.headers or certificate_of(request) is not None
