"""A service that is known by its key, and each way of being taken for it (RFC 7523, SMART 2)."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from catalogue_twins import GLYCO, REDIRECT, listed
from client_keys import SIGNING, assertion, by_key, jwk_of, rsa_key
from launching_app import VERIFIER, agree, basic, exchange, fhir, root, token
from vault_house import CLAIRE, Browser, House, key_of, sign_in, visiting

from gateway.records.catalogue.files import ServiceState

KEYED = replace(GLYCO, secret_sha256="", keys=(jwk_of(SIGNING), jwk_of(rsa_key())))
SECRETIVE = replace(GLYCO, id="autre", name="Autre")
Signed = Callable[..., dict[str, str]]


@asynccontextmanager
async def launched() -> AsyncIterator[tuple[House, Browser, str, Signed]]:
    """The house, a browser, a code that waits, and what signs the fields of a form."""
    house = House()
    for file in (KEYED, SECRETIVE):
        house.catalogue.kept[file.id] = listed(file)
    async with visiting(house) as client:
        await sign_in(client, house)
        answer = await agree(client, key_of(CLAIRE).hex(), "1", "2")
        assert answer.status == 303, answer.body

        def signed(form: dict[str, str] | None = None, **changes: Any) -> dict[str, str]:
            now = int(house.clock.now().timestamp())
            audience = changes.pop("aud", None) or f"{root(client)}/oauth/token"
            return by_key(assertion(audience, now, **changes)) | (form or {})

        yield house, client, answer.said["code"], signed


@pytest.mark.parametrize("key", [SIGNING, rsa_key()], ids=["ES384", "RS384"])
async def test_a_service_launches_refreshes_and_ends_by_its_key(key: Any) -> None:
    async with launched() as (_, client, code, signed):
        status, said = await exchange(client, code, headers={}, **signed(key=key))
        assert status == 200, said
        assert await fhir(client, said["access_token"], "Observation?code=2345-7") != 401
        ended = await client.post(
            "/oauth/revoke", data=signed({"token": said["access_token"]}, key=key)
        )
        assert ended.status == 200
        assert await fhir(client, said["access_token"], "Patient") == 401


async def test_an_assertion_opens_once() -> None:
    async with launched() as (house, client, code, signed):
        fields = signed(jti="une-fois")
        assert (await exchange(client, "faux", headers={}, **fields))[1]["error"] == "invalid_grant"
        assert (await exchange(client, code, headers={}, **fields))[0] == 401
        assert house.traces.rows[-1].trace.rule == "token-client-replay"
        again = signed(jti="une-fois")
        assert (await exchange(client, code, headers={}, **again))[0] == 401
        assert (await exchange(client, code, headers={}, **signed()))[0] == 200


STRANGERS: dict[str, dict[str, Any]] = {
    "another server": {"aud": "https://ailleurs.example/oauth/token"},
    "too old": {"exp": 0},
    "for a year": {"exp": 4_000_000_000},
    "another's key": {"key": rsa_key("cle-de-personne")},
    "an address of keys": {"header": {"jku": "https://evil.example/cles"}},
    "no name": {"jti": None},
    "of a service that shows a secret": {"iss": "autre", "sub": "autre"},
    "of a service that there is not": {"iss": "personne", "sub": "personne"},
    "of somebody for another": {"iss": "autre"},
    "another client beside it": {"form": {"client_id": "autre"}},
    "what is no token": {"form": {"client_assertion": "a.b.c"}},
    "nothing signed": {"form": {"client_assertion": ""}},
}


@pytest.mark.parametrize("case", STRANGERS)
async def test_who_is_not_proved_gets_one_answer_and_spends_nothing(case: str) -> None:
    async with launched() as (house, client, code, signed):
        fields = signed(**STRANGERS[case])
        assert await exchange(client, code, headers={}, **fields) == (
            401,
            {"error": "invalid_client"},
        )
        assert house.traces.rows[-1].trace.rule.startswith("token-client")
        assert (await exchange(client, code, headers={}, **signed()))[0] == 200


HALVES: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "a secret beside it": (basic(), {}),
    "another's secret beside it": (basic(name="autre"), {}),
    "a token beside it": ({"Authorization": "Bearer x"}, {}),
    "another type": ({}, {"client_assertion_type": "urn:ietf:params:oauth:saml2-bearer"}),
    "no type": ({}, {"client_assertion_type": ""}),
}


@pytest.mark.parametrize("case", HALVES)
async def test_two_ways_at_once_and_half_of_one_are_told_apart(case: str) -> None:
    headers, form = HALVES[case]
    async with launched() as (_, client, code, signed):
        status, said = await exchange(client, code, headers=headers, **signed(form))
        assert (status, said) == (400, {"error": "invalid_request"})


async def test_a_service_with_keys_never_comes_without() -> None:
    async with launched() as (_, client, code, _):
        public = await exchange(client, code, headers={}, client_id="glycosuivi")
        assert public == (401, {"error": "invalid_client"})
        for secret in ("", "un secret"):
            shown = await exchange(client, code, headers=basic(secret))
            assert shown == (401, {"error": "invalid_client"})


async def test_a_service_that_is_suspended_is_told_so_only_when_it_is_proved() -> None:
    async with launched() as (house, client, code, signed):
        house.catalogue.kept["glycosuivi"] = listed(KEYED, ServiceState.SUSPENDED)
        proved = await exchange(client, code, headers={}, **signed())
        assert proved == (403, {"error": "unauthorized_client"})
        stranger = signed(key=rsa_key("cle-de-personne"))
        assert (await exchange(client, code, headers={}, **stranger))[0] == 401


async def test_a_key_that_was_taken_out_of_the_file_opens_nothing_any_more() -> None:
    async with launched() as (house, client, code, signed):
        left = replace(KEYED, keys=(jwk_of(rsa_key()),))
        house.catalogue.kept["glycosuivi"] = listed(left)
        assert (await exchange(client, code, headers={}, **signed()))[0] == 401
        assert (await exchange(client, code, headers={}, **signed(key=rsa_key())))[0] == 200


async def test_where_host_alone_names_the_server_no_key_is_asked_for_or_taken() -> None:
    """What was signed for another server would open here, shown under that one's name."""
    elsewhere = {"Host": "evil.example"}
    async with launched() as (_, client, code, signed):
        told = await client.get("/.well-known/smart-configuration", headers=elsewhere)
        ways = (await told.json())["token_endpoint_auth_methods_supported"]
        assert ways == ["client_secret_basic", "none"]
        scheme = root(client).partition(":")[0]
        relayed = signed(aud=f"{scheme}://evil.example/oauth/token")
        form = {"grant_type": "authorization_code", "code": code, **relayed}
        assert (await token(client, form, headers=elsewhere))[0] == 401


async def test_where_the_address_is_set_a_key_proves_for_it_whatever_host_says() -> None:
    async with launched() as (house, client, code, signed):
        house.base_url = "https://coffre.example"
    async with visiting(house) as client:
        told = await client.get(
            "/.well-known/smart-configuration", headers={"Host": "evil.example"}
        )
        endpoint = (await told.json())["token_endpoint"]
        assert endpoint == "https://coffre.example/oauth/token"
        for audience, status in (("https://evil.example/oauth/token", 401), (endpoint, 200)):
            form = {
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": REDIRECT,
                "code_verifier": VERIFIER,
                **signed(aud=audience),
            }
            assert (await token(client, form, headers={"Host": "evil.example"}))[0] == status


async def test_what_is_offered_is_named_as_the_standard_does() -> None:
    async with launched() as (_, client, _, _):
        told = await (await client.get("/.well-known/smart-configuration")).json()
        ways = told["token_endpoint_auth_methods_supported"]
        assert ways == ["client_secret_basic", "private_key_jwt", "none"]
        assert told["token_endpoint_auth_signing_alg_values_supported"] == ["RS384", "ES384"]
        assert "client-confidential-asymmetric" in told["capabilities"]
