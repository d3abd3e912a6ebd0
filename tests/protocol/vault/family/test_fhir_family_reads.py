"""AuditEvent before another's record: what a parent finds he may also read by its id."""

from typing import Any

from family_house import LEO, ROSE, Client, family, open_profile
from vault_house import CLAIRE, INS_TEST, PRO_TOKEN, key_of, sign_in, visiting

from gateway.records.patients.patient import PatientIdentity

PRO = {"Authorization": f"Bearer {PRO_TOKEN}"}
EVENTS = "/fhir/AuditEvent"


async def events_of(client: Client, who: PatientIdentity) -> list[dict[str, Any]]:
    asked = {"patient.identifier": f"urn:oid:{INS_TEST}|{who.ins}"}
    answer = await client.get(EVENTS, params=asked)
    assert answer.status == 200, await answer.text()
    return [one["resource"] for one in (await answer.json()).get("entry", [])]


async def test_a_parent_reads_by_id_what_the_log_of_the_child_holds() -> None:
    house = family()
    his, mine = house.add("Vaccin de Léo", owner=LEO), house.add("Bilan de Claire")
    async with visiting(house) as client:
        for name in (his, mine):
            await client.get(f"/fhir/DocumentReference/{name}", headers=PRO)
        await sign_in(client, house)
        own = (await events_of(client, CLAIRE))[0]["id"]
        assert await open_profile(client, LEO) == 303
        found = (await events_of(client, LEO))[-1]
        read = await client.get(f"{EVENTS}/{found['id']}")
        assert read.status == 200
        assert await read.json() == found
        assert (await client.get(f"{EVENTS}/{own}")).status == 404


async def test_a_caregiver_finds_and_reads_no_entry_of_the_log() -> None:
    house = family()
    name = house.add("Lettre de Rose", owner=ROSE)
    async with visiting(house) as client:
        await client.get(f"/fhir/DocumentReference/{name}", headers=PRO)
        number = next(row.number for row in house.traces.rows if row.trace.patient == key_of(ROSE))
        await sign_in(client, house, login="marc81durand")
        assert await open_profile(client, ROSE) == 303
        assert await events_of(client, ROSE) == []
        assert (await client.get(f"{EVENTS}/{number}")).status == 404
