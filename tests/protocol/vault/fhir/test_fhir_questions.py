"""Questions as software really asks them: forms, empty words, two patients, counts, formats."""

from typing import Any

import pytest
from aiohttp.test_utils import TestClient
from aiohttp.web import Application, Request
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.operationoutcome import OperationOutcome
from vault_house import CLAIRE, INS_TEST, MARC, PRO_TOKEN, House, visiting

PRO = {"Authorization": f"Bearer {PRO_TOKEN}"}
SEARCH = "/fhir/DocumentReference"
NAMED = f"urn:oid:{INS_TEST}|{CLAIRE.ins}"
WHO = {"patient.identifier": NAMED, "status": "current"}
STRICT = PRO | {"Prefer": "handling=strict"}
FORM = "application/x-www-form-urlencoded"
Client = TestClient[Request, Application]

ASKED = {
    "_id": "x",
    "_lastUpdated": "sa2020",
    "author.family": "roux",
    "author.given": "anne",
    "author.identifier": "801234567890",
    "category": "10",
    "contenttype": "text/xml",
    "creation": "eb2030",
    "date": "ne2020-01-01",
    "event": "x",
    "facility": "x",
    "format": "x",
    "identifier": "x",
    "isArchived": "false",
    "period": "ge2020-01-01",
    "period-end": "le2030-01-01T10:00:00Z",
    "period-start": "gt2020-01-01T10:00:00+01:00",
    "related": "x",
    "related:identifier": "x",
    "relatesto": "x",
    "security-label": "N",
    "setting": "x",
    "status": "current",
    "type": "11502-2,34133-9",
    "_count": "3",
    "_sort": "-date",
    "_total": "accurate",
    "_format": "json",
    "_summary": "false",
}
"""By what documents are searched (FHIR.md section 4)."""


async def told(client: Client, asked: Any, headers: dict[str, str] = PRO) -> dict[str, Any]:
    answer = await client.get(SEARCH, params=asked, headers=headers)
    assert answer.status == 200, await answer.text()
    bundle: dict[str, Any] = await answer.json()
    Bundle.model_validate(bundle)
    return bundle


@pytest.mark.parametrize("name", ASKED)
async def test_every_parameter_that_is_declared_is_known_to_a_strict_client(name: str) -> None:
    house = House()
    house.add("Bilan")
    async with visiting(house) as client:
        bundle = await told(client, WHO | {name: ASKED[name]}, STRICT)
    assert all(one["search"]["mode"] == "match" for one in bundle.get("entry", []))
    assert bundle["link"][0]["relation"] == "self"
    assert f"{name}=".replace(":", "%3A") in bundle["link"][0]["url"]


@pytest.mark.parametrize(
    "name", ["_summary", "_elements", "_include", "_revinclude", "_has:List:item:code", "_sort"]
)
async def test_what_is_not_done_is_said_and_refused_to_a_strict_client(name: str) -> None:
    house = House()
    house.add("Bilan")
    async with visiting(house) as client:
        bundle = await told(client, WHO | {name: "text"})
        assert [one["search"]["mode"] for one in bundle["entry"]] == ["match", "outcome"]
        answer = await client.get(SEARCH, params=WHO | {name: "text"}, headers=STRICT)
        assert answer.status == 400
        OperationOutcome.model_validate(await answer.json())


@pytest.mark.parametrize("name", ["status", "type", "identifier", "date", "author.family", "_sort"])
async def test_an_empty_parameter_is_none(name: str) -> None:
    house = House()
    house.add("Bilan")
    async with visiting(house) as client:
        assert (await told(client, WHO | {name: ""}, STRICT))["total"] == 1


@pytest.mark.parametrize(
    ("count", "total"), [({"_count": "0"}, 2), ({"_summary": "count"}, 2), ({"_total": "none"}, 2)]
)
async def test_a_count_is_a_total_without_entries(count: dict[str, str], total: int) -> None:
    house = House()
    for number in range(2):
        house.add(f"Bilan {number}")
    async with visiting(house) as client:
        bundle = await told(client, WHO | count, STRICT)
    assert bundle["total"] == total
    assert ("entry" in bundle) is ("_total" in count)
    assert [one["relation"] for one in bundle["link"]] == ["self"]


async def test_criteria_that_are_repeated_all_hold() -> None:
    house = House()
    house.add("Bilan")
    async with visiting(house) as client:
        for name, values, total in (
            ("status", ("current", "superseded"), 0),
            ("status", ("current", "current,superseded"), 1),
            ("date", ("ge2026-01-01", "lt2026-02-01"), 0),
        ):
            asked = [("patient.identifier", NAMED), *((name, value) for value in values)]
            assert (await told(client, asked))["total"] == total


@pytest.mark.parametrize("name", ["patient:Patient.identifier", "subject.identifier"])
async def test_the_patient_is_named_in_each_of_the_ways_of_a_chain(name: str) -> None:
    house = House()
    house.add("Bilan")
    async with visiting(house) as client:
        assert (await told(client, {name: NAMED}, STRICT))["total"] == 1
        asked = [(name, NAMED), ("patient.identifier", NAMED)]
        assert (await told(client, asked, STRICT))["total"] == 1


@pytest.mark.parametrize(
    "asked",
    [
        [
            ("patient.identifier", NAMED),
            ("patient.identifier", f"urn:oid:{INS_TEST}|{MARC.ins}"),
        ],
        [("patient.identifier", f"{NAMED},urn:oid:{INS_TEST}|{MARC.ins}")],
        [("patient.identifier", NAMED), ("patient", "Patient/00")],
        [("patient", "00,01")],
    ],
)
async def test_a_search_is_of_one_patient(asked: list[tuple[str, str]]) -> None:
    house = House()
    house.add("Bilan")
    async with visiting(house) as client:
        answer = await client.get(SEARCH, params=asked, headers=PRO)
        assert answer.status == 400
        OperationOutcome.model_validate(await answer.json())


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        (f"{FORM}; charset=x-none", b"a=b", 415),
        (f"{FORM}; charset=utf-7", b"patient.identifier=1%7C+2AA-", 415),
        (f"{FORM}; charset=UTF-8", b"type=%FF%FE", 400),
        (FORM, b"\xff\xfe=%", 400),
        (FORM, b"a=" + b"b" * 70_000, 413),
        ("multipart/form-data; boundary=x", b"--x--", 415),
    ],
)
async def test_a_form_that_cannot_be_read_is_no_fault_of_ours(
    kind: str, body: bytes, status: int
) -> None:
    async with visiting(House()) as client:
        headers = PRO | {"Content-Type": kind}
        answer = await client.post(f"{SEARCH}/_search", data=body, headers=headers)
        assert answer.status == status
        assert OperationOutcome.model_validate(await answer.json()).issue[0].severity == "error"


async def test_a_form_that_is_not_packed_as_it_says_is_400() -> None:
    async with visiting(House()) as client:
        headers = PRO | {"Content-Type": FORM, "Content-Encoding": "gzip"}
        answer = await client.post(f"{SEARCH}/_search", data=b"status=current", headers=headers)
        assert (answer.status, (await answer.json())["issue"][0]["code"]) == (400, "structure")


async def test_a_format_in_a_form_goes_before_what_is_accepted() -> None:
    house = House()
    house.add("Bilan")
    async with visiting(house) as client:
        headers = PRO | {"Accept": "text/html"}
        for told_, status in (({"_format": "json"}, 200), ({"_format": "xml"}, 406), ({}, 406)):
            answer = await client.post(f"{SEARCH}/_search", data=WHO | told_, headers=headers)
            assert answer.status == status


async def test_a_head_is_the_answer_without_its_body() -> None:
    house = House()
    name = house.add("Bilan")
    async with visiting(house) as client:
        for place in (f"{SEARCH}/{name}", "/fhir/metadata", f"{SEARCH}/{'f' * 32}"):
            whole = await client.get(place, headers=PRO)
            head = await client.head(place, headers=PRO)
            assert (head.status, await head.read()) == (whole.status, b"")
            for one in ("Content-Type", "Content-Length", "ETag", "Last-Modified"):
                assert head.headers.get(one) == whole.headers.get(one)


@pytest.mark.parametrize("code", ["SA  25", " SA25", "\u00a0", "a\tb"])
async def test_a_code_that_r4_could_not_hold_is_no_reason_to_fail(code: str) -> None:
    """It took every search of its record away (500)."""
    house = House()
    house.add("Bilan", type_code=code)
    house.add("Lettre", mime_type="text/xml ; x")
    async with visiting(house) as client:
        assert (await told(client, WHO))["total"] >= 1
