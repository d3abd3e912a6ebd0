"""corpus/hostile, folder auth: every row that is about what we serve, within its time and memory.

Rows about what we do not serve are named with the reason; a new row fails until it has its place.
"""

import csv
import json
import resource
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from joserfc.jwk import ECKey
from psc_peer import CLIENT, rsa, signed
from test_psc_pages import PscHouse, asked, back
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
from vault_twins import MemorySessions, MovedClock

from gateway.clock import SystemIds
from gateway.flows.signing_in.issuer import Issuer
from gateway.flows.signing_in.tries import MAX_TRIES, TooManyTriesError, WrongError
from gateway.mapping.oidc.issue import SEED_BYTES, signing_key
from gateway.vault.demo.issuer import build_issuer

Client = TestClient[web.Request, web.Application]
FOLDER = Path(__file__).resolve().parents[5] / "shared" / "corpus" / "hostile"
EXPECTED = FOLDER / "expected.csv"
ROWS = {
    row["input"].removeprefix("auth/"): row
    for row in csv.DictReader(EXPECTED.read_text("utf-8").splitlines() if EXPECTED.exists() else [])
    if row["entry_point"] == "auth-token"
}
SLACK = 3
"""README of the corpus: in CI a row may take three times as long."""
KILOBYTES = 1024
CONTROL = "auth-ctl-valid.json"
NOT_SERVED = {
    "auth-passkey-counter.json": "no passkeys: patients sign in by password and code",
    "auth-vihf-expired.xml": "no SOAP door of DMP-compatible software yet: no VIHF is read",
    "auth-vihf-nosig.xml": "no SOAP door yet",
    "auth-vihf-ref-http.xml": "no SOAP door yet",
    "auth-vihf-transform-xslt.xml": "no SOAP door yet",
    "auth-vihf-wrapping.xml": "no SOAP door yet",
    "auth-vihf-xxe.xml": "no SOAP door yet",
}


@contextmanager
def within(row: dict[str, str]) -> Iterator[None]:
    before, peak = time.monotonic(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    yield
    took = (time.monotonic() - before) * 1000
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak) / KILOBYTES
    assert took <= int(row["max_ms"]) * SLACK
    assert grown <= int(row["max_rss_growth_mb"])


async def shown(client: Client, token: str) -> tuple[int, str]:
    answer = await client.get(SEARCH, params=WHO, headers={"Authorization": f"Bearer {token}"})
    return answer.status, await answer.text()


def token_in(name: str) -> str:
    """The token of a file, or what its recipe asks to be signed by the issuer's real key."""
    text = (FOLDER / "auth" / name).read_text("utf-8").strip()
    if name.endswith(".jwt"):
        return text
    made = json.loads(text)
    assert made["header"] == {"alg": "RS256", "kid": rsa().kid}
    return signed(made["claims"])


def is_token(name: str) -> bool:
    return name.endswith(".jwt") or "sign_with" in (FOLDER / "auth" / name).read_text("utf-8")


TOKENS = [name for name in ROWS if name not in NOT_SERVED and is_token(name)]


@pytest.mark.skipif(not ROWS, reason="the shared corpus is not here")
@pytest.mark.parametrize("name", TOKENS)
async def test_a_token_of_the_corpus_opens_what_it_should(name: str) -> None:
    row, house = ROWS[name], agreed(TokenHouse())
    async with visiting(house) as client:
        assert (await shown(client, token_in(CONTROL)))[0] == 200  # models are loaded
        house.traces.rows.clear()
        with within(row):
            status, body = await shown(client, token_in(name))
        assert str(status) == row["expected_verdict"]
        assert house.sessions.kept == {}
        if status != 200:
            assert json.loads(body)["resourceType"] == "OperationOutcome"
            assert "Bilan" not in body
            assert [one.split("-")[0] for one in house.reasons()] == ["token"]
        assert (await shown(client, token_in(CONTROL)))[0] == 200


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


async def user_enum() -> None:
    """The same words, the same work and the same time, within 5 ms."""
    house = House(sessions=CountedSessions())
    spent: dict[str, list[float]] = {"claire84durand": [], "nobody84nobody": []}
    said, work = set(), set()
    async with visiting(house) as client:
        await client.get("/connexion")
        for login in (*spent, *spent):
            house.sessions.fails.clear()
            counted, traced = house.sessions.writes, len(house.traces.rows)  # type: ignore[attr-defined]
            start = time.monotonic()
            status, place, page = await post(
                client, "/connexion", "/connexion", identifiant=login, mot_de_passe="wrong"
            )
            spent[login].append(time.monotonic() - start)
            said.add((status, place, page.replace(login, "")))
            written = house.sessions.writes - counted  # type: ignore[attr-defined]
            work.add(written + len(house.traces.rows) - traced)
    assert (len(said), len(work)) == (1, 1)
    known, unknown = (min(times) for times in spent.values())
    assert abs(known - unknown) < 0.005 * SLACK


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


@pytest.mark.parametrize("name", SCENARIOS)
async def test_a_scenario_of_the_corpus(name: str) -> None:
    """In words in the corpus; played also where the corpus is not."""
    with within(ROWS.get(name, {"max_ms": "1000", "max_rss_growth_mb": "64"})):
        await SCENARIOS[name]()


@pytest.mark.skipif(not ROWS, reason="the shared corpus is not here")
def test_every_row_is_played_or_named_with_its_reason() -> None:
    assert {*TOKENS, *SCENARIOS, *NOT_SERVED} == set(ROWS)
    assert len(TOKENS) + len(SCENARIOS) + len(NOT_SERVED) == len(ROWS)


PLANTED = {"session": "chosen-by-somebody-else"}


async def test_a_session_that_was_there_before_is_worth_nothing_after_signing_in() -> None:
    """Session fixation: the id changes at each rise of rights."""
    house = House()
    async with visiting(house) as client:
        client.session.cookie_jar.update_cookies(PLANTED, client.make_url("/"))
        await give_password(client)
        unproved = set(house.sessions.kept)
        code = house.letters.code()
        await post(client, "/connexion/code", "/connexion/code", otp=code)
        assert unproved.isdisjoint(house.sessions.kept)
        kept = next(one for one in client.session.cookie_jar if one.key == "session").value
        assert kept != PLANTED["session"]
    async with visiting(house) as other:
        other.session.cookie_jar.update_cookies(PLANTED, other.make_url("/"))
        answer = await other.get("/documents", allow_redirects=False)
        assert answer.status == 303


async def test_cookies_are_for_this_host_over_tls_and_for_no_script() -> None:
    async with visiting(House(secure_cookies=True)) as client:
        answer = await client.get("/connexion")
        (cookie,) = answer.headers.getall("Set-Cookie")
        assert cookie.startswith("__Host-visite=")
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
        assert "Domain" not in cookie
