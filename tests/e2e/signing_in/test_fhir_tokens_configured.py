"""A configured gateway reads tokens of a certified provider at /fhir, bound ones too, in TLS."""

import asyncio
import base64
import hashlib
import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from aiohttp import ClientSession, TCPConnector
from authority import Authority, fingerprint
from certified_provider import BACK, SECRET, certified, through
from configured import Operator
from daemon_rig import Daemon, Make
from joserfc import jws
from joserfc.jwk import ECKey

from gateway.mapping.oidc.base64url import digest
from gateway.records.readers.oidc import Client

AUDIENCE = "https://vault.test/fhir"
ORIGIN = "http://127.0.0.1:1"
"""That of the registered redirect_uri, of which proofs speak."""
PATH = "/fhir/DocumentReference"
VERIFIER = "v" * 43
CONFIG = """
[http]
listen = "127.0.0.1:0"
[http.tls]
certificate = "{pki}/server.pem"
key = "{pki}/server.key"
client_ca = "{pki}/ca.pem"
client_required = false
[metrics]
listen = "127.0.0.1:0"
[mllp]
listen = "127.0.0.1:0"
sender = "laboratory"
[psc]
issuer = "{issuer}"
client_id = "gateway"
client_secret = "psc.secret"
redirect_uri = "{back}"
audience = "{audience}"
"""


async def started(folder: Path, make: Make, client: Client) -> tuple[Daemon, Operator, Authority]:
    secret = folder / "psc.secret"
    secret.write_text(SECRET + "\n", "utf-8")
    secret.chmod(0o600)
    authority = Authority(folder / "pki")
    authority.issue("server")
    toml = CONFIG.format(pki="pki", issuer=client.issuer, back=BACK, audience=AUDIENCE)
    operator = await asyncio.to_thread(Operator(folder).prepare, toml)
    daemon = make()
    daemon.words = ["--config", str(operator.config)]
    await asyncio.to_thread(daemon.start)
    return daemon, operator, authority


def proof(key: ECKey, method: str, address: str, **more: str) -> str:
    claims = {"jti": f"{time.time_ns()}", "htm": method, "htu": address, "iat": int(time.time())}
    header = {"alg": "ES256", "typ": "dpop+jwt", "jwk": key.as_dict(private=False)}
    return jws.serialize_compact(header, json.dumps(claims | more), key, algorithms=["ES256"])


async def token_of(client: Client, resource: str, key: ECKey | None = None) -> str:
    """An access token for this resource, bound to the key where there is one."""
    challenge = hashlib.sha256(VERIFIER.encode()).digest()
    asked = {
        "response_type": "code",
        "client_id": "gateway",
        "redirect_uri": BACK,
        "scope": "openid scope_all",
        "resource": resource,
        "code_challenge": base64.urlsafe_b64encode(challenge).decode().rstrip("="),
        "code_challenge_method": "S256",
    }
    answer = await through(f"{client.issuer}/auth?{urlencode(asked)}")
    fields = {
        "grant_type": "authorization_code",
        "code": answer["code"],
        "redirect_uri": BACK,
        "code_verifier": VERIFIER,
    }
    where = f"{client.issuer}/token"
    pair = base64.b64encode(f"gateway:{quote(SECRET, safe='')}".encode()).decode()
    headers = {"Authorization": f"Basic {pair}"}
    if key:
        headers["DPoP"] = proof(key, "POST", where)
    async with ClientSession() as session:
        told = await session.post(where, data=fields, headers=headers)
        made = await told.json()
    assert "access_token" in made, made
    return str(made["access_token"])


@dataclass
class Software:
    """Asks for the documents of the operator's patient, with one certificate or none."""

    daemon: Daemon
    operator: Operator
    authority: Authority
    certificate: Path | None = None

    async def ask(self, headers: dict[str, str]) -> tuple[int, Any]:
        who = self.operator.person
        params = {"patient.identifier": f"urn:oid:{who.oid}|{who.ins}"}
        trust = TCPConnector(ssl=self.authority.client(self.certificate))
        async with ClientSession(connector=trust) as session:
            answer = await session.get(
                self.daemon.places["http"] + PATH, params=params, headers=headers
            )
            return answer.status, await answer.json(content_type=None)


async def test_tokens_of_the_certified_provider_open_fhir_to_their_owner_only(
    tmp_path: Path, make_gateway: Make
) -> None:
    async with certified() as client:
        software = Software(*await started(tmp_path, make_gateway, client))
        token = await token_of(client, AUDIENCE)
        status, bundle = await software.ask({"Authorization": f"Bearer {token}"})
        assert (status, bundle["resourceType"]) == (200, "Bundle"), bundle
        other = await token_of(client, "https://other.test/fhir")
        status, outcome = await software.ask({"Authorization": f"Bearer {other}"})
        assert (status, "another service" in str(outcome)) == (401, True)

        key = ECKey.generate_key("P-256")
        bound = await token_of(client, AUDIENCE, key)
        shown = proof(key, "GET", ORIGIN + PATH, ath=digest(bound.encode()))
        dpop = {"Authorization": f"DPoP {bound}", "DPoP": shown}
        assert (await software.ask(dpop))[0] == 200
        assert (await software.ask(dpop))[0] == 401
        assert (await software.ask({"Authorization": f"Bearer {bound}"}))[0] == 401
        log = software.daemon.log.read_text("utf-8")
        assert log.count("fhir.refused") == 3
        assert not any(secret in log for secret in (token, bound, shown, "899700000000"))


async def test_a_system_by_its_certificate_is_what_it_is_by_its_token(
    tmp_path: Path, make_gateway: Make
) -> None:
    async with certified() as client:
        software = Software(*await started(tmp_path, make_gateway, client))
        known = software.authority.issue("hospital")
        mark = fingerprint(known)
        operator = software.operator
        await asyncio.to_thread(operator.sender, "hospital", "--fingerprint", mark)
        token = await asyncio.to_thread(operator.sender, "laboratory")
        by_token = await software.ask({"Authorization": f"Bearer {token}"})
        software.certificate = known
        assert await software.ask({}) == by_token
        assert by_token[0] == 403
        software.certificate = software.authority.issue("stranger")
        assert (await software.ask({}))[0] == 401
        shown = {"X-SSL-Client-Fingerprint": mark, "X-Client-Cert": mark}
        assert (await software.ask(shown))[0] == 401
