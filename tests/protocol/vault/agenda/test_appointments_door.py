"""`/fhir/Appointment` of senders: statuses and headers of each answer (VAULT AGE-10)."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from vault_house import CLAIRE, NAMES, House, key_of

from gateway.adapters.http.appointments import appointment_routes
from gateway.adapters.http.fhir import FhirDoor
from gateway.adapters.http.fhir_answers import FHIR_JSON
from gateway.adapters.http.senders import SenderGate
from gateway.clock import SystemIds
from gateway.flows.agenda.sending import SendAppointments
from gateway.flows.receive import Here, Receive
from gateway.flows.signing_in.tries import hash_secret
from gateway.records.intake.finding import Verdict
from gateway.records.intake.reading import DEFAULT_READING
from gateway.records.patients.account import AccountState, SenderAccount

PLACE = "/fhir/Appointment"
HEADERS = {"Authorization": "Bearer secret", "Content-Type": FHIR_JSON}
OID = "urn:oid:1.2.250.1.213.1.4.10"
Client = TestClient[web.Request, web.Application]


class OneSender:
    """Satisfies what the gate asks of people."""

    async def sender(self, token: bytes) -> SenderAccount | None:
        return SenderAccount(name="labo") if token == hash_secret("secret") else None

    async def sender_by_certificate(self, _fingerprint: str) -> SenderAccount | None:
        return None


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
async def client(house: House) -> AsyncIterator[Client]:
    rooms = house.rooms()
    receive = Receive(house.journal, house.clock, SystemIds(), Here())
    door = FhirDoor(receive, SenderGate(OneSender()), DEFAULT_READING, 1_000_000)  # type: ignore[arg-type]  # what it asks
    sending = SendAppointments(
        asking=rooms.read,
        agendas=house.agendas,
        names=NAMES,
        senders=frozenset({"labo"}),
    )
    app = web.Application()
    app.add_routes(appointment_routes(door, sending))
    async with TestClient(TestServer(app)) as browser:
        yield browser


def written(house: House, ins: str | None = CLAIRE.ins, **said: Any) -> bytes:
    at = house.clock.now() + timedelta(days=10)
    actor = {"type": "Patient", "identifier": {"system": OID, "value": ins}}
    told = {
        "resourceType": "Appointment",
        "identifier": [{"system": "urn:rdv", "value": "7"}],
        "status": "booked",
        "start": at.isoformat(),
        "end": (at + timedelta(minutes=30)).isoformat(),
        "participant": [{"actor": actor, "status": "accepted"}],
    }
    return json.dumps(told | said).encode()


async def test_an_appointment_is_made_read_found_and_changed(house: House, client: Client) -> None:
    made = await client.post(PLACE, data=written(house), headers=HEADERS)
    place = made.headers["Location"]
    again = await client.post(PLACE, data=written(house), headers=HEADERS)
    assert [made.status, again.status] == [201, 200]
    assert again.headers["Location"] == place
    read = await client.get(place, headers=HEADERS)
    assert (read.status, read.headers["ETag"]) == (200, 'W/"1"')
    assert (await read.json())["id"] == place.rpartition("/")[2]
    changed = await client.put(
        f"{PLACE}?identifier=urn:rdv|7", data=written(house, status="cancelled"), headers=HEADERS
    )
    assert (changed.status, changed.headers["ETag"]) == (200, 'W/"2"')
    stale = await client.put(place, data=written(house), headers=HEADERS | {"If-Match": 'W/"1"'})
    assert stale.status == 412
    found = [
        (await (await client.get(f"{PLACE}?{query}", headers=HEADERS)).json())["total"]
        for query in (
            "identifier=urn:rdv|7",
            f"actor:identifier={OID}|{CLAIRE.ins}",
            f"actor:identifier={OID}|{CLAIRE.ins}&status=cancelled&date=ge2026-01-01",
            f"actor:identifier={OID}|{CLAIRE.ins}&status=booked",
            f"actor:identifier={OID}|{CLAIRE.ins}&date=lt2001-01-01",
        )
    ]
    assert found == [1, 1, 1, 0, 0]
    (kept,) = house.agendas.kept.values()
    assert kept.patient == key_of(CLAIRE)


async def test_of_a_record_that_is_closed_nothing_is_read_by_any_way(
    house: House, client: Client
) -> None:
    made = await client.post(PLACE, data=written(house), headers=HEADERS)
    assert made.status == 201
    claire = house.people.persons[key_of(CLAIRE)]
    house.people.persons[claire.key] = replace(claire, state=AccountState.CLOSED)
    read = await client.get(made.headers["Location"], headers=HEADERS)
    assert read.status == 403
    for query in ("identifier=urn:rdv|7", f"actor:identifier={OID}|{CLAIRE.ins}"):
        found = await client.get(f"{PLACE}?{query}", headers=HEADERS)
        assert (found.status, (await found.json())["total"]) == (200, 0), query
        assert not house.traces.rows[-1].trace.permitted


async def test_nobody_known_is_held_with_a_receipt(house: House, client: Client) -> None:
    held = await client.post(PLACE, data=written(house, "199999999999999"), headers=HEADERS)
    assert held.status == 202
    assert (await held.json())["resourceType"] == "OperationOutcome"
    ((_, answer),) = house.journal.taken.values()
    assert answer.verdict is Verdict.HOLD
    assert house.agendas.kept == {}


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"end": "2001-01-01T00:00:00Z"}, 422),
        ({"status": "perhaps"}, 422),
        ({"resourceType": "Slot"}, 400),
    ],
)
async def test_what_is_wrong_is_told_with_its_status(
    house: House, client: Client, said: dict[str, Any], status: int
) -> None:
    answer = await client.post(PLACE, data=written(house, **said), headers=HEADERS)
    assert answer.status == status
    assert (await answer.json())["resourceType"] == "OperationOutcome"


async def test_other_content_under_the_same_identifier_is_a_conflict(
    house: House, client: Client
) -> None:
    await client.post(PLACE, data=written(house), headers=HEADERS)
    other = await client.post(PLACE, data=written(house, status="pending"), headers=HEADERS)
    assert other.status == 409


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", PLACE, 400),
        ("GET", f"{PLACE}/{'0' * 32}", 404),
        ("PUT", f"{PLACE}/{'0' * 32}", 404),
        ("PUT", f"{PLACE}?identifier=urn:rdv|8", 400),
    ],
)
async def test_what_is_not_there_or_not_asked_well_says_so(
    house: House, client: Client, method: str, path: str, status: int
) -> None:
    body = written(house) if method == "PUT" else None
    assert (await client.request(method, path, data=body, headers=HEADERS)).status == status


async def test_without_a_token_nothing_is_told(client: Client) -> None:
    for method, path in (("GET", PLACE), ("PUT", PLACE), ("GET", f"{PLACE}/{'0' * 32}")):
        assert (await client.request(method, path)).status == 401
