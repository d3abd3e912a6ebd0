"""A twin of Pro Santé Connect: the port `IdentityProvider`, with real keys and real signatures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson
from joserfc import jws
from joserfc.jwk import ECKey, RSAKey

from gateway.mapping.oidc.refusal import NotProvedError, Why
from gateway.records.readers.oidc import Client, Endpoints, Tokens

ISSUER = "https://psc.test/realms/esante"
RPPS = "899700000000"
CLIENT = Client(
    issuer=ISSUER, client_id="gateway", redirect_uri="https://vault.test/pro/psc/retour"
)
ENDPOINTS = Endpoints(
    authorization=f"{ISSUER}/auth",
    token=f"{ISSUER}/token",
    keys=f"{ISSUER}/certs",
    userinfo=f"{ISSUER}/userinfo",
    end_session=f"{ISSUER}/logout",
)


@cache
def rsa(kid: str = "psc-1", bits: int = 2048) -> RSAKey:
    return RSAKey.generate_key(bits, {"kid": kid, "use": "sig"})


@cache
def curve(kid: str = "psc-2") -> ECKey:
    return ECKey.generate_key("P-256", {"kid": kid, "use": "sig"})


def public(*keys: RSAKey | ECKey) -> list[dict[str, Any]]:
    return [key.as_dict(private=False) for key in keys]


def signed(claims: Mapping[str, Any], key: RSAKey | ECKey | None = None, **header: Any) -> str:
    """A compact JWS; `header` adds to alg and kid, and replaces them."""
    key = key or rsa()
    alg = "ES256" if isinstance(key, ECKey) else "RS256"
    top = {"alg": alg, "kid": key.kid, **header}
    registry = jws.JWSRegistry(algorithms=[top["alg"]], strict_check_header=False)
    return jws.serialize_compact(top, orjson.dumps(claims), key, registry=registry)


def claims_at(now: int, **changes: Any) -> dict[str, Any]:
    """Claims of a good ID token issued at `now`; a change to None takes a claim away."""
    good = {
        "iss": ISSUER,
        "aud": "gateway",
        "sub": f"f:1:{RPPS}",
        "exp": now + 120,
        "iat": now,
        "nonce": "n1",
        "acr": "eidas1",
    }
    return {name: value for name, value in {**good, **changes}.items() if value is not None}


def activity(finess: str, name: str) -> dict[str, Any]:
    return {
        "codeModeExercice": "S",
        "codeSecteurDactivite": "SA01",
        "codeRole": "",
        "codeGenreActivite": "GENR01",
        "numeroFinessSite": finess,
        "raisonSocialeSite": name,
    }


def exercise(*activities: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        "codeProfession": "10",
        "codeCategorieProfessionnelle": "C",
        "nomDexercice": "DOC",
        "prenomDexercice": "Kit",
        "codeTypeSavoirFaire": "S",
        "codeSavoirFaire": "SM26",
        "activities": list(activities),
        **changes,
    }


CABINET = activity("750000001", "Cabinet du Test")
HOSPITAL = activity("750000002", "Hôpital du Test")


def person(*exercises: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """UserInfo of a médecin généraliste of no town."""
    good = {
        "sub": f"f:1:{RPPS}",
        "SubjectNameID": RPPS,
        "SubjectRole": ["10^1.2.250.1.213.1.1.5.5"],
        "given_name": "Kit",
        "family_name": "DOC",
        "SubjectRefPro": {"codeCivilite": "M", "exercices": list(exercises)},
    }
    return {name: value for name, value in {**good, **changes}.items() if value is not None}


@dataclass
class PscPeer:
    """Answers one code of each request; tests bend what it says."""

    now: int
    claims: dict[str, Any] = field(default_factory=dict)
    told: dict[str, Any] = field(default_factory=lambda: person(exercise(CABINET)))
    signing: RSAKey | ECKey = field(default_factory=rsa)
    published: list[dict[str, Any]] = field(default_factory=lambda: public(rsa()))
    rotated: list[dict[str, Any]] | None = None
    token: str | None = None
    access_token: str = "access"
    persons: int = 0
    names_itself: bool = False
    silent: bool = False
    nonce: str = ""
    challenge: str = ""
    spent: set[str] = field(default_factory=set)
    verifiers: list[str] = field(default_factory=list)
    fresh: int = 0

    def visit(self, address: str, **changes: str) -> dict[str, str]:
        """What the browser brings back from the authorization address."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        self.nonce, self.challenge = asked["nonce"], asked["code_challenge"]
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        return {"state": asked["state"], "code": f"code-{asked['state']}", **changes}

    async def endpoints(self) -> Endpoints:
        if self.silent:
            raise NotProvedError(Why.SILENT)
        return replace(ENDPOINTS, names_itself=self.names_itself)

    async def keys(self, *, fresh: bool = False) -> Sequence[dict[str, Any]]:
        self.fresh += fresh
        return self.rotated if fresh and self.rotated is not None else self.published

    async def exchange(self, code: str, *, verifier: str) -> Tokens:
        if code in self.spent:
            raise NotProvedError(Why.CODE)
        self.spent.add(code)
        self.verifiers.append(verifier)
        claims = claims_at(self.now, **{"nonce": self.nonce, **self.claims})
        token = signed(claims, self.signing) if self.token is None else self.token
        return Tokens(id_token=token, access_token=self.access_token)

    async def person(self, access_token: str) -> Mapping[str, Any]:
        if self.silent:
            raise NotProvedError(Why.SILENT)
        assert access_token == self.access_token
        self.persons += 1
        return self.told
