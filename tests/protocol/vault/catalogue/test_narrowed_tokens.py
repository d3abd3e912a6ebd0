"""A client asks less for one access token than the patient gave (RFC 6749, 6)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from catalogue_twins import GLYCO, listed
from launching_app import agree, basic, exchange, fhir, token
from vault_house import CLAIRE, Browser, House, key_of, post, sign_in, visiting

from gateway.records.readers.switches import Switch, Switches

OBSERVE, PERSON = "patient/Observation.c", "patient/Patient.rs"
MINE = f"Patient/{key_of(CLAIRE).hex()}"
FOUND = f"Patient?identifier=urn:oid:{CLAIRE.ins_oid}|{CLAIRE.ins}"


@asynccontextmanager
async def launched(*others: str) -> AsyncIterator[tuple[House, Browser, str]]:
    """A service that was given both scopes, and its refresh token."""
    house = House()
    house.switches = replace(Switches(), application_reading=Switch(before=True))
    file = replace(GLYCO, scopes=(OBSERVE, PERSON, *others))
    for name in ("glycosuivi", "autre"):
        house.catalogue.kept[name] = listed(replace(file, id=name))
    async with visiting(house) as client:
        await sign_in(client, house)
        asked = f"{OBSERVE} {PERSON} offline_access"
        agreed = await agree(client, key_of(CLAIRE).hex(), "0", "1", scope=asked)
        status, told = await exchange(client, agreed.said["code"])
        assert status == 200, told
        yield house, client, told["refresh_token"]


def again(refresh: str, scope: str) -> dict[str, str]:
    return {"grant_type": "refresh_token", "refresh_token": refresh, "scope": scope}


async def test_a_narrowed_token_has_its_part_and_the_next_one_all_again() -> None:
    async with launched() as (_, client, refresh):
        status, less = await token(client, again(refresh, "patient/Patient.r"))
        assert (status, less["scope"]) == (200, "patient/Patient.r offline_access")
        assert await fhir(client, less["access_token"], MINE) == 200
        assert await fhir(client, less["access_token"], FOUND) == 403
        status, more = await token(client, again(less["refresh_token"], ""))
        assert (status, set(more["scope"].split())) == (200, {OBSERVE, PERSON, "offline_access"})
        assert await fhir(client, more["access_token"], FOUND) == 200
        assert await fhir(client, less["access_token"], FOUND) == 403


BEYOND = {
    "a letter more": "patient/Observation.crs",
    "a kind more, registered and not given": "patient/Immunization.rs",
    "one good and one bad": f"{PERSON} patient/Consent.r",
    "no data": "offline_access launch/patient",
    "the words of ACCESS": "read sync",
    "too many": " ".join(f"patient/Patient.r?code={at}" for at in range(51)),
}


@pytest.mark.parametrize("scope", BEYOND.values(), ids=BEYOND)
async def test_what_is_beyond_the_gift_is_refused_traced_and_spends_nothing(scope: str) -> None:
    async with launched("patient/Immunization.rs") as (house, client, refresh):
        status, told = await token(client, again(refresh, scope))
        assert (status, told) == (400, {"error": "invalid_scope"})
        last = house.traces.rows[-1].trace
        assert (last.action, last.permitted, last.patient) == (
            "service-refused",
            False,
            key_of(CLAIRE),
        )
        assert (await token(client, again(refresh, PERSON)))[0] == 200


async def test_a_bad_scope_tells_nothing_of_a_token_that_is_anothers_or_spent() -> None:
    async with launched() as (_, client, refresh):
        bad = again(refresh, "patient/Observation.crs")
        answer = await token(client, bad, headers=basic(name="autre"))
        assert answer == (400, {"error": "invalid_grant"})
        _, told = await token(client, again(refresh, PERSON))
        assert await token(client, bad) == (400, {"error": "invalid_grant"})
        assert await fhir(client, told["access_token"], MINE) == 401  # stolen once


async def test_a_scope_that_is_taken_back_is_asked_anew_in_vain() -> None:
    async with launched() as (_, client, refresh):
        fields = {"service": "glycosuivi", "scope": PERSON}
        page = "/parametres/services"
        assert (await post(client, page, f"{page}/retrait", **fields))[0] == 303
        assert (await token(client, again(refresh, PERSON)))[1] == {"error": "invalid_scope"}
        status, told = await token(client, again(refresh, OBSERVE))
        assert (status, told["scope"]) == (200, f"{OBSERVE} offline_access")
