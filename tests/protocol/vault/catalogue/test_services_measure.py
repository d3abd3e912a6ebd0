"""What a service measures comes in and is counted, and never goes back to it (APP-05, APP-06)."""

from dataclasses import replace
from typing import Any

import pytest
from catalogue_twins import GLYCO, listed
from launching_app import agree, exchange
from measures_doors import FHIR, SEARCH, bundle, found, glucose, sent, whole
from vault_house import CLAIRE, Browser, House, key_of, sign_in

from gateway.records.readers.switches import Switch, Switches

SCOPES = "patient/Observation.rs?code=http://loinc.org|2345-7", "patient/Observation.c"
READ, WRITE = "0", "1"
DEVICE = {"resourceType": "Device", "id": "d", "deviceName": [{"name": "Mon lecteur"}]}
MEASURES = "Mesures et résultats : {read} lus, {written} écrits"


def furnished(*scopes: str) -> House:
    """With a service to which so much may be given, SCOPES unless others are named."""
    house = House()
    house.switches = replace(Switches(), application_reading=Switch(before=True))
    house.catalogue.kept["glycosuivi"] = listed(replace(GLYCO, scopes=scopes or SCOPES))
    return house


async def launched(
    client: Browser, house: House, *ticked: str, scope: str = " ".join(SCOPES)
) -> dict[str, str]:
    """The headers of a service that Claire gave these boxes."""
    await sign_in(client, house)
    answer = await agree(client, key_of(CLAIRE).hex(), *ticked, scope=scope)
    _, told = await exchange(client, answer.said["code"])
    return FHIR | {"Authorization": f"Bearer {told['access_token']}"}


async def searched(client: Browser, headers: dict[str, str]) -> list[Any]:
    answer = await client.get(f"{SEARCH}&code=http://loinc.org|2345-7", headers=headers)
    told = await answer.json()
    assert answer.status == 200, told
    entries = [one["resource"] for one in told.get("entry", [])]
    assert told["total"] == len(entries)
    return entries


async def counted(client: Browser) -> str:
    return await (await client.get("/parametres/services")).text()


async def test_a_service_is_told_what_others_measured_and_not_what_it_sent_itself() -> None:
    house = furnished()
    async with whole(house) as client:
        service = await launched(client, house, READ, WRITE)
        answer = await client.post("/fhir/Observation", json=glucose(112), headers=service)
        assert answer.status == 201
        own = answer.headers["Location"]
        await sent(client, glucose(98, "2026-03-11T07:00:00+01:00"))
        assert len(await found(client)) == 2  # Claire sees both
        (other,) = await searched(client, service)
        assert other["valueQuantity"]["value"] == 98
        assert (await client.get(own, headers=service)).status == 404
        place = f"/fhir/Observation/{other['id']}"
        assert (await client.get(place, headers=service)).status == 200
        assert (await client.get(own)).status == 200
        assert MEASURES.format(read=2, written=1) in await counted(client)


@pytest.mark.parametrize(
    ("letters", "code", "listed_as", "opened_as"),
    [("s", "2345-7", 200, 403), ("r", "2345-7", 403, 200), ("r", "29463-7", 403, 403)],
    ids=["a list alone", "one alone", "one of another code"],
)
async def test_a_service_reads_by_the_letter_and_the_code_that_it_was_given(
    letters: str, code: str, listed_as: int, opened_as: int
) -> None:
    house = furnished("patient/Observation.rs")
    async with whole(house) as client:
        given = f"patient/Observation.{letters}?code=http://loinc.org|{code}"
        service = await launched(client, house, READ, scope=given)
        await sent(client, glucose(98))
        (one,) = await found(client)
        answer = await client.get(f"{SEARCH}&code=http://loinc.org|2345-7", headers=service)
        assert answer.status == listed_as
        place = f"/fhir/Observation/{one['id']}"
        assert (await client.get(place, headers=service)).status == opened_as


async def test_what_comes_again_is_not_counted_as_written() -> None:
    house = furnished()
    async with whole(house) as client:
        service = await launched(client, house, WRITE)
        for value, status in ((112, 201), (112, 200), (113, 201)):
            assert (await sent(client, glucose(value), headers=service))[0] == status
        assert MEASURES.format(read=0, written=2) in await counted(client)
    acts = [row.trace for row in house.traces.rows if row.trace.action == "service-wrote"]
    assert [b'"count":1' in one.details for one in acts] == [True, False, True]


async def test_a_service_sends_its_measures_with_their_device_in_one_bundle() -> None:
    """MEA-09 under the scope of APP-04; it was refused as if it were no Observation."""
    house = furnished()
    async with whole(house) as client:
        service = await launched(client, house, WRITE)
        two = (glucose(112), glucose(98, "2026-03-11T07:00:00+01:00"))
        status, told = await sent(client, bundle(DEVICE, *two), "/fhir", headers=service)
        assert (status, told["type"]) == (200, "transaction-response")
        assert len(house.entries.kept) == 2
        assert MEASURES.format(read=0, written=2) in await counted(client)
        assert "Bundle" not in await counted(client)


@pytest.mark.parametrize("path", ["/fhir", "/fhir/Observation", "/fhir/DocumentReference"])
async def test_a_service_that_may_not_write_is_told_that_its_scope_is_too_small(path: str) -> None:
    """RFC 6750, 3.1; the resource server says so at both of its doors."""
    house = furnished()
    async with whole(house) as client:
        service = await launched(client, house, READ)
        body = bundle(DEVICE, glucose()) if path == "/fhir" else glucose()
        answer = await client.post(path, json=body, headers=service)
        assert answer.status == 403
        assert 'error="insufficient_scope"' in answer.headers["WWW-Authenticate"]
        answer = await client.get("/fhir/Condition?patient=x", headers=service)
        assert answer.status == 403
        assert 'error="insufficient_scope"' in answer.headers["WWW-Authenticate"]
        assert house.entries.kept == {}


async def test_a_token_of_nobody_is_told_apart_from_none() -> None:
    async with whole(furnished()) as client:
        answer = await client.post("/fhir/Observation", json=glucose(), headers=FHIR)
        assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
        headers = FHIR | {"Authorization": "Bearer personne"}
        answer = await client.post("/fhir/Observation", json=glucose(), headers=headers)
        assert answer.status == 401
        assert answer.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'


async def test_an_answer_with_tokens_is_kept_by_nobody_on_the_way() -> None:
    """RFC 6749, 5.1; SMART App Launch 2, "Obtain access token"."""
    async with whole(furnished()) as client:
        answer = await client.post("/oauth/token", data={"grant_type": "x"})
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Pragma"] == "no-cache"
