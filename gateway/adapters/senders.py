"""Who deposits over HTTP: a bearer token (kept hashed) or a client certificate."""

import hashlib
from dataclasses import dataclass

from aiohttp import web

from gateway.ports.people import People
from gateway.records.account import SenderAccount

BEARER = "bearer "


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


def certificate_of(request: web.Request) -> str | None:
    """SHA-256 of the peer's certificate in hex; None over plain HTTP or without one."""
    transport = request.transport
    tls = transport.get_extra_info("ssl_object") if transport else None
    certificate: bytes | None = tls.getpeercert(binary_form=True) if tls else None
    return hashlib.sha256(certificate).hexdigest() if certificate else None


def is_sender_request(request: web.Request) -> bool:
    """On `/documents…` a token or a sender's certificate means the API (CONTRACT section 2)."""
    return "Authorization" in request.headers or certificate_of(request) is not None
