"""Every door of the daemon before Claire's browser and a service of hers that measures sugar."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import Any

from aiohttp import CookieJar, web
from aiohttp.test_utils import TestClient, TestServer
from vault_house import CLAIRE, Browser, House, key_of
from vault_twins import NOW, MemoryPeople

from gateway.adapters.http.appointments import appointment_routes
from gateway.adapters.http.documents import DocumentsDoor
from gateway.adapters.http.fhir import FhirDoor
from gateway.adapters.http.senders import SenderGate
from gateway.daemon.rooms.web import build_web
from gateway.flows.agenda.sending import SendAppointments
from gateway.flows.measures.taking import TakeMeasures
from gateway.records.intake.reading import DEFAULT_READING
from gateway.records.patients.account import Choice, ChoiceKind
from gateway.records.readers.access import Reader, ReaderKind
from gateway.vault.fhir.readers import application_of, own_session

FHIR = {"Content-Type": "application/fhir+json"}
LIMIT = 100_000
SCOPES = ("sync", "write", "read")
GLYCO = "glyco"
BY_APPLICATION = FHIR | {"Authorization": f"Bearer {GLYCO}"}
WHO = {"system": f"urn:oid:{CLAIRE.ins_oid}", "value": CLAIRE.ins}
SEARCH = f"/fhir/Observation?patient.identifier=urn:oid:{CLAIRE.ins_oid}|{CLAIRE.ins}"


def glucose(value: float = 112, at: str = "2026-03-12T07:12:00+01:00", **more: Any) -> Any:
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "2345-7"}]},
        "subject": {"identifier": WHO},
        "effectiveDateTime": at,
        "valueQuantity": {"value": value, "unit": "mg/dL", "code": "mg/dL"},
        **more,
    }


def bundle(*resources: Any) -> Any:
    entries = [
        {"resource": one, "request": {"method": "POST", "url": one["resourceType"]}}
        for one in resources
    ]
    return {"resourceType": "Bundle", "type": "transaction", "entry": entries}


def _glyco(scopes: tuple[str, ...]) -> Reader:
    return Reader(
        kind=ReaderKind.APPLICATION,
        id=GLYCO,
        name="GlycoSuivi",
        scopes=scopes,
        bound_to=key_of(CLAIRE).hex(),
    )


async def _ready() -> str | None:
    return None


@asynccontextmanager
async def whole(house: House, scopes: tuple[str, ...] = SCOPES) -> AsyncIterator[Browser]:
    """Her service has these scopes. What a launch gave is asked of the vault by its own token."""

    async def service(token: str) -> Reader | None:
        return _glyco(scopes) if token == GLYCO else await application_of(rooms, token)

    given = Choice(
        kind=ChoiceKind.APPLICATION, target=GLYCO, since=NOW - timedelta(days=1), scopes=scopes
    )
    house.people.chosen[key_of(CLAIRE)].append(given)
    rooms, gate = house.rooms(), SenderGate(MemoryPeople())
    receive, medical = rooms.deposits.receive, rooms.medical
    assert medical is not None
    fhir = FhirDoor(
        receive,
        gate,
        DEFAULT_READING,
        LIMIT,
        application=service,
        person=partial(own_session, rooms),
        take=TakeMeasures(medical=medical, names=rooms.names),
        using=rooms.using,
    )
    documents = DocumentsDoor(receive, house.journal, gate, rooms.quiet, DEFAULT_READING, LIMIT)
    sending = SendAppointments(
        asking=rooms.read,
        agendas=house.agendas,
        names=rooms.names,
        senders=frozenset(),
    )
    app: web.Application = build_web(
        rooms, documents, fhir, _ready, appointments=appointment_routes(fhir, sending)
    )
    async with TestClient(TestServer(app), cookie_jar=CookieJar(unsafe=True)) as client:
        yield client


async def sent(client: Browser, body: Any, path: str = "/fhir/Observation", **said: Any) -> Any:
    answer = await client.post(path, json=body, headers=said.get("headers", FHIR))
    return answer.status, await answer.json()


async def found(client: Browser, more: str = "") -> list[Any]:
    answer = await client.get(SEARCH + more)
    assert answer.status == 200
    told = await answer.json()
    return [one["resource"] for one in told.get("entry", []) if one["search"]["mode"] == "match"]
