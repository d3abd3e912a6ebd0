"""What an authorization request asks (RFC 6749, 4.1.1; RFC 7636; SMART App Launch 2).

Whose it is and where its answer goes is judged first: until both are proved, nothing is ever sent
there. Anything else that is wrong is told to the client, with `state` and `iss` (RFC 9207).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from gateway.access.scopes import Scope, halves, is_within, reads, scope_of, scopes_in
from gateway.errors import RefusedError
from gateway.records.catalogue.files import ServiceFile

OFFLINE, LAUNCH = "offline_access", "launch/patient"
CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
"""SHA-256 in base64url without padding (RFC 7636, 4.2)."""
STATE = re.compile(r"[\x20-\x7e]{1,500}", re.ASCII)
SINGLE = (
    *("response_type", "client_id", "redirect_uri", "scope", "state", "aud"),
    *("code_challenge", "code_challenge_method"),
)
MAX_SCOPES = 50
INVALID, SCOPE, RESPONSE = "invalid_request", "invalid_scope", "unsupported_response_type"


class StrangeClientError(RefusedError):
    """Nobody is proved whom an answer could go to: the person alone is told."""


class AskedBadlyError(RefusedError):
    """Told to the client by `code`, at the address that is proved to be its own."""

    def __init__(self, code: str, why: str, *, state: str) -> None:
        super().__init__(why)
        self.code, self.state = code, state


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """`scopes` of data, in the order asked; `offline` where it wants to stay connected; `left_out`
    where something that it asked cannot be given now."""

    redirect: str
    state: str
    challenge: str
    scopes: tuple[Scope, ...]
    offline: bool
    left_out: bool = False


def client_of(said: Mapping[str, Sequence[str]]) -> tuple[str, str]:
    """Who asks, and where the answer is wanted. Raises StrangeClientError."""
    if any(len(said.get(name, ())) > 1 for name in ("client_id", "redirect_uri")):
        raise StrangeClientError("each parameter is said once")
    return _one(said, "client_id"), _one(said, "redirect_uri")


def asked_of(
    said: Mapping[str, Sequence[str]],
    file: ServiceFile,
    *,
    audiences: Sequence[str],
    documents_read: bool,
) -> Asked:
    """`audiences` are the names of `/fhir` here; `documents_read` is ACCESS `application_reading`.

    Raises StrangeClientError unless the address of return is, to the letter, one that is
    registered, and AskedBadlyError.
    """
    _, redirect = client_of(said)
    if redirect not in file.redirects:
        raise StrangeClientError("this address of return is not registered")
    state = _one(said, "state") if len(said.get("state", ())) == 1 else ""
    if wrong := _wrong(said, state, audiences):
        raise AskedBadlyError(*wrong, state=state)
    wanted = list(dict.fromkeys(_one(said, "scope").split()))
    scopes = [scope_of(one) for one in wanted if one not in (OFFLINE, LAUNCH)]
    most = [one for one in map(scope_of, file.scopes) if one is not None]
    known = [one for one in scopes if one is not None and any(is_within(one, m) for m in most)]
    if not known or len(known) != len(scopes) or len(wanted) > MAX_SCOPES:
        raise AskedBadlyError(SCOPE, "a scope is not registered for this client", state=state)
    given = known
    if not documents_read:
        parts = (halves(one) if one.kind == "DocumentReference" else (one,) for one in known)
        given = [part for some in parts for part in some if not _reads_documents(part)]
    if not given:
        raise AskedBadlyError(SCOPE, "no service reads documents now", state=state)
    return Asked(
        redirect=redirect,
        state=state,
        challenge=_one(said, "code_challenge"),
        scopes=tuple(given),
        offline=OFFLINE in wanted,
        left_out=tuple(given) != tuple(known),
    )


def narrowed(said: str, given: Iterable[str]) -> tuple[str, ...]:
    """The scopes of data that a client asks anew, as they are written here; none where one of them
    is beyond what was `given`, or no data is asked (RFC 6749, 6)."""
    wanted = list(dict.fromkeys(said.split()))
    scopes = [scope_of(one) for one in wanted if one not in (OFFLINE, LAUNCH)]
    most = scopes_in(given)
    within = [one for one in scopes if one is not None and any(is_within(one, m) for m in most)]
    if len(within) != len(scopes) or len(wanted) > MAX_SCOPES:
        return ()
    return tuple(str(one) for one in within)


def _wrong(
    said: Mapping[str, Sequence[str]], state: str, audiences: Sequence[str]
) -> tuple[str, str] | None:
    if any(len(said.get(name, ())) > 1 for name in SINGLE):
        return INVALID, "each parameter is said once"
    if not STATE.fullmatch(state):
        return INVALID, "state is needed"
    if _one(said, "response_type") != "code":
        return RESPONSE, "response_type is code"
    if _one(said, "code_challenge_method") != "S256":
        return INVALID, "code_challenge_method is S256"
    if not CHALLENGE.fullmatch(_one(said, "code_challenge")):
        return INVALID, "code_challenge is SHA-256 in base64url"
    if _one(said, "aud").rstrip("/") not in audiences:
        return INVALID, "aud is the base address of FHIR here"
    return None


def _one(said: Mapping[str, Sequence[str]], name: str) -> str:
    return next(iter(said.get(name, ())), "")


def _reads_documents(one: Scope) -> bool:
    return one.kind == "DocumentReference" and reads(one)
