"""`/fhir` reads by the wire: search, read, Binary, and the answers to bad questions."""

import asyncio
import base64
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest
from aiohttp.test_utils import TestClient
from aiohttp.web import Application, Request
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.capabilitystatement import CapabilityStatement
from fhir.resources.R4B.operationoutcome import OperationOutcome
from vault_house import CLAIRE, INS_TEST, MARC, PRO_TOKEN, House, key_of, sign_in, visiting
from vault_samples import narrative_cda
from vault_twins import NOW, SENDER_TOKEN

from gateway.records.documents.mask import Mask
from gateway.vault.fhir.search.query import CARD_FIELDS, DEEP_FIELDS
from gateway.vault.rooms import VaultRooms

PRO = {"Authorization": f"Bearer {PRO_TOKEN}"}
WHO = {"patient.identifier": f"urn:oid:{INS_TEST}|{CLAIRE.ins}", "status": "current"}
SEARCH = "/fhir/DocumentReference"
Client = TestClient[Request, Application]


async def search(client: Client, asked: dict[str, str], **headers: str) -> dict[str, Any]:
    answer = await client.get(SEARCH, params=asked, headers={**PRO, **headers})
    assert answer.status == 200, await answer.text()
    assert answer.content_type == "application/fhir+json"
    found: dict[str, Any] = await answer.json()
    Bundle.model_validate(found)
    return found


def resources(bundle: dict[str, Any]) -> list[dict[str, Any]]:
    return [e["resource"] for e in bundle.get("entry", []) if e["search"]["mode"] == "match"]


async def test_a_professional_finds_the_documents_of_a_patient_who_agreed() -> None:
    house = House()
    name = house.add("Bilan", unique_id="1.2.3.4")
    async with visiting(house) as client:
        bundle = await search(client, WHO)
        one = resources(bundle)[0]
    assert bundle["total"] == 1
    assert one["masterIdentifier"]["value"] == "urn:oid:1.2.3.4"
    assert one["content"][0]["attachment"]["url"] == f"Binary/{name}"
    assert bundle["entry"][0]["fullUrl"].endswith(f"/fhir/DocumentReference/{name}")
    assert one["subject"]["identifier"]["value"] == CLAIRE.ins


async def test_pages_of_a_search_cover_all_documents_exactly_once() -> None:
    house = House()
    for number in range(45):
        house.add(f"Bilan {number}")
    async with visiting(house) as client:
        seen: list[str] = []
        place = f"{SEARCH}?patient.identifier={INS_TEST}|{CLAIRE.ins}&_count=20"
        while place:
            bundle = await (await client.get(place, headers=PRO)).json()
            seen += [one["id"] for one in resources(bundle)]
            links = {link["relation"]: link["url"] for link in bundle["link"]}
            place = urlsplit(links.get("next", ""))._replace(scheme="", netloc="").geturl()
    assert len(seen) == len(set(seen)) == 45


class HurriedHouse(House):
    def rooms(self) -> VaultRooms:
        return replace(super().rooms(), request_seconds=0.05)


async def trickle() -> AsyncIterator[bytes]:
    yield b"patient="
    await asyncio.Event().wait()


async def test_a_search_whose_form_never_ends_is_answered_all_the_same() -> None:
    form = {**PRO, "Content-Type": "application/x-www-form-urlencoded"}
    async with visiting(HurriedHouse()) as client:
        answer = await client.post("/fhir/DocumentReference/_search", data=trickle(), headers=form)
        assert answer.status == 408
        assert (await answer.json())["resourceType"] == "OperationOutcome"


async def unmeasured() -> AsyncIterator[bytes]:
    yield b"status=current&title=" + b"x" * 70_000


async def test_a_search_that_does_not_say_its_length_is_no_longer_than_another() -> None:
    form = {**PRO, "Content-Type": "application/x-www-form-urlencoded"}
    async with visiting(House()) as client:
        answer = await client.post(f"{SEARCH}/_search", data=unmeasured(), headers=form)
        assert answer.status == 413


async def test_a_search_by_post_reads_the_form_and_the_address() -> None:
    house = House()
    house.add("Bilan")
    async with visiting(house) as client:
        answer = await client.post(f"{SEARCH}/_search", data=WHO, headers=PRO)
        assert len(resources(await answer.json())) == 1


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({"type": "11502-2"}, 1),
        ({"type": "http://loinc.org|11502-2,34133-9"}, 2),
        ({"type": "99999-9"}, 0),
        ({"category": "10"}, 2),
        ({"identifier": "urn:oid:1.2.3"}, 1),
        ({"identifier": "MSG-1"}, 1),
        ({"identifier": "urn:ietf:rfc:3986|urn:oid:1.2.3"}, 1),
        ({"date": "ge2026-03-01"}, 2),
        ({"date": "lt2026"}, 0),
        ({"date": "2026-03-01"}, 2),
        ({"status": "superseded"}, 0),
        ({"author.family": "rou"}, 2),
        ({"_count": "0"}, 0),
    ],
)
async def test_each_parameter_narrows_the_search(asked: dict[str, str], count: int) -> None:
    house = House()
    house.add("Bilan", unique_id="1.2.3", identifiers=("MSG-1", "ORD-1"))
    house.add("Lettre", type_code="34133-9", unique_id="1.2.4")
    async with visiting(house) as client:
        assert len(resources(await search(client, WHO | asked))) == count


async def test_nobody_there_and_no_consent_are_both_an_empty_searchset() -> None:
    house = House()
    house.add("Bilan", owner=MARC)
    async with visiting(house) as client:
        for ins in (MARC.ins, "1" * 15):
            bundle = await search(client, {"patient.identifier": f"urn:oid:{INS_TEST}|{ins}"})
            assert bundle["total"] == 0
            assert "entry" not in bundle


async def test_an_unknown_parameter_is_said_and_strict_handling_refuses_it() -> None:
    async with visiting(House()) as client:
        bundle = await search(client, WHO | {"colour": "red"})
        assert bundle["entry"][0]["search"]["mode"] == "outcome"
        headers = PRO | {"Prefer": "handling=strict"}
        answer = await client.get(SEARCH, params=WHO | {"colour": "red"}, headers=headers)
        assert answer.status == 400


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        (SEARCH, {}, 401),
        (SEARCH, {"Authorization": "Bearer nobody"}, 401),
        (SEARCH, {"Authorization": "Basic eA=="}, 401),
        (SEARCH, {"Authorization": f"Bearer {SENDER_TOKEN}"}, 403),
        (SEARCH, PRO, 400),
        (f"{SEARCH}?patient.identifier=1", PRO, 400),
        (f"{SEARCH}?patient=zz", PRO, 400),
        (f"{SEARCH}?patient.identifier=1|2&_count=x", PRO, 400),
        (f"{SEARCH}?patient.identifier=1|2&_count=99999", PRO, 400),
        (f"{SEARCH}?patient.identifier=1|2&_cursor=x", PRO, 400),
        (f"{SEARCH}?patient.identifier=1|2&type:not=x", PRO, 400),
        (f"{SEARCH}/{'f' * 32}", PRO, 404),
        (f"/fhir/Binary/{'f' * 32}", PRO, 404),
        (f"{SEARCH}?patient.identifier=1|2", PRO | {"Accept": "application/fhir+xml"}, 406),
        ("/fhir/metadata?_format=xml", {}, 406),
    ],
)
async def test_a_bad_question_gets_an_outcome(
    path: str, headers: dict[str, str], status: int
) -> None:
    async with visiting(House()) as client:
        answer = await client.get(path, headers=headers)
        assert answer.status == status, await answer.text()
        OperationOutcome.model_validate(await answer.json())
        assert ("WWW-Authenticate" in answer.headers) == (status == 401)


async def test_a_patient_reads_own_documents_with_the_session_and_nobody_elses() -> None:
    house = House()
    mine, foreign = house.add("Bilan"), house.add("Secret", owner=MARC)
    async with visiting(house) as client:
        await sign_in(client, house)
        answer = await client.get(SEARCH, params=WHO)
        assert [one["id"] for one in resources(await answer.json())] == [mine]
        other = {"patient.identifier": f"urn:oid:{INS_TEST}|{MARC.ins}"}
        answer = await client.get(SEARCH, params=other)
        assert (await answer.json())["total"] == 0
        assert (await client.get(f"{SEARCH}/{foreign}")).status == 404
        assert (await client.get(f"/fhir/Binary/{foreign}")).status == 404
        assert (await client.get(SEARCH)).status == 403
        crossing = {"Sec-Fetch-Site": "cross-site"}
        assert (await client.get(SEARCH, params=WHO, headers=crossing)).status == 403


async def test_a_binary_is_the_bytes_received_or_a_resource_by_accept() -> None:
    house = House()
    body = narrative_cda("Bilan", "x")
    name = house.add("Bilan", body=body)
    async with visiting(house) as client:
        raw = await client.get(f"/fhir/Binary/{name}", headers=PRO)
        assert await raw.read() == body
        assert raw.content_type == "text/xml"
        assert raw.headers["ETag"]
        headers = PRO | {"Accept": "application/fhir+json"}
        resource = await (await client.get(f"/fhir/Binary/{name}", headers=headers)).json()
        assert base64.b64decode(resource["data"]) == body
        both = "application/fhir+xml;q=1.0, application/fhir+json;q=1.0"
        answer = await client.get(f"/fhir/Binary/{name}", headers=PRO | {"Accept": both})
        assert answer.content_type == "application/fhir+json"
        headers = PRO | {"Accept": "image/png"}
        assert (await client.get(f"/fhir/Binary/{name}", headers=headers)).status == 406
        assert house.traces.rows[-1].trace.action == "download"


@pytest.mark.parametrize(
    ("accept", "status", "kind"),
    [
        ("application/fhir+json;q=0.5, text/xml", 200, "text/xml"),
        ("text/xml; q=0.2, application/fhir+json", 200, "application/fhir+json"),
        ("text/xml;q=0, application/fhir+json;q=0.000", 406, "application/fhir+json"),
    ],
)
async def test_what_a_client_prefers_is_what_it_gets(accept: str, status: int, kind: str) -> None:
    house = House()
    name = house.add("Bilan", body=narrative_cda("Bilan", "x"))
    async with visiting(house) as client:
        answer = await client.get(f"/fhir/Binary/{name}", headers=PRO | {"Accept": accept})
        assert (answer.status, answer.content_type) == (status, kind)


async def test_a_format_goes_before_what_is_accepted() -> None:
    async with visiting(House()) as client:
        headers = PRO | {"Accept": "text/html"}
        assert (await client.get(SEARCH, params=WHO, headers=headers)).status == 406
        asked = WHO | {"_format": "json"}
        assert (await client.get(SEARCH, params=asked, headers=headers)).status == 200


async def test_masking_shows_at_once_in_a_resource_already_made() -> None:
    house = House()
    name = house.add("Bilan")
    async with visiting(house) as client:
        await sign_in(client, house)
        before = await (await client.get(f"{SEARCH}/{name}")).json()
        await house.shelf.mask({name: Mask(since=NOW)}, at=house.clock.now())
        after = await (await client.get(f"{SEARCH}/{name}")).json()
    assert len(after["securityLabel"]) == len(before["securityLabel"]) + 1
    assert key_of(CLAIRE)


async def test_the_capability_statement_is_open_and_valid() -> None:
    async with visiting(House()) as client:
        answer = await client.get("/fhir/metadata")
        told = await answer.json()
    assert CapabilityStatement.model_validate(told).fhirVersion == "4.0.1"
    [server] = told["rest"]
    named = {one["name"] for one in server["resource"][0]["searchParam"]}
    assert named == {*CARD_FIELDS, *DEEP_FIELDS, "patient", "patient.identifier", "status"}
    assert server["interaction"] == [{"code": "transaction"}]
