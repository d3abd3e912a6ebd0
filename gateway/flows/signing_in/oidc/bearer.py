"""Who software says is asking: an access token of the provider, shown at `/fhir`.

The signature, the issuer, the audience and the times are judged before anything that the token
says of a person is looked at; a token bound to a key or a certificate comes with it.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field

from gateway.clock import Clock
from gateway.flows.signing_in.oidc.provider_keys import keys_for
from gateway.mapping.fhir.json import Json
from gateway.mapping.oidc.access_token import Bound, binding_of, read_access_token
from gateway.mapping.oidc.base64url import base64url
from gateway.mapping.oidc.claims import same
from gateway.mapping.oidc.person import person_claims, professionals_of
from gateway.mapping.oidc.proof import read_proof
from gateway.mapping.oidc.refusal import NotProvedError, Why
from gateway.mapping.oidc.situation import chosen
from gateway.ports.oidc import Directory, IdentityProvider
from gateway.ports.people.people import Sessions
from gateway.records.patients.account import Professional
from gateway.records.readers.oidc import Client

PURPOSE = "dpop-jti"
OF_A_PERSON = ("SubjectNameID", "SubjectRole")
KEPT_SECONDS = 60.0
"""How long UserInfo is believed for one token: a reader asks many times in a minute."""
MAX_KEPT = 1_000
DPOP, BEARER = "dpop", "bearer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a request shows: its token under a `scheme` in small letters, the `method` and the
    path asked, the DPoP proofs that came with it, the SHA-256 of the peer's certificate in
    hexadecimal ("" without one), and which situation of exercise it names."""

    token: str
    scheme: str = BEARER
    method: str = "GET"
    path: str = "/fhir"
    proofs: tuple[str, ...] = ()
    certificate: str = ""
    situation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearers:
    """`origin` is our own address, as https://HOST, of which DPoP proofs speak."""

    client: Client
    origin: str
    provider: IdentityProvider
    directory: Directory
    sessions: Sessions
    clock: Clock
    professions: Mapping[str, str]
    _told: "OrderedDict[str, tuple[float, Json]]" = field(default_factory=OrderedDict)

    async def professional(self, shown: Shown) -> Professional:
        """The professional whom the token proves, in one situation of exercise.

        Raises NotProvedError, whose word the door explains.
        """
        keys = await keys_for(shown.token, self.provider, self.client)
        now = self.clock.now()
        claims = read_access_token(shown.token, keys, client=self.client, now=now)
        await self._shown_by_its_owner(shown, binding_of(claims))
        told = await self._person(shown.token, claims)
        found = chosen(professionals_of(told, self.professions), shown.situation)
        if await self.directory.professional_by_id(found.id) is None:
            await self.directory.add_professional(found)
        return found

    async def _shown_by_its_owner(self, shown: Shown, bound: Bound) -> None:
        if bound.certificate and not same(bound.certificate, _thumbprint(shown.certificate)):
            raise NotProvedError(Why.BINDING)
        if bool(bound.key) is not (shown.scheme == DPOP):
            raise NotProvedError(Why.BINDING)
        if bound.key:
            await self._proved(shown, bound.key)

    async def _proved(self, shown: Shown, key: str) -> None:
        """RFC 9449, 4.3: exactly one proof, by this key, for this request, for the first time."""
        if len(shown.proofs) != 1:
            raise NotProvedError(Why.BINDING)
        proof = read_proof(
            shown.proofs[0],
            algorithms=self.client.algorithms,
            method=shown.method,
            address=self.origin + shown.path,
            token=shown.token,
            now=self.clock.now(),
        )
        if not same(proof.key, key):
            raise NotProvedError(Why.BINDING)
        if not await self.sessions.once(f"{key}.{proof.jti}", PURPOSE, until=proof.until):
            raise NotProvedError(Why.REPLAY)

    async def _person(self, token: str, claims: Json) -> Json:
        """What the token says of a person, else what the provider says of its bearer."""
        if all(name in claims for name in OF_A_PERSON):
            return claims
        now, name = self.clock.monotonic(), hashlib.sha256(token.encode()).hexdigest()
        since, told = self._told.get(name, (now - KEPT_SECONDS, {}))
        if now - since >= KEPT_SECONDS:
            told = dict(await self.provider.person(token))
            self._told[name] = now, told
            if len(self._told) > MAX_KEPT:
                self._told.popitem(last=False)
        return person_claims(claims, told)


def _thumbprint(fingerprint: str) -> str:
    """x5t#S256 (RFC 8705, 3.1) of a certificate known by its SHA-256 in hexadecimal."""
    return base64url(bytes.fromhex(fingerprint))
