"""Who reads at `/fhir`: the bearer of a token, a system by its certificate, or a signed-in person.

What a token or a connection proves is believed, a header never: no `X-…` names anybody here.
Every refused try is an entry of the log that is about no patient.
"""

from collections.abc import Sequence

import structlog
from aiohttp import hdrs, web

from gateway.flows.reading.decided.facts import professional_reader
from gateway.flows.signing_in.oidc.bearer import BEARER, DPOP, Shown
from gateway.flows.signing_in.signin import hash_secret
from gateway.mapping.oidc.refusal import NotProvedError, Why
from gateway.mapping.oidc.situation import HEADER
from gateway.records.patients.account import SenderAccount
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Reader
from gateway.vault.forms import SAME_SITE
from gateway.vault.rooms import ROOMS, VaultRooms
from gateway.vault.visit import from_where, peer_of, visit_of

log = structlog.get_logger()
NOT_VERIFIED = "This token cannot be verified. Ask the provider for a new one."
SILENT_WORDS = "The identity provider does not answer now, try again."
SAID: dict[Why, str] = {
    Why.STATE: NOT_VERIFIED,
    Why.CANCELLED: NOT_VERIFIED,
    Why.CODE: NOT_VERIFIED,
    Why.NONCE: NOT_VERIFIED,
    Why.TOKEN: NOT_VERIFIED,
    Why.ALGORITHM: NOT_VERIFIED,
    Why.HEADER: NOT_VERIFIED,
    Why.KEY: NOT_VERIFIED,
    Why.SIGNATURE: NOT_VERIFIED,
    Why.ISSUER: "This token is not by the provider that this gateway knows.",
    Why.AUDIENCE: "This token is for another service: ask for one whose aud is ours alone.",
    Why.TIME: "This token or its proof is expired or not valid yet. Ask for a new one.",
    Why.ACR: "This token is of a sign-in that is too weak: sign in by CPS or e-CPS.",
    Why.CLAIM: "A claim of this token is missing, has the wrong type or is contradicted.",
    Why.PERSON: "This token names no professional by RPPS (SubjectNameID).",
    Why.PROFESSION: "SubjectRole holds a profession that is unknown here, or not the exercice's.",
    Why.SITUATION: f"Several situations of exercise: name one in the header {HEADER}: {{hint}}.",
    Why.BINDING: "This token is bound: show it with its DPoP proof or its client certificate.",
    Why.REPLAY: "This proof was shown before: make a new one for each request.",
    Why.SILENT: SILENT_WORDS,
}
"""What to mend, never which part of a forged token was wrong; a test holds this to `Why`."""
SENDERS_READ = "A sender reads GET /documents/{receipt}."
OPENS_NOTHING = "This token opens nothing here."
NOBODY_SAID = "Send a bearer token, or sign in."
LOST = "The profile of this session is not open to you any more: choose another at /profils."
ELSEWHERE = "Another site cannot ask with this session."
TOO_MANY = "Too many refused tokens from this address: try again in a minute."
FLOOD_SECONDS = "60"


class SaidNoError(Exception):
    """An HTTP answer with an OperationOutcome."""

    def __init__(
        self, status: int, code: str, words: str, headers: Sequence[tuple[str, str]] = ()
    ) -> None:
        super().__init__(words)
        self.status, self.code, self.words, self.headers = status, code, words, headers


async def reader_of(request: web.Request) -> Reader:
    """A professional or a patient's application by token, else the person of the session.

    Raises SaidNoError."""
    rooms = request[ROOMS]
    authorization = request.headers.getall(hdrs.AUTHORIZATION, [])
    if authorization:
        return from_where(await _bearer(request, authorization), request, rooms)
    if system := await _system(request):
        raise await _refused_sender(request, system)
    visit = await visit_of(request, rooms)
    if visit.lost:
        raise SaidNoError(403, "forbidden", LOST)
    if visit.reader is None:
        raise SaidNoError(401, "login", NOBODY_SAID, _challenge(request))
    if request.headers.get("Sec-Fetch-Site", "none") not in SAME_SITE:
        raise SaidNoError(403, "forbidden", ELSEWHERE)
    return visit.reader


async def own_session(rooms: VaultRooms, request: web.Request) -> tuple[Reader, PatientKey] | None:
    """Who is signed in on the patient's side, asking of this site, before whose record; None for
    who shows a token or a certificate, and for anybody else."""
    if hdrs.AUTHORIZATION in request.headers or rooms.certificate_of(request):
        return None
    if request.headers.get("Sec-Fetch-Site", "none") not in SAME_SITE:
        return None
    request[ROOMS] = rooms
    visit = await visit_of(request, rooms)
    if visit.patient is None or visit.reader is None:
        return None
    return from_where(visit.reader, request, rooms), visit.patient


async def _bearer(request: web.Request, authorization: list[str]) -> Reader:
    rooms = request[ROOMS]
    scheme, _, token = authorization[0].partition(" ")
    scheme, token = scheme.casefold(), token.strip()
    if len(authorization) > 1 or not token.isascii():
        raise await _refused(request, NotProvedError(Why.TOKEN))
    if scheme == BEARER and (known := await rooms.sign_in.bearer(token)):
        return professional_reader(known)
    if scheme == BEARER and (application := await application_of(rooms, token)):
        return application
    sender = await rooms.people.sender(hash_secret(token))
    if sender is not None and not sender.disabled:
        raise await _refused_sender(request, sender)
    if rooms.bearers is None or scheme not in (BEARER, DPOP):
        raise await _refused(request, NotProvedError(Why.TOKEN), words=OPENS_NOTHING)
    try:
        return professional_reader(await rooms.bearers.professional(_shown(request, scheme, token)))
    except NotProvedError as error:
        raise await _refused(request, error) from None


async def application_of(rooms: VaultRooms, token: str) -> Reader | None:
    """The service that shows a token which was copied, or one of a launch; neither is a JWT."""
    if "." in token:
        return None
    return await rooms.services.bearer(token) or await rooms.launching.bearer(token)


def _shown(request: web.Request, scheme: str, token: str) -> Shown:
    return Shown(
        token=token,
        scheme=scheme,
        method=request.method,
        path=request.path,
        proofs=tuple(request.headers.getall("DPoP", [])),
        certificate=request[ROOMS].certificate_of(request) or "",
        situation=",".join(request.headers.getall(HEADER, [])),
    )


async def _system(request: web.Request) -> SenderAccount | None:
    """The sender of the connection's certificate: as its token would be, and before any cookie."""
    rooms = request[ROOMS]
    fingerprint = rooms.certificate_of(request)
    known = await rooms.people.sender_by_certificate(fingerprint) if fingerprint else None
    return None if known is None or known.disabled else known


async def _refused_sender(request: web.Request, sender: SenderAccount) -> SaidNoError:
    """CONTRACT section 2: a sender reads the fate of what it sent, never the record."""
    await request[ROOMS].refusals.note("system", peer=_peer(request), system=sender.name)
    return SaidNoError(403, "forbidden", SENDERS_READ)


async def _refused(request: web.Request, error: NotProvedError, *, words: str = "") -> SaidNoError:
    if error.why is Why.SILENT:
        return SaidNoError(503, "transient", SILENT_WORDS)
    if not await request[ROOMS].refusals.note(error.why.value, peer=_peer(request)):
        return SaidNoError(429, "throttled", TOO_MANY, [("Retry-After", FLOOD_SECONDS)])
    log.warning("fhir.refused", reason=error.why.value)
    said = words or SAID[error.why].format(hint=error.hint)
    return SaidNoError(401, "login", said, _challenge(request, said))


def _peer(request: web.Request) -> str:
    return peer_of(request, request[ROOMS])


def _challenge(request: web.Request, said: str = "") -> Sequence[tuple[str, str]]:
    """RFC 6750, 3 and RFC 9449, 7.1. What is said holds no quotation mark."""
    error = f', error="invalid_token", error_description="{said}"' if said else ""
    challenges = [(hdrs.WWW_AUTHENTICATE, f'Bearer realm="fhir"{error}')]
    if bearers := request[ROOMS].bearers:
        algorithms = " ".join(bearers.client.algorithms)
        challenges.append((hdrs.WWW_AUTHENTICATE, f'DPoP realm="fhir", algs="{algorithms}"'))
    return challenges
