"""Who deposits over HTTP: a bearer token (kept hashed) or a client certificate."""

import hashlib
from dataclasses import dataclass

from aiohttp import web

from gateway.flows.signing_in.refusals import Refusals
from gateway.flows.signing_in.tries import hash_secret
from gateway.ports.people.people import People
from gateway.records.patients.account import SenderAccount
from gateway.records.readers.callers import peer_address

BEARER = "bearer "
WHY = "token"
"""The word of the log for what proves nobody here, as at the reads of `/fhir`."""


@dataclass(frozen=True, slots=True)
class SenderGate:
    """Finds the sender of a request; None means 401 to the caller, who tells `turned_away`.

    `behind_proxy`: the last X-Forwarded-For names the peer, for a proxy of ours writes it.
    """

    people: People
    refusals: Refusals | None = None
    behind_proxy: bool = False

    async def turned_away(self, request: web.Request, *, door: str) -> None:
        """A token or a certificate that opened nothing is an entry of the log, never a flood."""
        if self.refusals is not None and is_sender_request(request):
            await self.refusals.note(WHY, peer=self.peer(request), door=door)

    def peer(self, request: web.Request) -> str:
        forwarded = request.headers.get("X-Forwarded-For", "")
        return peer_address(request.remote, forwarded, behind_proxy=self.behind_proxy)

    async def sender(self, request: web.Request) -> SenderAccount | None:
        """The account behind the token, else behind the certificate; never a disabled one."""
        if _bears(request):
            token = bearer_of(request)
            account = await self.people.sender(hash_secret(token))
        elif fingerprint := certificate_of(request):
            account = await self.people.sender_by_certificate(fingerprint)
        else:
            return None
        return None if account is None or account.disabled else account


def bearer_of(request: web.Request) -> str:
    """The token of the header Authorization, "" where there is none."""
    authorization = request.headers.get("Authorization", "")
    return authorization[len(BEARER) :].strip() if _bears(request) else ""


def _bears(request: web.Request) -> bool:
    return request.headers.get("Authorization", "")[: len(BEARER)].lower() == BEARER


def certificate_of(request: web.Request) -> str | None:
    """SHA-256 of the peer's certificate in hex; None over plain HTTP or without one."""
    certificate = peer_certificate(request)
    return hashlib.sha256(certificate).hexdigest() if certificate else None


def peer_certificate(request: web.Request) -> bytes | None:
    """The certificate itself in DER, which TLS verified; None as above."""
    transport = request.transport
    tls = transport.get_extra_info("ssl_object") if transport else None
    certificate: bytes | None = tls.getpeercert(binary_form=True) if tls else None
    return certificate or None


def is_sender_request(request: web.Request) -> bool:
    """On `/documents…` a token or a sender's certificate means the API (CONTRACT section 2)."""
    return "Authorization" in request.headers or certificate_of(request) is not None
