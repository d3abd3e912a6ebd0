"""Access tokens of the provider at `/fhir`: who comes in, and why the others do not."""

from dataclasses import replace
from typing import Any

import pytest
from joserfc.jwk import ECKey, RSAKey
from psc_peer import CABINET, HOSPITAL, RPPS, exercise, person, public, rsa, signed
from token_house import (
    API,
    AT,
    FINGERPRINT,
    G15,
    SEARCH,
    WHO,
    TokenHouse,
    access,
    agreed,
    asked,
    bearer,
)
from vault_house import CLAIRE, PRO_TOKEN, key_of, sign_in, visiting
from vault_twins import SENDER_TOKEN

from gateway.flows.signing_in.refusals import MAX_NOTED
from gateway.mapping.oidc.base64url import digest
from gateway.mapping.oidc.refusal import Why
from gateway.records.patients.account import AccountState, SenderAccount
from gateway.vault.fhir.readers import NOT_VERIFIED, SAID, SENDERS_READ


async def refused(house: TokenHouse, headers: dict[str, str], why: Why) -> str:
    """401 with a challenge and an OperationOutcome, traced without a patient; what it said."""
    async with visiting(house) as client:
        status, outcome, challenge = await asked(client, headers)
    assert (status, outcome["resourceType"]) == (401, "OperationOutcome")
    assert 'error="invalid_token"' in challenge
    assert house.reasons() == [f"token-{why}"]
    said: str = outcome["issue"][0]["diagnostics"]
    return said


async def test_the_bearer_of_a_token_reads_what_the_patient_agreed_to() -> None:
    house = agreed(TokenHouse())
    async with visiting(house) as client:
        status, bundle, _ = await asked(client, bearer())
        assert (status, bundle["total"]) == (200, 1)
        name = bundle["entry"][0]["resource"]["id"]
        body = await client.get(f"/fhir/Binary/{name}", headers=bearer())
        assert body.status == 200
    acts = [(one.trace.action, one.trace.actor, one.trace.door) for one in house.traces.rows]
    assert acts[0] == ("search", RPPS, "fhir")
    assert house.traces.rows[0].trace.organization == "Cabinet du Test"
    assert RPPS in {one.id for one in house.people.pros}


@pytest.mark.parametrize("key", [rsa(), ECKey.generate_key("P-256", {"kid": "e1", "use": "sig"})])
@pytest.mark.parametrize("typ", [None, "JWT", "at+jwt", "application/at+jwt"])
async def test_each_form_of_an_access_token_is_taken(key: RSAKey | ECKey, typ: str | None) -> None:
    house = agreed(TokenHouse())
    house.peer.published = public(key)
    header = {"typ": typ} if typ else {}
    token = signed(access(typ="Bearer"), key, **header)
    async with visiting(house) as client:
        assert (await asked(client, {"Authorization": f"bearer {token}"}))[0] == 200


async def test_a_token_that_does_not_say_who_is_asked_about_at_userinfo_once_a_minute() -> None:
    house = agreed(TokenHouse())
    token = signed(access(SubjectRole=None, SubjectNameID=None, SubjectRefPro=None))
    house.peer.access_token = token
    async with visiting(house) as client:
        for _ in range(3):
            status, bundle, _ = await asked(client, {"Authorization": f"Bearer {token}"})
            assert (status, bundle["total"]) == (200, 1)
    assert house.peer.persons == 1


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"aud": "other"}, Why.AUDIENCE),
        ({"aud": ["gateway", "other"]}, Why.AUDIENCE),
        ({"aud": None}, Why.AUDIENCE),
        ({"typ": "ID"}, Why.AUDIENCE),
        ({"typ": "Refresh"}, Why.AUDIENCE),
        ({"at_hash": "AAAA"}, Why.AUDIENCE),
        ({"iss": "https://other.test"}, Why.ISSUER),
        ({"exp": AT - 60}, Why.TIME),
        ({"exp": str(AT)}, Why.TIME),
        ({"nbf": AT + 61}, Why.TIME),
        ({"iat": AT + 61}, Why.TIME),
        ({"exp": 10**18}, Why.TIME),
        ({"acr": "eidas0"}, Why.ACR),
        ({"acr": None}, Why.ACR),
        ({"sub": None}, Why.CLAIM),
        ({"SubjectNameID": [RPPS]}, Why.CLAIM),
        ({"SubjectNameID": "3750000001"}, Why.PERSON),
        ({"SubjectRole": f"10^{G15}"}, Why.PROFESSION),
        ({"SubjectRole": ["99^" + G15]}, Why.PROFESSION),
        ({"SubjectRole": [f"10^{G15}", "ADMIN^x"]}, Why.PROFESSION),
        ({"cnf": {"kid": "x"}}, Why.BINDING),
        ({"cnf": {}}, Why.BINDING),
        ({"cnf": "x"}, Why.BINDING),
        ({"cnf": {"jkt": "of a key that is not shown"}}, Why.BINDING),
        ({"cnf": {"x5t#S256": digest(b"another")}}, Why.BINDING),
    ],
)
async def test_what_a_token_says_and_must_not(changes: dict[str, Any], why: Why) -> None:
    assert await refused(agreed(TokenHouse()), bearer(access(**changes)), why) == SAID[why]


@pytest.mark.parametrize(
    "token",
    [
        signed(access(), RSAKey.generate_key(2048, {"kid": "psc-1"})),
        signed(access(), kid="psc-unknown"),
        signed(access(), typ="dpop+jwt"),
        signed(access(), crit=["b64"], b64=True),
        signed(access(), jku="https://127.0.0.1:9/keys"),
        signed(access())[:-4] + "AAAA",
        signed(access()) + ".x",
        "opaque",
        "",
        "a" * 8_000,
    ],
)
async def test_a_forged_token_is_told_nothing_of_what_was_wrong(token: str) -> None:
    house = agreed(TokenHouse())
    async with visiting(house) as client:
        status, outcome, _ = await asked(client, {"Authorization": f"Bearer {token}"})
    assert (status, outcome["issue"][0]["diagnostics"]) == (401, NOT_VERIFIED)
    assert len(house.reasons()) == len(house.traces.rows) == 1


async def test_an_algorithm_that_this_provider_does_not_use_is_swapped() -> None:
    house = agreed(TokenHouse(api=replace(API, algorithms=("ES256",))))
    async with visiting(house) as client:
        assert (await asked(client, bearer()))[0] == 401
    assert house.reasons() == ["token-algorithm"]


async def test_two_roles_are_refused_until_one_is_named() -> None:
    two = access(SubjectRole=[f"10^{G15}", f"21^{G15}"], SubjectRefPro=None)
    said = await refused(agreed(TokenHouse()), bearer(two), Why.SITUATION)
    assert "profession=G15_10 or profession=G15_21" in said
    house = agreed(TokenHouse())
    async with visiting(house) as client:
        for wanted, status in (
            ("profession=G15_10", 200),
            ("profession=G15_21", 200),
            ("profession=G15_60", 401),
            ("profession=G15_10, profession=G15_10", 401),
            ("couleur=rouge", 401),
            ("profession", 401),
            ("X" * 5000, 401),
        ):
            assert (await asked(client, bearer(two) | {"Exercice": wanted}))[0] == status
    read = [one.trace.profession for one in house.traces.rows if one.trace.permitted]
    assert read[:1] == ["G15_10"]


async def test_a_structure_is_named_where_a_doctor_works_in_two() -> None:
    both = access(SubjectRefPro=person(exercise(CABINET, HOSPITAL))["SubjectRefPro"])
    house = agreed(TokenHouse())
    async with visiting(house) as client:
        status, outcome, _ = await asked(client, bearer(both))
        assert (status, "structure=1750000002" in str(outcome)) == (401, True)
        named = bearer(both) | {"Exercice": "structure=1750000002"}
        assert (await asked(client, named))[0] == 200
    assert house.traces.rows[-1].trace.organization == "Hôpital du Test"


async def test_no_header_of_ones_own_is_believed() -> None:
    house = agreed(TokenHouse())
    async with visiting(house) as client:
        for name, value in (
            ("X-Remote-User", RPPS),
            ("X-User", RPPS),
            ("X-SubjectNameID", RPPS),
            ("X-Access-Token", signed(access())),
            ("X-SSL-Client-Cert", "MIIB"),
            ("X-Forwarded-For", "127.0.0.1"),
            ("Exercice", "profession=G15_10"),
        ):
            status, _, challenge = await asked(client, {name: value})
            assert (status, challenge.startswith('Bearer realm="fhir"')) == (401, True)
        trace = (await asked(client, bearer() | {"X-Forwarded-For": "8.8.8.8"}), house.traces.rows)
    assert trace[1][-1].trace.address == "127.0.0.1"


async def test_a_token_wins_over_a_session_and_two_tokens_are_none() -> None:
    house = agreed(TokenHouse())
    async with visiting(house) as client:
        await sign_in(client, house)
        status, _, _ = await asked(client, bearer(access(aud="other")))
        assert status == 401
        twice = [("Authorization", bearer()["Authorization"])] * 2
        assert (await client.get(SEARCH, params=WHO, headers=twice)).status == 401
        basic = {"Authorization": "Basic YTpi"}
        assert (await asked(client, basic))[0] == 401


async def test_a_provider_that_is_silent_is_said_to_be_and_no_refusal() -> None:
    house = agreed(TokenHouse())
    house.peer.silent = True
    token = signed(access(SubjectRole=None))
    async with visiting(house) as client:
        answer = await client.get(SEARCH, params=WHO, headers={"Authorization": f"Bearer {token}"})
        assert (answer.status, answer.headers["Retry-After"]) == (503, "30")
    assert house.reasons() == []


async def test_keys_are_asked_for_again_for_an_unknown_kid_only() -> None:
    house = agreed(TokenHouse())
    house.peer.rotated = public(rsa("psc-next"))
    async with visiting(house) as client:
        next_one = {"Authorization": f"Bearer {signed(access(), rsa('psc-next'))}"}
        assert (await asked(client, next_one))[0] == 200
        assert house.peer.fresh == 1
        assert (await asked(client, bearer()))[0] == 200
        assert house.peer.fresh == 1


async def test_refused_tries_are_written_down_but_do_not_fill_the_log() -> None:
    house = agreed(TokenHouse())
    async with visiting(house) as client:
        for _ in range(MAX_NOTED):
            assert (await asked(client, bearer(access(aud="other"))))[0] == 401
        answer = await client.get(SEARCH, headers=bearer(access(aud="other")))
        assert (answer.status, answer.headers["Retry-After"]) == (429, "60")
        assert (await asked(client, bearer()))[0] == 200
        house.clock.at = house.clock.at.replace(minute=house.clock.at.minute + 1)
        assert (await asked(client, bearer(access(aud="other"))))[0] == 401
    assert len(house.reasons()) == MAX_NOTED + 1


async def test_the_space_that_was_closed_is_an_empty_record_to_a_good_token() -> None:
    house = agreed(TokenHouse())
    key = key_of(CLAIRE)
    house.people.persons[key] = replace(house.people.persons[key], state=AccountState.CLOSED)
    async with visiting(house) as client:
        status, bundle, _ = await asked(client, bearer())
        assert (status, bundle["total"]) == (200, 0)
        document = next(iter(house.shelf.shelved))
        answer = await client.get(f"/fhir/DocumentReference/{document}", headers=bearer())
        assert answer.status == 404
    assert {one.trace.rule for one in house.traces.rows} == {"F10"}


async def test_a_system_by_certificate_is_what_it_is_by_token() -> None:
    house = agreed(TokenHouse())
    by_token: Any = None
    async with visiting(house) as client:
        by_token = await asked(client, {"Authorization": f"Bearer {SENDER_TOKEN}"})
    house.people.certificates[FINGERPRINT] = SenderAccount(name="labo", certificate=FINGERPRINT)
    house.certificate = FINGERPRINT
    async with visiting(house) as client:
        await sign_in(client, house)
        assert await asked(client, {}) == by_token
        assert (await asked(client, bearer()))[0] == 200
        assert (await asked(client, {"Authorization": f"Bearer {PRO_TOKEN}"}))[0] == 200
        assert (await client.get("/fhir/metadata")).status == 200
    assert by_token[0] == 403
    assert by_token[1]["issue"][0]["diagnostics"] == SENDERS_READ
    assert house.reasons() == ["token-system", "token-system"]


async def test_a_disabled_system_is_nobody() -> None:
    house = agreed(TokenHouse())
    house.people.certificates[FINGERPRINT] = SenderAccount(name="labo", disabled=True)
    house.certificate = FINGERPRINT
    async with visiting(house) as client:
        assert (await asked(client, {}))[0] == 401


def test_every_reason_has_its_words() -> None:
    assert set(SAID) == set(Why)
    assert not any(set(said) & set('"\\') for said in SAID.values())
