"""The demo's own Pro Santé Connect: authorization code with PKCE, codes that serve once.

It lives in memory, with a key made at its start: nothing that a configured gateway would trust.
OpenID Connect Core 1.0, 3.1; RFC 7636 (S256 only); RFC 9207; loopback ports as RFC 8252, 7.3.
"""

import hashlib
import hmac
import re
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from urllib.parse import urlencode, urlsplit

from gateway.clock import Clock, Ids
from gateway.mapping.fhir.json import Json
from gateway.mapping.oidc.base64url import at_hash, digest
from gateway.mapping.oidc.discovery import LOOPBACK
from gateway.mapping.oidc.issue import ALGORITHM, IssuerKey, claims_of, public_keys, signed
from gateway.records.patients.account import Professional
from gateway.records.readers.oidc import Client

CODE_VALID = timedelta(seconds=60)
TOKEN_VALID = timedelta(minutes=5)
ACR = "eidas1"
SOFTWARE = "logiciel"
"""A client without a secret, for software that tries /fhir: it comes back to this machine."""
SOFTWARE_PATH = "/retour"
CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
MAX_TEXT = 500
MAX_KEPT = 1_000


class NoWayBackError(Exception):
    """The client or its address is not known here: nobody is sent anywhere (RFC 6749, 4.1.2.1)."""


class OauthError(Exception):
    """A code of RFC 6749, section 5.2, or of 4.1.2.1 with the way back."""

    def __init__(self, code: str, *, back: str = "") -> None:
        super().__init__(code)
        self.code, self.back = code, back


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """An authorization request that may be granted."""

    client_id: str
    redirect_uri: str
    challenge: str
    state: str
    nonce: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    request: Request
    who: Professional
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """`client` is the gateway with its `secret`; tokens are for `client.audience`."""

    client: Client
    secret: str
    key: IssuerKey
    people: Sequence[Professional]
    clock: Clock
    ids: Ids
    _grants: "OrderedDict[str, Grant]" = field(default_factory=OrderedDict)
    _codes: "OrderedDict[tuple[Request, str], str]" = field(default_factory=OrderedDict)
    _bearers: "OrderedDict[str, Grant]" = field(default_factory=OrderedDict)

    def description(self) -> Json:
        """OpenID Connect Discovery 1.0, section 3."""
        issuer = self.client.issuer
        return {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/auth",
            "token_endpoint": f"{issuer}/token",
            "jwks_uri": f"{issuer}/certs",
            "userinfo_endpoint": f"{issuer}/userinfo",
            "end_session_endpoint": f"{issuer}/logout",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": [ALGORITHM],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "none"],
            "acr_values_supported": [ACR],
            "authorization_response_iss_parameter_supported": True,
        }

    def keys(self) -> Json:
        return public_keys(self.key)

    def asked(self, told: Mapping[str, str]) -> Request:
        """Raises NoWayBackError, else OauthError with the way back."""
        request = Request(
            client_id=told.get("client_id", ""),
            redirect_uri=told.get("redirect_uri", ""),
            challenge=told.get("code_challenge", ""),
            state=told.get("state", ""),
            nonce=told.get("nonce", ""),
        )
        if not self._is_known(request.client_id, request.redirect_uri):
            raise NoWayBackError
        if fault := _fault(told, request):
            raise OauthError(fault, back=self._back(request, error=fault))
        return request

    def granted(self, request: Request, who: str) -> str:
        """The address that the browser takes back with its code; the same code for a form that is
        sent twice, while it waits. Raises OauthError."""
        known = next((one for one in self.people if one.id == who), None)
        if known is None:
            raise OauthError("access_denied", back=self._back(request, error="access_denied"))
        now, form = self.clock.now(), (request, who)
        waiting = self._grants.get(_name(self._codes.get(form, "")))
        if waiting is None or now >= waiting.until:
            self._codes[form] = self.ids.secret()
            grant = Grant(request=request, who=known, until=now + CODE_VALID)
            _keep(self._grants, _name(self._codes[form]), grant)
            if len(self._codes) > MAX_KEPT:
                self._codes.popitem(last=False)
        return self._back(request, code=self._codes[form])

    def exchanged(self, told: Mapping[str, str], client_id: str, secret: str | None) -> Json:
        """A token response (RFC 6749, 5.1). Raises OauthError."""
        own = client_id == self.client.client_id
        if own and not hmac.compare_digest((secret or "").encode(), self.secret.encode()):
            raise OauthError("invalid_client")
        if not own and (client_id != SOFTWARE or secret is not None):
            raise OauthError("invalid_client")
        if told.get("grant_type") != "authorization_code":
            raise OauthError("unsupported_grant_type")
        grant = self._grants.pop(_name(told.get("code", "")), None)
        if grant is None or not self._fits(grant, told, client_id):
            raise OauthError("invalid_grant")
        return self._tokens(grant)

    def person(self, token: str) -> Json | None:
        """UserInfo (Core 5.3); None for a token that is not of today."""
        grant = self._bearers.get(_name(token))
        if grant is None or self.clock.now() >= grant.until:
            return None
        return {"sub": _subject(grant.who), **claims_of(grant.who)}

    def left(self, back: str) -> str:
        """Where one goes after signing out: the page that began, "" for any other."""
        origin = self.client.redirect_uri.rpartition("/psc/")[0]
        return back if back == origin else ""

    def _is_known(self, client_id: str, redirect_uri: str) -> bool:
        if client_id == self.client.client_id:
            return redirect_uri == self.client.redirect_uri
        return client_id == SOFTWARE and _is_loopback(redirect_uri)

    def _fits(self, grant: Grant, told: Mapping[str, str], client_id: str) -> bool:
        request, verifier = grant.request, told.get("code_verifier", "")
        return (
            self.clock.now() < grant.until
            and client_id == request.client_id
            and told.get("redirect_uri") == request.redirect_uri
            and VERIFIER.fullmatch(verifier) is not None
            and hmac.compare_digest(digest(verifier.encode()), request.challenge)
        )

    def _tokens(self, grant: Grant) -> Json:
        now, lasts = self.clock.now(), int(TOKEN_VALID.total_seconds())
        at = int(now.timestamp())
        common = {
            "iss": self.client.issuer,
            "sub": _subject(grant.who),
            "iat": at,
            "exp": at + lasts,
            "acr": ACR,
            **claims_of(grant.who),
        }
        bearing = {**common, "aud": self.client.audience, "jti": self.ids.identifier()}
        access = signed(
            {**bearing, "azp": grant.request.client_id, "typ": "Bearer"}, self.key, typ="at+jwt"
        )
        _keep(self._bearers, _name(access), replace(grant, until=now + TOKEN_VALID))
        proved = {**common, "aud": grant.request.client_id, "at_hash": at_hash(access)}
        if grant.request.nonce:
            proved["nonce"] = grant.request.nonce
        return {
            "access_token": access,
            "token_type": "Bearer",
            "expires_in": lasts,
            "id_token": signed(proved, self.key, typ="JWT"),
        }

    def _back(self, request: Request, **answer: str) -> str:
        answer["iss"] = self.client.issuer
        if request.state:
            answer["state"] = request.state
        return f"{request.redirect_uri}?{urlencode(answer)}"


def _fault(told: Mapping[str, str], request: Request) -> str:
    if any(len(value) > MAX_TEXT for value in told.values()):
        return "invalid_request"
    if told.get("response_type") != "code":
        return "unsupported_response_type"
    if "openid" not in told.get("scope", "").split():
        return "invalid_scope"
    if told.get("code_challenge_method") != "S256" or not CHALLENGE.fullmatch(request.challenge):
        return "invalid_request"
    return ""


def _is_loopback(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    plain = f"{parts.scheme}://{parts.netloc}{parts.path}" == address
    return (
        plain
        and "@" not in parts.netloc
        and (parts.scheme, parts.path) == ("http", SOFTWARE_PATH)
        and parts.hostname in LOOPBACK
    )


def _keep(kept: "OrderedDict[str, Grant]", name: str, grant: Grant) -> None:
    kept[name] = grant
    if len(kept) > MAX_KEPT:
        kept.popitem(last=False)


def _name(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _subject(who: Professional) -> str:
    return f"f:demo:{who.id}"
