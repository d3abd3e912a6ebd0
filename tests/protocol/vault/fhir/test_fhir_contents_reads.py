"""The coded contents of documents by `/fhir`: who gets them, what is searched, what is told."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest
from aiohttp.test_utils import TestClient
from aiohttp.web import Application, Request
from cda_entries import concern, entry, problem, section, vaccination
from cda_sample import structured
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.capabilitystatement import CapabilityStatement
from fhir.resources.R4B.operationoutcome import OperationOutcome
from msgspec import structs
from vault_house import CLAIRE, INS_TEST, MARC, PRO_TOKEN, House, sign_in, visiting
from vault_samples import result
from vault_twins import NOW

from gateway.flows.reading.coded.contents import MAX_OPENED
from gateway.mapping.fhir.clinical import TYPES
from gateway.records.documents.mask import Mask

PRO = {"Authorization": f"Bearer {PRO_TOKEN}"}
WHO = {"patient.identifier": f"urn:oid:{INS_TEST}|{CLAIRE.ins}"}
RESULTS = "x-application/hl7-v2+er7"
Client = TestClient[Request, Application]


def analysis(code: str = "3016-3", value: str = "1.9", day: str = "20260301") -> str:
    return entry(
        '<observation moodCode="EVN"><templateId root="1.3.6.1.4.1.19376.1.3.1.6"/>'
        f'<code code="{code}" codeSystem="2.16.840.1.113883.6.1" displayName="TSH"/>'
        f'<effectiveTime value="{day}"/><value xsi:type="PQ" value="{value}" unit="mU/L"/>'
        "</observation>"
    )


def summary(*entries: str) -> bytes:
    return structured(sections=section("".join(entries)))


FULL = summary(analysis(), concern(problem()), entry(vaccination()))


async def search(
    client: Client,
    kind: str,
    asked: dict[str, str] | None = None,
    headers: dict[str, str] | None = None,
) -> dict[str, Any]:
    answer = await client.get(f"/fhir/{kind}", params=WHO | (asked or {}), headers=headers)
    assert answer.status == 200, await answer.text()
    found: dict[str, Any] = await answer.json()
    Bundle.model_validate(found)
    return found


def resources(bundle: dict[str, Any]) -> list[dict[str, Any]]:
    return [e["resource"] for e in bundle.get("entry", []) if e["search"]["mode"] == "match"]


async def test_a_professional_gets_the_contents_of_what_they_may_open() -> None:
    house = House()
    name = house.add("Synthèse", body=FULL)
    async with visiting(house) as client:
        bundle = await search(client, "Observation", headers=PRO)
        (made,) = resources(bundle)
        assert (made["valueQuantity"]["value"], made["id"]) == (1.9, f"{name}-r0")
        assert bundle["entry"][0]["fullUrl"].endswith(f"/fhir/Observation/{name}-r0")
        again = await client.get(f"/fhir/Observation/{name}-r0", headers=PRO)
        assert await again.json() == made
        for kind, count in (("Immunization", 1), ("Condition", 1), ("Procedure", 0)):
            found = resources(await search(client, kind, headers=PRO))
            assert [one["resourceType"] for one in found] == [kind] * count
    told = [row.trace for row in house.traces.rows]
    assert ("contents", name, True) in [(one.action, one.document, one.permitted) for one in told]


async def test_results_of_a_message_and_of_a_cda_are_searched_together() -> None:
    house = House()
    house.add("Compte rendu", body=FULL)
    rows = house.add("Résultats", body=b"MSH|", mime_type=RESULTS)
    house.shelf.results[rows] = [result("Leucocytes", "12.4", "G/L", "4.0-10.0", "H")]
    shelved = house.shelf.shelved[rows]
    house.shelf.shelved[rows] = replace(shelved, card=structs.replace(shelved.card, results=1))
    async with visiting(house) as client:
        found = resources(await search(client, "Observation", headers=PRO))
    assert [one["code"]["text"] for one in found] == ["TSH", "Leucocytes"]


async def test_the_same_result_of_two_documents_counts_once() -> None:
    house = House()
    house.add("Premier", body=summary(analysis(day="20260301081500"), analysis(day="20260201")))
    house.add("Copie", body=summary(analysis(day="20260301081500"), analysis(day="20260201")))
    async with visiting(house) as client:
        found = resources(await search(client, "Observation", headers=PRO))
    moments = [one["id"] for one in found if "T" in one["effectiveDateTime"]]
    days = [one["id"] for one in found if "T" not in one["effectiveDateTime"]]
    assert len(moments) == 1
    assert len(days) == 2, "a day is no moment: nothing says that they are the same"


async def test_masking_and_hiding_a_document_hide_its_contents() -> None:
    house = House()
    name = house.add("Synthèse", body=FULL)
    by_another = house.shelf.shelved[name]
    card = structs.replace(by_another.card, author_ids=("899700000000",), organization="1999999999")
    house.shelf.shelved[name] = replace(by_another, card=card)
    house.add("Annonce", body=FULL, codes=("N", "INVISIBLE_PATIENT"))
    async with visiting(house) as client:
        assert len(resources(await search(client, "Observation", headers=PRO))) == 2
        await house.shelf.mask({name: Mask(since=NOW)}, at=house.clock.now())
        shown = resources(await search(client, "Observation", headers=PRO))
        assert [name in one["id"] for one in shown] == [False]
        assert (await client.get(f"/fhir/Observation/{name}-r0", headers=PRO)).status == 404
        await sign_in(client, house)
        mine = resources(await search(client, "Observation"))
        assert [name in one["id"] for one in mine] == [True], "masked for others, not announced"


async def test_nobody_elses_contents_are_found_or_read() -> None:
    house = House()
    foreign = house.add("Secret", owner=MARC, body=FULL)
    async with visiting(house) as client:
        other = {"patient.identifier": f"urn:oid:{INS_TEST}|{MARC.ins}"}
        for headers in (PRO, {}):
            if not headers:
                await sign_in(client, house)
            answer = await client.get("/fhir/Observation", params=other, headers=headers)
            assert (await answer.json())["total"] == 0
            read = await client.get(f"/fhir/Condition/{foreign}-f0", headers=headers)
            assert read.status == 404
        assert (await client.get("/fhir/Observation")).status == 403
    async with visiting(house) as client:
        assert (await client.get("/fhir/Observation", params=other)).status == 401


@pytest.mark.parametrize(
    ("kind", "asked", "count"),
    [
        ("Observation", {"code": "3016-3"}, 2),
        ("Observation", {"code": "http://loinc.org|3016-3"}, 2),
        ("Observation", {"code": "718-7,3024-7"}, 1),
        ("Observation", {"date": "ge2026-03-01"}, 2),
        ("Observation", {"date": "2026-02-01"}, 1),
        ("Observation", {"category": "laboratory"}, 3),
        ("Observation", {"category": "vital-signs"}, 0),
        ("Observation", {"status": "final"}, 3),
        ("Observation", {"status": "cancelled"}, 0),
        ("Immunization", {"vaccine-code": "J07AM"}, 1),
        ("Immunization", {"date": "lt2026"}, 0),
        ("Immunization", {"status": "completed"}, 1),
        ("Condition", {"code": "J45", "clinical-status": "active"}, 1),
        ("Condition", {"category": "problem-list-item"}, 1),
        ("Condition", {"onset-date": "2026"}, 1),
        ("Condition", {"clinical-status": "resolved"}, 0),
    ],
)
async def test_each_criterion_narrows_the_search(
    kind: str, asked: dict[str, str], count: int
) -> None:
    house = House()
    house.add("Synthèse", body=FULL)
    house.add("Biologie", body=summary(analysis(), analysis("3024-7", "7", "20260201")))
    async with visiting(house) as client:
        assert len(resources(await search(client, kind, asked, headers=PRO))) == count


async def test_pages_cover_all_results_once_newest_first() -> None:
    house = House()
    days = [f"2026{month:02}{day:02}" for month in (1, 2) for day in range(1, 13)]
    house.add("Biologie", body=summary(*(analysis(day=day) for day in days)))
    async with visiting(house) as client:
        seen: list[str] = []
        place = f"/fhir/Observation?patient.identifier={INS_TEST}|{CLAIRE.ins}&_count=10"
        while place:
            bundle = await (await client.get(place, headers=PRO)).json()
            seen += [one["effectiveDateTime"] for one in resources(bundle)]
            links = {link["relation"]: link["url"] for link in bundle["link"]}
            place = urlsplit(links.get("next", ""))._replace(scheme="", netloc="").geturl()
    assert len(seen) == len(set(seen)) == 24
    assert seen == sorted(seen, reverse=True)


async def test_more_documents_than_one_question_opens_are_said() -> None:
    house = House()
    for number in range(MAX_OPENED + 1):
        house.add(f"Note {number}", body=b"<ClinicalDocument/>")
    async with visiting(house) as client:
        bundle = await search(client, "Condition", headers=PRO)
    (outcome,) = [one["resource"] for one in bundle["entry"] if one["search"]["mode"] == "outcome"]
    assert outcome["issue"][0]["code"] == "incomplete"
    assert sum(row.trace.action == "contents" for row in house.traces.rows) == MAX_OPENED


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/fhir/Observation", 400),
        ("/fhir/Observation/xyz", 404),
        (f"/fhir/Observation/{'f' * 32}-r0", 404),
        ("/fhir/Condition/{name}-r0", 404),
        ("/fhir/Observation/{name}-r99", 404),
        ("/fhir/Medication/{name}-f0", 404),
    ],
)
async def test_a_bad_question_gets_an_outcome(path: str, status: int) -> None:
    house = House()
    name = house.add("Synthèse", body=FULL)
    async with visiting(house) as client:
        answer = await client.get(path.format(name=name), headers=PRO)
        assert answer.status == status
        OperationOutcome.model_validate(await answer.json())
        strict = PRO | {"Prefer": "handling=strict"}
        answer = await client.get("/fhir/Immunization", params=WHO | {"code": "x"}, headers=strict)
        assert answer.status == 400


async def test_the_capability_statement_names_each_type_and_its_criteria() -> None:
    async with visiting(House()) as client:
        answer = await client.get("/fhir/metadata")
        made = await answer.json()
    CapabilityStatement.model_validate(made)
    found = {one["type"]: one for one in made["rest"][0]["resource"]}
    assert set(TYPES) < set(found)
    assert "vaccine-code" in {one["name"] for one in found["Immunization"]["searchParam"]}
