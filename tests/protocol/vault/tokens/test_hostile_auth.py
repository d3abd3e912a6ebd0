"""corpus/hostile, folder auth: every row that is about what we serve, within its time and memory.

Rows about what we do not serve are named with the reason; a new row fails until it has its place.
"""

import csv
import json
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from auth_scenarios import SCENARIOS, SLACK
from psc_peer import rsa, signed
from token_house import SEARCH, WHO, Caller, TokenHouse, agreed
from vault_house import (
    House,
    give_password,
    post,
    visiting,
)

FOLDER = Path(__file__).resolve().parents[5] / "shared" / "corpus" / "hostile"
EXPECTED = FOLDER / "expected.csv"
ROWS = {
    row["input"].removeprefix("auth/"): row
    for row in csv.DictReader(EXPECTED.read_text("utf-8").splitlines() if EXPECTED.exists() else [])
    if row["entry_point"] == "auth-token"
}
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
    before, peak = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    yield
    took = (time.process_time() - before) * 1000
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak) / KILOBYTES
    assert took <= int(row["max_ms"]) * SLACK
    assert grown <= int(row["max_rss_growth_mb"])


async def shown(client: Caller, token: str) -> tuple[int, str]:
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
