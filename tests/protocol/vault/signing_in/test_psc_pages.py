"""« Se connecter avec Pro Santé Connect »: there and back, and every answer that is refused."""

import base64
import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from psc_house import BACK, Browser, PscHouse, asked, back
from psc_peer import (
    CABINET,
    HOSPITAL,
    ISSUER,
    RPPS,
    PscPeer,
    exercise,
    person,
    public,
    rsa,
    signed,
)
from structlog.testing import capture_logs
from vault_house import CLAIRE, House, key_of, post, sign_in, visiting
from vault_twins import NOW

from gateway.mapping.oidc.refusal import Why
from gateway.records.patients.account import Choice, ChoiceKind
from gateway.vault.pro.signing_in.psc import EXPLAINED


async def tried(client: Browser, peer: PscPeer, **changes: str) -> tuple[int, str, str]:
    return await back(client, peer.visit(await asked(client), **changes))


async def refused(client: Browser, why: Why, answer: tuple[int, str, str]) -> None:
    """In the words of this reason, with its status, and nobody is signed in."""
    status, _, page = answer
    assert (status, f'data-refusal="psc-{why}"' in page) == (EXPLAINED[why][0], True)
    assert "Trouver un patient" not in await (await client.get("/pro")).text()


async def test_a_professional_signs_in_reads_and_leaves() -> None:
    home = PscHouse()
    home.add("Bilan")
    consent = Choice(kind=ChoiceKind.CARE_PROFESSIONAL, target=RPPS, since=NOW - timedelta(days=1))
    home.people.chosen[key_of(CLAIRE)].append(consent)
    async with visiting(home) as client:
        page = await (await client.get("/pro")).text()
        assert "Se connecter avec Pro Santé Connect" in page
        assert "jeton_demonstration" not in page
        assert (await tried(client, home.peer))[:2] == (303, "/pro")
        page = await (await client.get("/pro")).text()
        assert "Kit DOC" in page
        record = await client.get(f"/pro/patients/{key_of(CLAIRE).hex()}")
        assert "Bilan" in await record.text()
        _, place, _ = await post(client, "/pro", "/deconnexion")
        page = await (await client.get(place)).text()
        assert f"{ISSUER}/logout?client_id=gateway" in page
        answer = await client.get(f"/pro/patients/{key_of(CLAIRE).hex()}", allow_redirects=False)
        assert answer.status == 303
    noted = next(one for one in home.people.pros if one.id == RPPS)
    assert (noted.profession, noted.organization) == ("G15_10", "1750000001")


async def test_who_works_in_two_places_chooses_one_under_a_new_session() -> None:
    home = PscHouse()
    home.peer.told = person(exercise(CABINET, HOSPITAL))
    async with visiting(home) as client:
        assert (await tried(client, home.peer))[:2] == (303, "/pro/psc/exercice")
        before = set(home.sessions.kept)
        assert (await client.get("/connexion/code", allow_redirects=False)).status == 303
        answer = await client.get("/pro", allow_redirects=False)
        assert "Trouver un patient" not in await answer.text()
        page = await (await client.get("/pro/psc/exercice")).text()
        assert "Médecin (SM26) · Cabinet du Test" in page
        for wrong in ("2", "-1", "", "²", "x"):
            status, _, page = await post(
                client, "/pro/psc/exercice", "/pro/psc/exercice", exercice=wrong
            )
            assert (status, "Choisissez un exercice" in page) == (422, True)
        status, place, _ = await post(
            client, "/pro/psc/exercice", "/pro/psc/exercice", exercice="1"
        )
        assert (status, place) == (303, "/pro")
        assert before.isdisjoint(home.sessions.kept)
        (session,) = home.sessions.kept.values()
        assert [one.organization for one in session.situations] == ["1750000002"]
        answer = await client.get("/pro/psc/exercice", allow_redirects=False)
        assert answer.headers["Location"] == "/pro"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"aud": "other"}, Why.AUDIENCE),
        ({"iss": "https://other.test"}, Why.ISSUER),
        ({"nonce": "of another request"}, Why.NONCE),
        ({"exp": int(NOW.timestamp()) - 61}, Why.TIME),
        ({"acr": "eidas0"}, Why.ACR),
        ({"sub": "f:1:another"}, Why.CLAIM),
        ({"at_hash": "AAAA"}, Why.CLAIM),
    ],
)
async def test_a_token_that_proves_nothing_here(changes: dict[str, Any], why: Why) -> None:
    home = PscHouse()
    home.peer.claims = changes
    async with visiting(home) as client:
        with capture_logs() as logs:
            await refused(client, why, await tried(client, home.peer))
    assert [(one["event"], one["reason"], one["route"]) for one in logs] == [
        ("psc.refused", why.value, BACK)
    ]


@pytest.mark.parametrize(
    ("told", "why"),
    [
        (person(SubjectNameID="3750000001"), Why.PERSON),
        (person(SubjectRole=["99^1.2.250.1.213.1.1.5.5"]), Why.PROFESSION),
        (person(SubjectRole=["10^1.2.250.1.213.1.1.5.5", "ADMIN^x"]), Why.PROFESSION),
        (person(SubjectNameID=[RPPS]), Why.CLAIM),
    ],
)
async def test_a_person_who_may_not_read(told: dict[str, Any], why: Why) -> None:
    home = PscHouse()
    home.peer.told = told
    async with visiting(home) as client:
        await refused(client, why, await tried(client, home.peer))


async def test_an_unsigned_token_is_refused() -> None:
    home = PscHouse()
    home.peer.token = "eyJhbGciOiJub25lIn0.e30."
    async with visiting(home) as client:
        await refused(client, Why.TOKEN, await tried(client, home.peer))


async def test_an_answer_serves_once() -> None:
    home = PscHouse()
    async with visiting(home) as client:
        answer = home.peer.visit(await asked(client))
        assert (await back(client, answer))[0] == 303
        await post(client, "/pro", "/deconnexion")
        await refused(client, Why.STATE, await back(client, answer))
        again = home.peer.visit(await asked(client), code=answer["code"])
        await refused(client, Why.CODE, await back(client, again))


async def test_an_answer_that_comes_twice_leads_where_the_first_one_led() -> None:
    home = PscHouse()
    async with visiting(home) as client:
        answer = home.peer.visit(await asked(client))
        assert (await back(client, answer))[:2] == (303, "/pro")
        assert (await back(client, answer))[:2] == (303, "/pro")
        assert len(home.sessions.kept) == 1
        client.session.cookie_jar.clear()
        await refused(client, Why.STATE, await back(client, answer))
    home.peer.told = person(exercise(CABINET, HOSPITAL))
    async with visiting(home) as client:
        answer = home.peer.visit(await asked(client))
        for _ in range(2):
            assert (await back(client, answer))[:2] == (303, "/pro/psc/exercice")


async def test_an_answer_serves_ten_minutes_and_one_browser() -> None:
    home = PscHouse()
    async with visiting(home) as client:
        answer = home.peer.visit(await asked(client))
        home.clock.at += timedelta(minutes=10)
        await refused(client, Why.STATE, await back(client, answer))
        answer = home.peer.visit(await asked(client))
        client.session.cookie_jar.clear()
        await refused(client, Why.STATE, await back(client, answer))
    assert home.peer.verifiers == []


@pytest.mark.parametrize("state", [None, "", "of nobody", "x" * 201, "é"])
async def test_a_state_that_is_not_ours(state: str | None) -> None:
    home = PscHouse()
    async with visiting(home) as client:
        answer = home.peer.visit(await asked(client))
        answer.pop("state")
        if state is not None:
            answer["state"] = state
        await refused(client, Why.STATE, await back(client, answer))


async def test_a_parameter_that_comes_twice_counts_as_none() -> None:
    home = PscHouse()
    async with visiting(home) as client:
        answer = home.peer.visit(await asked(client))
        got = await client.get(BACK, params=[*answer.items(), ("state", "x")])
        assert got.status == 400


async def test_another_providers_answer_is_a_mix_up() -> None:
    home = PscHouse()
    async with visiting(home) as client:
        await refused(client, Why.ISSUER, await tried(client, home.peer, iss="https://evil.test"))
        assert (await tried(client, home.peer, iss=ISSUER))[0] == 303
        await post(client, "/pro", "/deconnexion")
        home.peer.names_itself = True
        await refused(client, Why.ISSUER, await tried(client, home.peer))


async def test_what_the_provider_itself_refuses() -> None:
    home = PscHouse()
    async with visiting(home) as client:
        await refused(client, Why.CANCELLED, await tried(client, home.peer, error="access_denied"))
        await refused(client, Why.CODE, await tried(client, home.peer, code=""))
        home.peer.silent = True
        got = await client.get("/pro/psc", allow_redirects=False)
        assert (got.status, got.headers["Retry-After"]) == (503, "30")


async def test_keys_rotate_and_are_asked_for_again_once() -> None:
    home = PscHouse()
    home.peer.signing = rsa("psc-next")
    home.peer.rotated = public(rsa("psc-next"))
    async with visiting(home) as client:
        assert (await tried(client, home.peer))[0] == 303
    assert home.peer.fresh == 1
    home = PscHouse()
    home.peer.token = signed({}, rsa("psc-unknown"))
    async with visiting(home) as client:
        await refused(client, Why.KEY, await tried(client, home.peer))
    assert home.peer.fresh == 1


async def test_the_verifier_is_that_of_the_challenge_and_new_each_time() -> None:
    home = PscHouse()
    async with visiting(home) as client:
        for _ in range(2):
            assert (await tried(client, home.peer))[0] == 303
            await post(client, "/pro", "/deconnexion")
            digest = hashlib.sha256(home.peer.verifiers[-1].encode()).digest()
            assert home.peer.challenge == base64.urlsafe_b64encode(digest).decode().rstrip("=")
    assert len(set(home.peer.verifiers)) == 2
    assert all(len(one) == 43 for one in home.peer.verifiers)


async def test_a_patients_session_is_left_for_the_professionals() -> None:
    home = PscHouse()
    async with visiting(home) as client:
        await sign_in(client, home)
        assert (await tried(client, home.peer))[:2] == (303, "/pro")
        assert (await client.get("/documents", allow_redirects=False)).status == 303


async def test_without_configuration_the_pages_are_not_there() -> None:
    async with visiting(House()) as client:
        for path in ("/pro/psc", BACK):
            assert (await client.get(path)).status == 404
        answer = await client.get("/pro/psc/exercice", allow_redirects=False)
        assert answer.headers["Location"] == "/pro"
        assert "Pro Santé Connect</a>" not in await (await client.get("/pro")).text()


def test_every_reason_has_its_words() -> None:
    assert set(EXPLAINED) == set(Why)


HOSTILE = Path(__file__).resolve().parents[5] / "shared" / "corpus" / "hostile" / "auth"
TOKENS = {file.stem: file.read_text().strip() for file in sorted(HOSTILE.glob("*.jwt"))}


@pytest.mark.skipif(not TOKENS, reason="the shared corpus is not here")
@pytest.mark.parametrize("token", TOKENS.values(), ids=TOKENS)
async def test_a_hostile_token_opens_neither_the_pages_nor_fhir(token: str) -> None:
    home = PscHouse()
    home.peer.token = token
    async with visiting(home) as client:
        status, _, page = await tried(client, home.peer)
        assert (status, 'data-refusal="psc-' in page) == (401, True)
        bearer = {"Authorization": f"Bearer {token}"}
        assert (await client.get("/fhir/DocumentReference", headers=bearer)).status == 401
    assert home.sessions.kept == {}
