"""Measures by FHIR: of an application, of the patient's own session, and out again (MEA-09)."""

from typing import Any

import pytest
from measures_doors import BY_APPLICATION, FHIR, GLYCO, WHO, bundle, found, glucose, sent, whole
from vault_house import CLAIRE, MARC, House, key_of, sign_in


async def test_a_glucometer_sends_112_twice_and_there_is_one_value() -> None:
    house = House()
    async with whole(house) as client:
        device = {"resourceType": "Device", "id": "d", "deviceName": [{"name": "Mon lecteur"}]}
        moment = {
            "url": "https://exemple.test/mesures-moment-of-measurement",
            "valueCodeableConcept": {"coding": [{"code": "53049-3"}]},
        }
        one = glucose(device={"reference": "Device/d"}, extension=[moment])
        for made in ("201 Created", "200 OK"):
            status, told = await sent(client, bundle(device, one), "/fhir", headers=BY_APPLICATION)
            assert status == 200
            assert told["entry"][1]["response"]["status"] == made
        assert len(house.entries.kept) == 1
        await sign_in(client, house)
        (out,) = await found(client, "&code=2345-7&category=vital-signs&date=ge2026-03-01")
        assert out["valueQuantity"]["value"] == 112
        assert out["meta"]["source"] == f"Device/{GLYCO}"
        assert out["device"] == {"display": "Mon lecteur"}
        text = await (await client.get("/mesures/2345-7")).text()
        assert "GlycoSuivi, application" in text
        assert "à jeun" in text
        assert "/modifier" not in text  # hidden or removed by the patient, not changed
        traced = [one for one in house.traces.rows if one.trace.action == "entries-synchronised"]
        assert len(traced) == 2


async def test_the_patients_own_session_writes_and_reads_an_observation() -> None:
    house = House()
    async with whole(house) as client:
        assert (await sent(client, glucose()))[0] == 401
        await sign_in(client, house)
        answer = await client.post("/fhir/Observation", json=glucose(), headers=FHIR)
        assert answer.status == 201
        place = answer.headers["Location"]
        (out,) = await found(client, "&code=http://loinc.org|2345-7")
        assert place == f"/fhir/Observation/{out['id']}"
        assert (await (await client.get(place)).json())["id"] == out["id"]
        assert await found(client, "&code=29463-7") == []
        assert await found(client, "&category=laboratory") == []
        assert await found(client, "&date=lt2026-01-01") == []
        own = {"reference": f"Patient/{key_of(CLAIRE).hex()}"}
        assert (await sent(client, glucose(value=113, subject=own)))[0] == 201
        assert len(await found(client)) == 2


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (glucose(value=9000), 422, "measure-outside"),
        (glucose(subject={"identifier": WHO | {"value": MARC.ins}}), 404, "denied"),
        (glucose(subject={"reference": f"Patient/{key_of(MARC).hex()}"}), 404, "denied"),
        (bundle(glucose(), glucose(value=9000)), 422, "measure-outside"),
        ({"resourceType": "Basic"}, 403, "denied"),
    ],
)
async def test_what_cannot_be_taken_leaves_nothing(body: Any, status: int, code: str) -> None:
    house = House()
    async with whole(house) as client:
        await sign_in(client, house)
        path = "/fhir" if body["resourceType"] == "Bundle" else f"/fhir/{body['resourceType']}"
        got, told = await sent(client, body, path)
        assert (got, told["issue"][0]["details"]["text"]) == (status, code)
        assert house.entries.kept == {}


async def test_nobody_reads_the_measures_of_another_by_fhir() -> None:
    house = House()
    async with whole(house) as client, whole(house) as other:
        await sign_in(client, house)
        await sent(client, glucose())
        (out,) = await found(client)
        await sign_in(other, house, "marc81durand")
        assert await found(other) == []
        assert (await other.get(f"/fhir/Observation/{out['id']}")).status == 404
        assert (await other.get("/fhir/Observation/m-nothing")).status == 404


async def test_another_site_cannot_write_with_a_session() -> None:
    house = House()
    async with whole(house) as client:
        await sign_in(client, house)
        headers = FHIR | {"Sec-Fetch-Site": "cross-site"}
        assert (await sent(client, glucose(), headers=headers))[0] == 401
        assert house.entries.kept == {}
