"""Sign a professional in by Pro Santé Connect: authorization code with PKCE, state and nonce.

A request is kept for ten minutes and spent once. Its nonce and its verifier are derived from what
is kept and from the secret of the browser that asked: neither alone is worth anything.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import urlencode

from gateway.flows.signing_in.oidc.provider_keys import keys_for
from gateway.flows.signing_in.signin import SignIn, Ticket, hash_secret
from gateway.mapping.oidc.base64url import base64url, digest
from gateway.mapping.oidc.person import person_claims, professionals_of
from gateway.mapping.oidc.refusal import NotProvedError, Why
from gateway.mapping.oidc.token import goes_with, read_id_token
from gateway.ports.oidc import Directory, IdentityProvider
from gateway.records.patients.account import Professional, Session
from gateway.records.readers.oidc import Client, Endpoints, Tokens

REQUEST_VALID = timedelta(minutes=10)
PURPOSE = "psc"
MAX_STATE = 200
MAX_CODE = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ProSignIn:
    """The verbs of « Se connecter avec Pro Santé Connect ».

    `professions` are those of the grid by code (G15_10). Every verb but `leaving` may raise
    NotProvedError, whose word the page explains.
    """

    client: Client
    provider: IdentityProvider
    directory: Directory
    sign_in: SignIn
    professions: Mapping[str, str]

    async def begin(self, browser: str) -> str:
        """The address to which the browser with this secret is sent (Core 3.1.2.1)."""
        where = (await self.provider.endpoints()).authorization
        state, salt = self.sign_in.ids.secret(), self.sign_in.ids.octets(32)
        await self.sign_in.sessions.keep_code(
            hash_secret(state).hex(),
            PURPOSE,
            salt=salt,
            digest=_derived(browser, salt, "browser").encode(),
            expires_at=self.sign_in.clock.now() + REQUEST_VALID,
        )
        verifier = _derived(browser, salt, "verifier")
        asked = {
            "response_type": "code",
            "client_id": self.client.client_id,
            "redirect_uri": self.client.redirect_uri,
            "scope": self.client.scope,
            "state": state,
            "nonce": _derived(browser, salt, "nonce"),
            "code_challenge": digest(verifier.encode()),
            "code_challenge_method": "S256",
        }
        if self.client.acr:
            asked["acr_values"] = self.client.acr
        return _with(where, asked)

    async def finish(self, answer: Mapping[str, str], browser: str) -> Ticket:
        """Judges the answer that the browser brought back; the session of who signed in.

        It is proved when the person works in one situation, else `choose` comes next.
        """
        salt = await self._spent(answer.get("state", ""), browser)
        _from_whom(answer, await self.provider.endpoints(), self.client)
        code = answer.get("code", "")
        if "error" in answer:
            raise NotProvedError(Why.CANCELLED)
        if not 0 < len(code) <= MAX_CODE:
            raise NotProvedError(Why.CODE)
        tokens = await self.provider.exchange(code, verifier=_derived(browser, salt, "verifier"))
        claims = await self._proved(tokens, nonce=_derived(browser, salt, "nonce"))
        told = await self.provider.person(tokens.access_token)
        situations = professionals_of(person_claims(claims, dict(told)), self.professions)
        if len(situations) == 1:
            await self._note(situations[0])
        return await self.sign_in.identified(situations)

    async def choose(self, session: Session, number: int) -> Ticket:
        """The situation of exercise in which this person goes on, under a new session id."""
        if session.proved or not 0 <= number < len(session.situations):
            raise NotProvedError(Why.PROFESSION)
        chosen = session.situations[number]
        await self._note(chosen)
        await self.sign_in.leave(session)
        return await self.sign_in.identified((chosen,))

    async def leaving(self, back: str) -> str | None:
        """Where one leaves the provider too (RP-Initiated Logout 1.0), if it says where."""
        try:
            where = (await self.provider.endpoints()).end_session
        except NotProvedError:
            return None
        asked = {"client_id": self.client.client_id, "post_logout_redirect_uri": back}
        return _with(where, asked) if where else None

    async def _spent(self, state: str, browser: str) -> bytes:
        """The salt of a request of this very browser, used up whatever follows."""
        if not 0 < len(state) <= MAX_STATE:
            raise NotProvedError(Why.STATE)
        subject, sessions = hash_secret(state).hex(), self.sign_in.sessions
        waiting = await sessions.take_code(subject, PURPOSE)
        if waiting is None or not await sessions.spend_code(subject, PURPOSE):
            raise NotProvedError(Why.STATE)
        salt, known, expires_at = waiting
        own = hmac.compare_digest(_derived(browser, salt, "browser").encode(), known)
        if not own or self.sign_in.clock.now() >= expires_at:
            raise NotProvedError(Why.STATE)
        return salt

    async def _proved(self, tokens: Tokens, *, nonce: str) -> dict[str, object]:
        keys = await keys_for(tokens.id_token, self.provider, self.client)
        now = self.sign_in.clock.now()
        claims = read_id_token(tokens.id_token, keys, client=self.client, nonce=nonce, now=now)
        goes_with(claims, tokens.access_token)
        return claims

    async def _note(self, professional: Professional) -> None:
        known = await self.directory.professional_by_id(professional.id)
        token_hash, mail = (known.token_hash, known.mail) if known else (None, None)
        if known != (noted := replace(professional, token_hash=token_hash, mail=mail)):
            await self.directory.add_professional(noted)


def _from_whom(answer: Mapping[str, str], endpoints: Endpoints, client: Client) -> None:
    """RFC 9207, 2.4: another issuer's answer, or none where ours names itself, is a mix-up."""
    told = answer.get("iss")
    if told is None and endpoints.names_itself:
        raise NotProvedError(Why.ISSUER)
    if told is not None and told != client.issuer:
        raise NotProvedError(Why.ISSUER)


def _derived(browser: str, salt: bytes, use: str) -> str:
    """43 characters of the unreserved set, as RFC 7636, 4.1 asks of a verifier."""
    return base64url(hmac.new(browser.encode(), salt + use.encode(), hashlib.sha256).digest())


def _with(address: str, asked: Mapping[str, str]) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}"
