"""What corpus/hostile says in words about signing in, played: one function a row."""

import json
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from aiohttp.test_utils import TestClient, TestServer
from joserfc.jwk import ECKey
from psc_house import PscHouse, asked, back
from psc_peer import CLIENT, signed
from session_twins import MemorySessions
from token_house import ORIGIN, SEARCH, WHO, TokenHouse, access, agreed, proof
from vault_house import (
    CLAIRE,
    PASSWORD,
    House,
    give_password,
    key_of,
    post,
    sign_in_professional,
    token_of,
    visiting,
)
from vault_twins import MovedClock

from gateway.clock import SystemIds
from gateway.flows.signing_in.oidc.issuer import Issuer
from gateway.flows.signing_in.tries import MAX_TRIES, TooManyTriesError, WrongError
from gateway.mapping.oidc.issue import SEED_BYTES, signing_key
from gateway.records.readers.tries import Allowance, Counted
from gateway.vault.demo.issuer import build_issuer

SLACK = 3
"""README of the corpus: in CI a row may take three times as long; of processor time, so that a
busy machine convicts nobody."""


async def csrf_no_token() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in_professional(client)
        before = list(house.people.chosen[key_of(CLAIRE)])
        answer = await client.post(
            f"/pro/patients/{key_of(CLAIRE).hex()}/accord",
            data={"a_qui": "moi"},
            headers={"Origin": "https://evil.test"},
        )
        assert answer.status == 403
        assert house.people.chosen[key_of(CLAIRE)] == before


async def csrf_json_text_plain() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in_professional(client)
        jeton = await token_of(client, "/pro")
        headers = {"Origin": "https://evil.test", "Content-Type": "text/plain"}
        for path in ("accord", "refus", "urgence"):
            answer = await client.post(
                f"/pro/patients/{key_of(CLAIRE).hex()}/{path}",
                data=json.dumps({"jeton": jeton}),
                headers=headers,
            )
            assert answer.status == 403
        headers = {"Sec-Fetch-Site": "cross-site"}
        assert (await client.get(SEARCH, params=WHO, headers=headers)).status == 403


KEY = ECKey.generate_key("P-256")


async def _dpop(method: str, path: str, **changes: str) -> None:
    house = agreed(TokenHouse())
    token = signed(access(cnf={"jkt": KEY.thumbprint()}))
    async with visiting(house) as client:
        headers = {"Authorization": f"DPoP {token}", "DPoP": proof(KEY, token, **changes)}
        answer = await client.request(method, path, params=WHO, headers=headers)
        assert answer.status == 401
    assert house.reasons() == ["token-binding"]


async def dpop_htm() -> None:
    await _dpop("POST", f"{SEARCH}/_search", htu=f"{ORIGIN}{SEARCH}/_search", htm="GET")


async def dpop_htu() -> None:
    await _dpop("GET", SEARCH, htu="https://other.test/fhir/DocumentReference")


async def mixup_iss() -> None:
    house = PscHouse()
    async with visiting(house) as client:
        answer = house.peer.visit(await asked(client), iss="https://evil.test")
        assert (await back(client, answer))[0] == 400
    assert (house.peer.verifiers, house.sessions.kept) == ([], {})


async def state_missing() -> None:
    house = PscHouse()
    async with visiting(house) as client:
        answer = house.peer.visit(await asked(client))
        del answer["state"]
        assert (await back(client, answer))[0] == 400
    assert (house.peer.verifiers, house.sessions.kept) == ([], {})


async def otp_brute() -> None:
    """10,000 codes; locked by the 10th, for the right one too."""
    house = House()
    flow = house.rooms().sign_in
    ticket = await flow.begin("claire84durand", PASSWORD, address="127.0.0.1")
    right = house.letters.code()
    said: Counter[type[Exception]] = Counter()
    for number in range(10_000):
        code = right if number > 10 else f"{(int(right) + 1 + number) % 10**6:06d}"
        try:
            await flow.prove(ticket.session, code, address=f"10.0.0.{number % 250}")
        except (WrongError, TooManyTriesError) as error:
            said[type(error)] += 1
    assert said == {WrongError: MAX_TRIES, TooManyTriesError: 10_000 - MAX_TRIES}
    assert MAX_TRIES <= 10


async def otp_replay() -> None:
    house = House()
    async with visiting(house) as client:
        await give_password(client)
        unproved = next(one for one in client.session.cookie_jar if one.key == "session").value
        code = house.letters.code()
        status, place, _ = await post(client, "/connexion/code", "/connexion/code", otp=code)
        assert (status, place) == (303, "/")
    async with visiting(house) as other:
        other.session.cookie_jar.update_cookies({"session": unproved}, other.make_url("/"))
        answer = await other.get("/connexion/code", allow_redirects=False)
        assert (answer.status, answer.headers["Location"]) == (303, "/connexion")
        await give_password(other)
        status, _, _ = await post(other, "/connexion/code", "/connexion/code", otp=code)
        assert status == 422


@dataclass
class CountedSessions(MemorySessions):
    """How often something was written of a try, as a database would count commits."""

    writes: int = 0

    async def failed(self, subject: str, *, at: Any) -> None:
        self.writes += 1
        await super().failed(subject, at=at)

    async def count(self, allowances: Sequence[Allowance], *, at: Any) -> Counted:
        self.writes += 1
        return await super().count(allowances, at=at)


async def user_enum() -> None:
    """The same words and the same work: as many passwords hashed, as many writes. The clock on the
    wall is no witness on a busy machine; that nobody's hash is as dear is a test of its own."""
    house = House(sessions=CountedSessions())
    said, work = set(), set[tuple[int, int]]()
    async with visiting(house) as client:
        await client.get("/connexion")
        for login in ("claire84durand", "nobody84nobody") * 2:
            house.sessions.fails.clear()
            counted, traced = house.sessions.writes, len(house.traces.rows)  # type: ignore[attr-defined]
            hashed = house.hasher.asked
            status, place, page = await post(
                client, "/connexion", "/connexion", identifiant=login, mot_de_passe="wrong"
            )
            said.add((status, place, page.replace(login, "")))
            written = house.sessions.writes - counted  # type: ignore[attr-defined]
            work.add((house.hasher.asked - hashed, written + len(house.traces.rows) - traced))
    assert (len(said), len(work)) == (1, 1)
    assert work.pop()[0] == 1


ISSUED = replace(CLIENT, redirect_uri="https://app.test/cb")
REQUEST = {
    "response_type": "code",
    "client_id": ISSUED.client_id,
    "redirect_uri": ISSUED.redirect_uri,
    "scope": "openid",
    "state": "s1",
    "code_challenge": "c" * 43,
    "code_challenge_method": "S256",
}


async def _issuer(changes: dict[str, str]) -> tuple[int, dict[str, str]]:
    """What the demo's issuer makes of a request: its status, and what goes back."""
    ids = SystemIds()
    issuer = Issuer(
        client=ISSUED,
        secret="hush",
        key=signing_key(ids.octets(SEED_BYTES)),
        people=House().people.pros,
        clock=MovedClock(),
        ids=ids,
    )
    told = {name: value for name, value in {**REQUEST, **changes}.items() if value}
    async with TestClient(TestServer(build_issuer(issuer))) as client:
        page = await client.get(f"/auth?{urlencode(told)}", allow_redirects=False)
        form = await client.post(
            "/auth", data={**told, "ps": issuer.people[0].id}, allow_redirects=False
        )
        assert page.status == form.status
        assert form.headers.get("Location", "") == page.headers.get("Location", "")
        return form.status, dict(parse_qsl(urlsplit(form.headers.get("Location", "")).query))


async def pkce_missing() -> None:
    status, answer = await _issuer({"code_challenge": "", "code_challenge_method": ""})
    assert (status, answer["error"], "code" in answer) == (303, "invalid_request", False)


async def pkce_plain() -> None:
    status, answer = await _issuer({"code_challenge_method": "plain"})
    assert (status, answer["error"], "code" in answer) == (303, "invalid_request", False)


async def redirect_prefix() -> None:
    assert await _issuer({"redirect_uri": "https://app.test/cb/../evil"}) == (400, {})


async def redirect_userinfo() -> None:
    assert await _issuer({"redirect_uri": "https://app.test@evil.test/cb"}) == (400, {})


SCENARIOS: dict[str, Callable[[], Awaitable[None]]] = {
    "auth-csrf-json-text-plain.json": csrf_json_text_plain,
    "auth-csrf-no-token.json": csrf_no_token,
    "auth-dpop-htm.json": dpop_htm,
    "auth-dpop-htu.json": dpop_htu,
    "auth-mixup-iss.json": mixup_iss,
    "auth-otp-brute.json": otp_brute,
    "auth-otp-replay.json": otp_replay,
    "auth-pkce-missing.json": pkce_missing,
    "auth-pkce-plain.json": pkce_plain,
    "auth-redirect-prefix.json": redirect_prefix,
    "auth-redirect-userinfo.json": redirect_userinfo,
    "auth-state-missing.json": state_missing,
    "auth-user-enum.json": user_enum,
}
