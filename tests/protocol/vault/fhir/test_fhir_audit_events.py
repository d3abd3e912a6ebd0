"""AuditEvent by the wire: the patient's own log, page by page, and nobody else's."""

from typing import Any

from aiohttp.test_utils import TestClient
from aiohttp.web import Application, Request
from fhir.resources.R4B.auditevent import AuditEvent
from vault_house import CLAIRE, INS_TEST, MARC, PRO_TOKEN, House, sign_in, visiting

PRO = {"Authorization": f"Bearer {PRO_TOKEN}"}
EVENTS = "/fhir/AuditEvent"
WHO = f"patient.identifier=urn:oid:{INS_TEST}|{CLAIRE.ins}"
Client = TestClient[Request, Application]


async def found(client: Client, place: str, **headers: str) -> dict[str, Any]:
    answer = await client.get(place, headers=headers)
    assert answer.status == 200, await answer.text()
    bundle: dict[str, Any] = await answer.json()
    for entry in bundle.get("entry", []):
        AuditEvent.model_validate(entry["resource"])
    return bundle


def events(bundle: dict[str, Any]) -> list[dict[str, Any]]:
    return [entry["resource"] for entry in bundle.get("entry", [])]


async def test_a_patient_reads_who_read_as_balp_says_it() -> None:
    house = House()
    name = house.add("Bilan")
    async with visiting(house) as client:
        await client.get(f"/fhir/DocumentReference/{name}", headers=PRO)
        await sign_in(client, house)
        place = f"{EVENTS}?{WHO}&type=rest&subtype=read&_count=5&date=ge2020"
        one = events(await found(client, place))[0]
        again = await client.get(f"{EVENTS}/{one['id']}")
        assert (await again.json())["id"] == one["id"]
        assert (await client.get(f"{EVENTS}/999999")).status == 404
    assert one["meta"]["profile"][0].endswith("IHE.BasicAudit.PatientRead")
    assert (one["action"], one["outcome"]) == ("R", "0")
    client_agent, server, user = one["agent"]
    assert client_agent["type"]["coding"][0]["code"] == "110152"
    assert client_agent["who"]["display"] == "fhir"
    assert client_agent["network"]["address"] == "127.0.0.1"
    assert server["requestor"] is False
    assert user["who"]["display"] == "Dr Anne Roux, Cabinet des Charmes"
    patient, data = one["entity"]
    assert patient["what"]["identifier"]["value"] == CLAIRE.ins
    assert data["what"]["reference"] == f"DocumentReference/{name}"


async def test_the_oldest_entry_comes_first_where_that_is_asked() -> None:
    house = House()
    name = house.add("Bilan")
    async with visiting(house) as client:
        for _ in range(3):
            await client.get(f"/fhir/Binary/{name}", headers=PRO)
        await sign_in(client, house)
        place = f"{EVENTS}?{WHO}&subtype=read&_count=2"
        newest = [one["id"] for one in events(await found(client, place))]
        oldest = [one["id"] for one in events(await found(client, f"{place}&_sort=date"))]
        for wrong in ("x", "1e3", "-1", "9" * 30):
            assert (await client.get(f"{EVENTS}/{wrong}")).status == 404
    assert newest == sorted(newest, key=int, reverse=True)
    assert oldest == sorted(oldest, key=int)
    assert int(oldest[0]) < int(newest[-1])


async def test_a_refused_try_claims_no_profile() -> None:
    house = House()
    name = house.add("Bilan", owner=MARC)
    async with visiting(house) as client:
        assert (await client.get(f"/fhir/Binary/{name}", headers=PRO)).status == 404
        await sign_in(client, house, login="marc81durand")
        who = f"patient.identifier=urn:oid:{INS_TEST}|{MARC.ins}"
        (one,) = events(await found(client, f"{EVENTS}?{who}&outcome=4"))
    assert "profile" not in one.get("meta", {})
    assert one["outcomeDesc"].startswith("download F")


async def test_pages_hold_each_entry_once() -> None:
    house = House()
    name = house.add("Bilan")
    async with visiting(house) as client:
        for _ in range(9):
            await client.get(f"/fhir/Binary/{name}", headers=PRO)
        await sign_in(client, house)
        seen: list[str] = []
        place = f"{EVENTS}?{WHO}&subtype=read&_count=4"
        while place:
            bundle = await found(client, place)
            seen += [one["id"] for one in events(bundle)]
            links = {link["relation"]: link["url"] for link in bundle["link"]}
            place = links.get("next", "").partition("/fhir/")[2]
            place = f"/fhir/{place}" if place else ""
    assert len(seen) == len(set(seen)) >= 9


async def test_nobody_else_reads_the_log() -> None:
    house = House()
    house.add("Bilan")
    async with visiting(house) as client:
        assert (await found(client, f"{EVENTS}?{WHO}", **PRO))["total"] == 0
        assert (await client.get(f"{EVENTS}/1", headers=PRO)).status == 404
        assert (await client.get(EVENTS)).status == 401
        await sign_in(client, house, login="marc81durand")
        assert (await found(client, f"{EVENTS}?{WHO}"))["total"] == 0
