"""Addresses under `/fhir`: versions, operations, formats, methods, and the links of a search."""

import pytest
from fhir.resources.R4B.operationoutcome import OperationOutcome
from vault_house import CLAIRE, INS_TEST, PRO_TOKEN, House, visiting

PRO = {"Authorization": f"Bearer {PRO_TOKEN}"}
WHO = {"patient.identifier": f"urn:oid:{INS_TEST}|{CLAIRE.ins}", "status": "current"}
SEARCH = "/fhir/DocumentReference"


async def test_the_version_that_a_location_names_is_read() -> None:
    house = House()
    name = house.add("Bilan")
    async with visiting(house) as client:
        reference = await (await client.get(f"{SEARCH}/{name}", headers=PRO)).json()
        places = {f"{SEARCH}/{name}": reference["meta"]["versionId"], f"/fhir/Binary/{name}": "1"}
        for place, version in places.items():
            plain = await (await client.get(place, headers=PRO)).read()
            first = await client.get(f"{place}/_history/{version}", headers=PRO)
            assert (first.status, await first.read()) == (200, plain)
            for other in ("2", "x", "$"):
                answer = await client.get(f"{place}/_history/{other}", headers=PRO)
                assert answer.status == 404
            assert (await client.get(f"{place}/_history/{version}")).status == 401


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", f"{SEARCH}/$everything?patient=x", 501),
        ("POST", f"{SEARCH}/$docref", 501),
        ("POST", f"{SEARCH}/$generate-metadata", 501),
        ("GET", "/fhir/Binary/$x", 501),
        ("GET", "/fhir/Observation/$lastn", 501),
        ("GET", "/fhir/$everything", 501),
        ("GET", "/fhir/Nothing", 404),
        ("DELETE", f"{SEARCH}/1", 405),
    ],
)
async def test_what_is_not_offered_says_so(method: str, path: str, status: int) -> None:
    async with visiting(House()) as client:
        answer = await client.request(method, path, headers=PRO)
        assert answer.status == status
        told = OperationOutcome.model_validate(await answer.json())
        assert told.issue[0].code == ("not-found" if status == 404 else "not-supported")
        assert ("Allow" in answer.headers) == (status == 405)


async def test_a_format_asked_in_the_address_is_that_of_a_binary_too() -> None:
    house = House()
    name = house.add("Bilan")
    async with visiting(house) as client:
        for told in (
            "json",
            "application/json",
            "application/fhir%2Bjson",
            "application/fhir+json",
            "application/fhir%2Bjson;fhirVersion=4.0",
            "application/json%2Bfhir",
        ):
            place = f"/fhir/Binary/{name}?_format={told}"
            answer = await client.get(place, headers=PRO | {"Accept": "text/xml"})
            assert (await answer.json())["resourceType"] == "Binary"
        for told, status in (("text/xml", 200), ("xml", 406)):
            answer = await client.get(f"/fhir/Binary/{name}?_format={told}", headers=PRO)
            assert answer.status == status


async def test_a_type_of_quality_zero_is_not_wanted() -> None:
    house = House()
    name = house.add("Bilan")
    async with visiting(house) as client:
        headers = PRO | {"Accept": "text/xml;q=0, application/fhir+json; q=0.5"}
        answer = await client.get(f"/fhir/Binary/{name}", headers=headers)
        assert answer.content_type == "application/fhir+json"
        headers = PRO | {"Accept": "application/fhir+json;q=0"}
        assert (await client.get(f"{SEARCH}/{name}", headers=headers)).status == 406


async def test_the_links_of_a_search_say_what_was_used() -> None:
    house = House()
    for number in range(2):
        house.add(f"Bilan {number}")
    async with visiting(house) as client:
        asked = WHO | {"colour": "red", "_sort": "size", "_count": "1"}
        bundle = await (await client.get(SEARCH, params=asked, headers=PRO)).json()
    links = {one["relation"]: one["url"] for one in bundle["link"]}
    for url in (links["self"], links["next"]):
        assert "colour" not in url
        assert "_sort" not in url
        assert "patient.identifier=" in url


async def test_a_search_that_is_posted_is_a_form() -> None:
    async with visiting(House()) as client:
        answer = await client.post(f"{SEARCH}/_search", json=WHO, headers=PRO)
        assert answer.status == 415
        OperationOutcome.model_validate(await answer.json())
        answer = await client.post(f"{SEARCH}/_search", params=WHO, headers=PRO)
        assert answer.status == 200
