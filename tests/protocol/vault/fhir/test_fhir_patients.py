"""Patient by `/fhir`: whose record it is, for those to whom it is open."""

from typing import Any

import pytest
from aiohttp.test_utils import TestClient
from aiohttp.web import Application, Request
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.patient import Patient
from vault_house import CLAIRE, INS_TEST, MARC, PRO_TOKEN, House, key_of, sign_in, visiting

PRO = {"Authorization": f"Bearer {PRO_TOKEN}"}
PATIENTS = "/fhir/Patient"
Client = TestClient[Request, Application]


def named(ins: str | None) -> dict[str, str]:
    return {"identifier": f"urn:oid:{INS_TEST}|{ins}"}


async def found(client: Client, asked: dict[str, str], **headers: str) -> list[dict[str, Any]]:
    answer = await client.get(PATIENTS, params=asked, headers=headers)
    assert answer.status == 200, await answer.text()
    bundle = await answer.json()
    Bundle.model_validate(bundle)
    entries = [entry["resource"] for entry in bundle.get("entry", [])]
    assert bundle["total"] == len(entries)
    return entries


async def test_a_record_that_is_open_is_found_by_ins_and_its_documents_by_its_id() -> None:
    house = House()
    name = house.add("Bilan")
    async with visiting(house) as client:
        (made,) = await found(client, named(CLAIRE.ins), **PRO)
        Patient.model_validate(made)
        assert made["identifier"][0]["value"] == CLAIRE.ins
        assert made["name"] == [{"use": "official", "family": "DURAND", "given": ["Claire"]}]
        assert (made["gender"], made["birthDate"]) == ("female", "1984-03-12")
        assert await found(client, {"_id": made["id"]}, **PRO) == [made]
        read = await client.get(f"{PATIENTS}/{made['id']}", headers=PRO)
        assert await read.json() == made
        held = PRO | {"If-None-Match": read.headers["ETag"]}
        assert (await client.get(f"{PATIENTS}/{made['id']}", headers=held)).status == 304
        for whose in (made["id"], f"Patient/{made['id']}"):
            asked = {"patient": whose}
            answer = await client.get("/fhir/DocumentReference", params=asked, headers=PRO)
            assert [one["resource"]["id"] for one in (await answer.json())["entry"]] == [name]


async def test_who_may_not_read_a_record_finds_nobody() -> None:
    house = House()
    house.add("Bilan", owner=MARC)
    async with visiting(house) as client:
        answers = []
        for ins in (MARC.ins, "1" * 15):
            assert await found(client, named(ins), **PRO) == []
        for key in (key_of(MARC).hex(), "00" * 16, "ab", "no key", "é"):
            answer = await client.get(f"{PATIENTS}/{key}", headers=PRO)
            answers.append((answer.status, await answer.read()))
        assert set(answers) == {answers[0]}
        assert answers[0][0] == 404
        assert (await client.get(PATIENTS, params=named(CLAIRE.ins))).status == 401
        await sign_in(client, house)
        assert await found(client, named(MARC.ins)) == []
        assert len(await found(client, named(CLAIRE.ins))) == 1


@pytest.mark.parametrize("asked", [{}, {"identifier": "1"}, {"_id": "x"}, {"family": "DURAND"}])
async def test_a_patient_is_not_searched_for_by_anything_else(asked: dict[str, str]) -> None:
    async with visiting(House()) as client:
        answer = await client.get(PATIENTS, params=asked, headers=PRO)
        assert (answer.status, (await answer.json())["resourceType"]) == (400, "OperationOutcome")


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({}, 2),
        ({"start": "2026-02-15"}, 1),
        ({"end": "2026-02-15"}, 1),
        ({"start": "2026-01-01", "end": "2026-12-31", "type": "11502-2"}, 2),
        ({"start": ""}, 2),
        ({"_count": "1"}, 1),
    ],
)
async def test_docref_is_a_search_by_the_days_of_the_act(asked: dict[str, str], count: int) -> None:
    house = House()
    house.add("Bilan", act_date="2026-02-01")
    house.add("Bilan", act_date="2026-03-01")
    async with visiting(house) as client:
        place = "/fhir/DocumentReference/$docref"
        params = {"patient": key_of(CLAIRE).hex()} | asked
        answer = await client.get(place, params=params, headers=PRO)
        bundle = await answer.json()
        Bundle.model_validate(bundle)
        assert len(bundle["entry"]) == count
        links = {one["relation"]: one["url"] for one in bundle["link"]}
        assert all(place in url for url in links.values())
        assert ("next" in links) is (bundle["total"] > count)
        assert (await client.get(place, headers=PRO)).status == 400


async def test_each_look_is_an_entry_of_the_log() -> None:
    house = House()
    async with visiting(house) as client:
        await found(client, named(CLAIRE.ins), **PRO)
        await found(client, named(MARC.ins), **PRO)
    told = [(row.trace.action, row.trace.permitted) for row in house.traces.rows]
    assert told == [("list", True), ("list", False)]
