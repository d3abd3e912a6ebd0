"""Submission sets by `/fhir/List`: found, read, and no more of them than of their documents."""

from datetime import timedelta
from typing import Any

import pytest
from aiohttp.test_utils import TestClient
from aiohttp.web import Application, Request
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.list import List
from vault_house import CLAIRE, INS_TEST, MARC, PRO_TOKEN, House, sign_in, visiting
from vault_twins import NOW

from gateway.mapping.fhir.written.emit_capability import LIST_CRITERIA
from gateway.records.documents.mask import Mask
from gateway.records.intake.understanding import Submission

PRO = {"Authorization": f"Bearer {PRO_TOKEN}"}
LISTS = "/fhir/List"
MHD = "https://profiles.ihe.net/ITI/MHD/"
WHO = {
    "patient.identifier": f"urn:oid:{INS_TEST}|{CLAIRE.ins}",
    "status": "current",
    "code": f"{MHD}CodeSystem/MHDlistTypes|submissionset",
}
SAID = Submission(
    unique_id="1.2.250.1.999.8",
    source_id="1.2.250.1.999.9",
    time="2026-03-05T08:00:00Z",
    content_type="04",
    author="Anne Roux",
)
Client = TestClient[Request, Application]


def deposited(house: House, receipt: str, *titles: str) -> list[str]:
    names = [house.add(title) for title in titles]
    for name in names:
        house.shelf.change(name, receipt=receipt)
    return names


async def found(client: Client, **asked: str) -> dict[str, Any]:
    answer = await client.get(LISTS, params=WHO | asked, headers=PRO)
    assert answer.status == 200, await answer.text()
    bundle: dict[str, Any] = await answer.json()
    Bundle.model_validate(bundle)
    return bundle


def sets(bundle: dict[str, Any]) -> list[dict[str, Any]]:
    return [e["resource"] for e in bundle.get("entry", []) if e["search"]["mode"] == "match"]


def items(made: dict[str, Any]) -> list[str]:
    return [one["item"]["reference"].rpartition("/")[2] for one in made["entry"]]


async def test_what_came_together_is_one_list_with_the_words_of_its_sender() -> None:
    house = House()
    names = deposited(house, "a" * 32, "Bilan", "Lettre")
    house.shelf.submissions["a" * 32] = SAID
    async with visiting(house) as client:
        bundle = await found(client)
        (made,) = sets(bundle)
        again = await client.get(f"{LISTS}/{'a' * 32}", headers=PRO)
        assert await again.json() == made
        version = made["meta"]["versionId"]
        assert again.headers["ETag"] == f'W/"{version}"'
        for wanted, status in ((version, 200), ("x", 404)):
            place = f"{LISTS}/{made['id']}/_history/{wanted}"
            assert (await client.get(place, headers=PRO)).status == status
    List.model_validate(made)
    assert bundle["entry"][0]["fullUrl"].endswith(f"/fhir/List/{made['id']}")
    assert (made["status"], made["mode"], made["date"]) == ("current", "working", SAID.time)
    assert made["code"]["coding"][0]["code"] == "submissionset"
    assert made["subject"]["identifier"]["value"] == CLAIRE.ins
    assert made["source"]["display"] == "Anne Roux"
    assert made["identifier"][0]["value"] == "urn:oid:1.2.250.1.999.8"
    said = {one["url"]: one for one in made["extension"]}
    designation = said[f"{MHD}StructureDefinition/ihe-designationType"]
    assert designation["valueCodeableConcept"]["coding"][0]["code"] == "04"
    source = said[f"{MHD}StructureDefinition/ihe-sourceId"]["valueIdentifier"]
    assert source["value"] == "urn:oid:1.2.250.1.999.9"
    assert items(made) == names


async def test_a_deposit_whose_format_has_no_such_words_is_a_set_too() -> None:
    house = House()
    deposited(house, "a" * 32, "Résultats")
    async with visiting(house) as client:
        (made,) = sets(await found(client))
    List.model_validate(made)
    assert made["source"]["display"] == "Laboratoire des Charmes"
    assert "identifier" not in made
    assert "extension" not in made


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({"code": "submissionset"}, 2),
        ({"code": "folder"}, 0),
        ({"identifier": "urn:oid:1.2.250.1.999.8"}, 1),
        ({"identifier": "urn:ietf:rfc:3986|urn:oid:1.2.250.1.999.8"}, 1),
        ({"sourceId": "urn:oid:1.2.250.1.999.9"}, 1),
        ({"sourceId": "urn:oid:1.2.3"}, 0),
        ({"designationType": "04,05"}, 1),
        ({"date": "2026-03-05"}, 1),
        ({"date": "gt2030"}, 0),
        ({"source.family": "rou"}, 1),
        ({"source.given": "anne"}, 1),
        ({"_id": "b" * 32}, 1),
        ({"_lastUpdated": "ge2026-03-01"}, 2),
        ({"status": "superseded"}, 0),
        ({"_count": "1"}, 1),
        ({"_summary": "count"}, 0),
    ],
)
async def test_each_parameter_narrows_the_search(asked: dict[str, str], count: int) -> None:
    house = House()
    deposited(house, "a" * 32, "Bilan")
    deposited(house, "b" * 32, "Lettre")
    house.shelf.submissions["a" * 32] = SAID
    async with visiting(house) as client:
        assert len(sets(await found(client, **asked))) == count


async def test_what_a_reader_may_not_see_is_no_entry_and_a_set_of_it_is_not_there() -> None:
    house = House()
    shown, masked = deposited(house, "a" * 32, "Bilan", "Secret")
    (alone,) = deposited(house, "b" * 32, "Seul")
    for name in (masked, alone):
        house.shelf.change(name, author_ids=("899700000000",), organization="1999999999")
        await house.shelf.mask({name: Mask(since=NOW)}, at=NOW)
    async with visiting(house) as client:
        bundle = await found(client)
        (made,) = sets(bundle)
        assert (bundle["total"], items(made)) == (1, [shown])
        read = await client.get(f"{LISTS}/{'a' * 32}", headers=PRO)
        assert items(await read.json()) == [shown]
        refused = await client.get(f"{LISTS}/{'b' * 32}", headers=PRO)
        absent = await client.get(f"{LISTS}/{'c' * 32}", headers=PRO)
        assert (refused.status, await refused.read()) == (absent.status, await absent.read())
        assert refused.status == 404
        house.clock.at = NOW + timedelta(hours=1)
        await house.shelf.mask({masked: None}, at=house.clock.now())
        (again,) = sets(await found(client, _lastUpdated="ge2026-03-12T14:00:00Z"))
    assert items(again) == [shown, masked]
    assert again["meta"]["versionId"] != made["meta"]["versionId"]


async def test_the_sets_of_another_record_are_nobodys_else() -> None:
    house = House()
    name = house.add("Bilan", owner=MARC)
    house.shelf.change(name, receipt="d" * 32)
    async with visiting(house) as client:
        whose = {"patient.identifier": f"urn:oid:{INS_TEST}|{MARC.ins}"}
        assert (await found(client, **whose))["total"] == 0
        assert (await client.get(f"{LISTS}/{'d' * 32}", headers=PRO)).status == 404
        assert (await client.get(LISTS, params=WHO)).status == 401
        assert (await client.get(LISTS, headers=PRO)).status == 400
        await sign_in(client, house)
        assert (await client.get(f"{LISTS}/{'d' * 32}")).status == 404
        assert (await client.get(LISTS)).status == 403


async def test_the_statement_names_each_parameter_of_lists() -> None:
    async with visiting(House()) as client:
        statement = await (await client.get("/fhir/metadata")).json()
    (one,) = (each for each in statement["rest"][0]["resource"] if each["type"] == "List")
    named = {each["name"] for each in one["searchParam"]}
    assert named == {*LIST_CRITERIA, "patient", "patient.identifier", "status"}


async def test_reading_a_list_is_an_entry_of_the_log() -> None:
    house = House()
    deposited(house, "a" * 32, "Bilan")
    async with visiting(house) as client:
        await client.get(f"{LISTS}/{'a' * 32}", headers=PRO)
        await client.get(f"{LISTS}/{'c' * 32}", headers=PRO)
    told = [(row.trace.action, row.trace.permitted) for row in house.traces.rows]
    assert told == [("list", True), ("list", False)]
