"""A house whose `/fhir` takes access tokens, the twin of their provider, and DPoP proofs."""

from dataclasses import dataclass, field, replace
from typing import Any

import orjson
from aiohttp import web
from aiohttp.test_utils import TestClient
from joserfc import jws
from joserfc.jwk import ECKey
from psc_peer import CABINET, CLIENT, RPPS, PscPeer, claims_at, exercise, person, signed
from vault_house import CLAIRE, INS_TEST, House, key_of
from vault_twins import NOW, Directory

from gateway.access.professions import professions
from gateway.flows.signing_in.oidc.bearer import Bearers
from gateway.mapping.oidc.base64url import digest
from gateway.records.patients.account import Choice, ChoiceKind
from gateway.records.readers.oidc import Client
from gateway.vault.rooms import VaultRooms

Caller = TestClient[web.Request, web.Application]
G15 = "1.2.250.1.213.1.1.5.5"
FINGERPRINT = "ab" * 32
AT = int(NOW.timestamp())
API = replace(CLIENT, audience="gateway")
"""As the recipes of the hostile corpus have it: one audience for both."""
ORIGIN = "https://vault.test"
SEARCH = "/fhir/DocumentReference"
WHO = {"patient.identifier": f"urn:oid:{INS_TEST}|{CLAIRE.ins}"}
OF_A_PERSON = {
    name: person(exercise(CABINET))[name]
    for name in ("SubjectNameID", "SubjectRole", "SubjectRefPro", "given_name", "family_name")
}


@dataclass
class TokenHouse(House):
    """`peer` answers UserInfo; `certificate` is that of every connection."""

    peer: PscPeer = field(default_factory=lambda: PscPeer(now=AT))
    certificate: str | None = None
    api: Client = API

    def rooms(self) -> VaultRooms:
        rooms = super().rooms()
        bearers = Bearers(
            client=self.api,
            origin=ORIGIN,
            provider=self.peer,
            directory=Directory(self.people.pros),
            sessions=self.sessions,
            clock=self.clock,
            professions=professions(),
        )
        return replace(rooms, bearers=bearers, certificate_of=lambda _request: self.certificate)

    def reasons(self) -> list[str]:
        """Rules of the refused tries that are about no patient."""
        found = [one.trace for one in self.traces.rows if not any(one.trace.patient)]
        assert all((one.action, one.permitted) == ("login", False) for one in found)
        return [one.rule for one in found]


def agreed(house: TokenHouse) -> TokenHouse:
    """Claire agreed to be read by the bearer of the tests, and has one document."""
    house.add("Bilan")
    consent = Choice(kind=ChoiceKind.CARE_PROFESSIONAL, target=RPPS, since=NOW)
    house.people.chosen[key_of(CLAIRE)].append(consent)
    return house


def access(**changes: Any) -> dict[str, Any]:
    """Claims of a good access token that says who bears it; None takes a claim away."""
    return claims_at(AT, **{"nonce": None, **OF_A_PERSON, **changes})


def bearer(claims: dict[str, Any] | None = None, **header: Any) -> dict[str, str]:
    return {"Authorization": f"Bearer {signed(claims or access(), **header)}"}


def proof(key: ECKey, token: str, *, typ: str = "dpop+jwt", **changes: Any) -> str:
    """A DPoP proof for GET of the search, made now; a change to None takes a claim away."""
    claims = {
        "jti": "j1",
        "htm": "GET",
        "htu": ORIGIN + SEARCH,
        "iat": AT,
        "ath": digest(token.encode()),
    }
    claims = {name: value for name, value in {**claims, **changes}.items() if value is not None}
    header = {"alg": "ES256", "typ": typ, "jwk": key.as_dict(private=False)}
    return jws.serialize_compact(header, orjson.dumps(claims), key, algorithms=["ES256"])


async def asked(client: Caller, headers: dict[str, str]) -> tuple[int, Any, str]:
    """Status, resource and challenge of a search in Claire's record."""
    answer = await client.get(SEARCH, params=WHO, headers=headers)
    challenge = " | ".join(answer.headers.getall("WWW-Authenticate", []))
    return answer.status, await answer.json(), challenge
