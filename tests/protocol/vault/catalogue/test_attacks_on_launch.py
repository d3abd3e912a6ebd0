"""Each known attack on a launch, and what stands against it (SECURITY section 2, RFC 9700)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from catalogue_twins import GLYCO, REDIRECT, listed
from launching_app import (
    ASKED,
    agree,
    ask,
    basic,
    exchange,
    fhir,
    query,
    root,
    token,
)
from vault_house import CLAIRE, Browser, House, key_of, sign_in, visiting

PUBLIC = replace(GLYCO, id="carnet-libre", name="Carnet libre", secret_sha256="")
OTHER = replace(GLYCO, id="autre", name="Autre", secret_sha256=GLYCO.secret_sha256)


def furnished() -> House:
    house = House()
    for file in (GLYCO, PUBLIC, OTHER):
        house.catalogue.kept[file.id] = listed(file)
    return house


async def code_of(client: Browser, **changes: str) -> str:
    answer = await agree(client, key_of(CLAIRE).hex(), "1", **changes)
    assert answer.status == 303, answer.body
    return answer.said["code"]


NOWHERE = {
    "one letter of the address of return": {"redirect_uri": REDIRECT.replace("retour", "retouR")},
    "more behind the address of return": {"redirect_uri": REDIRECT + "/x"},
    "another query of the address of return": {"redirect_uri": REDIRECT + "?a=b"},
    "another host": {"redirect_uri": "https://glycosuivi.example.evil/retour"},
    "no address of return": {"redirect_uri": ""},
    "no client": {"client_id": ""},
}


@pytest.mark.parametrize("case", NOWHERE)
async def test_nothing_is_ever_sent_where_nobody_is_proved(case: str) -> None:
    """Open redirect: the person alone is told."""
    async with visiting(furnished()) as client:
        answer = await ask(client, **NOWHERE[case])
        assert (answer.status, answer.place) in ((400, ""), (403, "")), answer
        assert "glycosuivi.example" not in answer.body


TOLD = {
    "plain PKCE": ({"code_challenge_method": "plain"}, "invalid_request"),
    "no PKCE": ({"code_challenge": "", "code_challenge_method": ""}, "invalid_request"),
    "a challenge that is none": ({"code_challenge": "x" * 42}, "invalid_request"),
    "no state": ({"state": ""}, "invalid_request"),
    "a token at once": ({"response_type": "token"}, "unsupported_response_type"),
    "another server": ({"aud": "https://ailleurs.example/fhir"}, "invalid_request"),
    "no server": ({"aud": ""}, "invalid_request"),
    "no scope": ({"scope": ""}, "invalid_scope"),
    "a scope that is not registered": ({"scope": "patient/Condition.rs"}, "invalid_scope"),
    "a letter more": ({"scope": "patient/Observation.cu"}, "invalid_scope"),
    "a limit less": ({"scope": "patient/Observation.rs"}, "invalid_scope"),
    "everything": ({"scope": "patient/*.cruds"}, "invalid_scope"),
    "of a user": ({"scope": "user/Observation.rs"}, "invalid_scope"),
    "the log": ({"scope": "patient/AuditEvent.rs"}, "invalid_scope"),
    "one good and one bad": ({"scope": f"{ASKED} patient/Consent.r"}, "invalid_scope"),
}


@pytest.mark.parametrize("case", TOLD)
async def test_what_is_asked_badly_is_told_to_the_client_with_who_says_so(case: str) -> None:
    changes, error = TOLD[case]
    async with visiting(furnished()) as client:
        answer = await ask(client, **changes)
        assert answer.status == 303
        assert answer.place.startswith(REDIRECT + "?")
        assert answer.said["error"] == error
        assert answer.said["iss"] == root(client)
        assert answer.said.get("state", "") == changes.get("state", "tat-1")


async def test_a_parameter_that_is_said_twice_is_refused() -> None:
    async with visiting(furnished()) as client:
        twice = await client.get(
            f"/autoriser?{query(client)}&redirect_uri=https://evil.example", allow_redirects=False
        )
        assert (twice.status, twice.headers.get("Location")) == (400, None)
        scopes = await client.get(
            f"/autoriser?{query(client)}&scope=patient/Patient.r", allow_redirects=False
        )
        assert "error=invalid_request" in scopes.headers["Location"]


async def test_a_form_of_another_site_or_browser_agrees_to_nothing() -> None:
    """CSRF: the form bears the token of the browser that it was shown to."""
    house = furnished()
    async with visiting(house) as client:
        await sign_in(client, house)
        forged = await agree(client, key_of(CLAIRE).hex(), "1", jeton="x" * 43)
        assert forged.status == 403
        answer = await client.post(
            "/autoriser",
            data={"demande": query(client), "decision": "oui", "scope": "1"},
            headers={"Sec-Fetch-Site": "cross-site"},
            allow_redirects=False,
        )
        assert answer.status == 403
    assert house.launches.tokens == {}


async def test_the_page_of_consent_is_framed_by_nobody_and_leads_to_its_client_only() -> None:
    """Clickjacking; and no code stands in an address that another page is told (Referer)."""
    house = furnished()
    async with visiting(house) as client:
        await sign_in(client, house)
        answer = await client.get(f"/autoriser?{query(client)}")
        policy = answer.headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in policy
        assert "form-action 'self' https://glycosuivi.example" in policy
        assert "script-src 'self'" in policy
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"


async def test_the_answer_says_who_gave_it_so_that_no_other_server_is_asked() -> None:
    """Mix-up (RFC 9207); `state` comes back as it was said."""
    house = furnished()
    async with visiting(house) as client:
        await sign_in(client, house)
        answer = await agree(client, key_of(CLAIRE).hex(), "1")
        assert answer.said["iss"] == root(client)
        assert answer.said["state"] == "tat-1"
        told = await (await client.get("/.well-known/smart-configuration")).json()
        assert told["issuer"] == answer.said["iss"]
        assert told["authorization_response_iss_parameter_supported"] is True
        assert "access_token" not in answer.place
        assert "#" not in answer.place


BOUND = {
    "another verifier": {"code_verifier": "w" * 43},
    "a verifier that is too short": {"code_verifier": "v" * 42},
    "no verifier": {"code_verifier": ""},
    "another address of return": {"redirect_uri": "app.glycosuivi:/retour"},
    "another code": {"code": "x" * 43},
}


@pytest.mark.parametrize("case", BOUND)
async def test_a_code_is_bound_to_its_request(case: str) -> None:
    """Code injection: who took a code has not what the client kept."""
    house = furnished()
    async with visiting(house) as client:
        await sign_in(client, house)
        code = await code_of(client)
        changes = {"code": code} | BOUND[case]
        status, told = await exchange(client, changes.pop("code"), headers=None, **changes)
        assert status == 400
        assert told["error"] in ("invalid_grant", "invalid_request")
        assert "access_token" not in told


async def test_a_code_of_one_client_is_nothing_to_another_and_still_its_own() -> None:
    house = furnished()
    async with visiting(house) as client:
        await sign_in(client, house)
        code = await code_of(client)
        status, told = await exchange(client, code, headers=basic(name="autre"))
        assert (status, told["error"]) == (400, "invalid_grant")
        assert (await exchange(client, code))[0] == 200


async def test_a_code_that_is_shown_twice_ends_what_came_of_it() -> None:
    house = furnished()
    async with visiting(house) as client:
        await sign_in(client, house)
        code = await code_of(client)
        _, told = await exchange(client, code)
        assert await fhir(client, told["access_token"], "Observation") == 403  # known
        assert (await exchange(client, code))[0] == 400
        assert await fhir(client, told["access_token"], "Observation") == 401
    assert house.traces.rows[-2].trace.action == "service-token-reused"


@pytest.mark.parametrize(("seconds", "status"), [(59, 200), (60, 400)])
async def test_a_code_lives_a_minute(seconds: int, status: int) -> None:
    house = furnished()
    async with visiting(house) as client:
        await sign_in(client, house)
        code = await code_of(client)
        house.clock.at += timedelta(seconds=seconds)
        assert (await exchange(client, code))[0] == status


async def test_a_refresh_token_changes_and_the_former_shown_again_ends_all() -> None:
    house = furnished()
    async with visiting(house) as client:
        await sign_in(client, house)
        code = await code_of(client, scope=f"{ASKED} offline_access")
        _, first = await exchange(client, code)
        form = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
        status, second = await token(client, form)
        assert status == 200
        assert second["refresh_token"] != first["refresh_token"]
        assert (await token(client, form, headers=basic(name="autre")))[0] == 400
        assert (await token(client, form))[0] == 400  # stolen once
        assert await fhir(client, second["access_token"], "Observation") == 401
        later = form | {"refresh_token": second["refresh_token"]}
        assert (await token(client, later))[0] == 400


async def test_a_client_that_has_a_secret_shows_it_and_nobody_else_needs_one() -> None:
    house = furnished()
    async with visiting(house) as client:
        await sign_in(client, house)
        code = await code_of(client)
        for headers in ({}, basic("autre secret"), basic(name="inconnu"), basic("")):
            status, told = await exchange(client, code, headers=headers, client_id="glycosuivi")
            assert (status, told["error"]) == (401, "invalid_client")
        code = await code_of(client, client_id="carnet-libre")
        status, _ = await exchange(client, code, headers=basic(name="carnet-libre"))
        assert status == 401  # a public client has none to show
        status, told = await exchange(client, code, headers={}, client_id="carnet-libre")
        assert (status, told["token_type"]) == (200, "Bearer")


async def test_a_token_in_an_address_or_a_cookie_opens_nothing() -> None:
    house = furnished()
    async with visiting(house) as client:
        await sign_in(client, house)
        _, told = await exchange(client, await code_of(client))
    async with visiting(house) as other:
        access = told["access_token"]
        for address in (f"Observation?access_token={access}", f"Observation?token={access}"):
            assert (await other.get(f"/fhir/{address}")).status == 401
        other.session.cookie_jar.update_cookies({"session": access})
        assert (await other.get("/fhir/Observation")).status == 401
        assert (await other.get("/documents", allow_redirects=False)).status == 303
        for path in ("/oauth/token", "/oauth/revoke"):
            assert (await other.get(path)).status == 405


async def test_a_refresh_token_or_a_code_is_no_access_token() -> None:
    house = furnished()
    async with visiting(house) as client:
        await sign_in(client, house)
        code = await code_of(client, scope=f"{ASKED} offline_access")
        assert await fhir(client, code, "Observation") == 401
        _, told = await exchange(client, code)
        assert await fhir(client, told["refresh_token"], "Observation") == 401
        wrong = {"grant_type": "refresh_token", "refresh_token": told["access_token"]}
        assert (await token(client, wrong))[0] == 400
        assert await fhir(client, told["access_token"], "Observation") == 403  # lives still


async def test_a_client_gives_its_tokens_back() -> None:
    house = furnished()
    async with visiting(house) as client:
        await sign_in(client, house)
        _, told = await exchange(client, await code_of(client))
        mine = {"token": told["access_token"]}
        other = await client.post("/oauth/revoke", data=mine, headers=basic(name="autre"))
        assert other.status == 200  # RFC 7009, 2.2: nothing is told
        assert await fhir(client, told["access_token"], "Observation") == 403
        assert (await client.post("/oauth/revoke", data=mine, headers=basic())).status == 200
        assert await fhir(client, told["access_token"], "Observation") == 401


BAD_FORMS = {
    "no grant": ({}, "invalid_request"),
    "a password": ({"grant_type": "password", "username": "claire"}, "unsupported_grant_type"),
    "the client itself": ({"grant_type": "client_credentials"}, "unsupported_grant_type"),
}


@pytest.mark.parametrize("case", BAD_FORMS)
async def test_no_other_way_to_a_token(case: str) -> None:
    form, error = BAD_FORMS[case]
    async with visiting(furnished()) as client:
        status, told = await token(client, form or {"x": "y"})
        assert (status, told["error"]) == (400, error)
        answer = await client.post("/oauth/token", json={"grant_type": "x"}, headers=basic())
        assert answer.status == 400


async def test_a_form_that_is_sent_twice_gives_the_code_that_the_browser_ends_with() -> None:
    """The first answer is never followed: its code is dead, and what stands is one agreement."""
    house = furnished()
    async with visiting(house) as client:
        await sign_in(client, house)
        first, second = await code_of(client), await code_of(client)
        assert (await exchange(client, first))[0] == 400
        assert (await exchange(client, second))[0] == 200
    assert len(house.launches.counted) == 1
