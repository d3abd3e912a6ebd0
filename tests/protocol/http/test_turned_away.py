"""Who deposits with nothing that proves him is told 401 and stands in the log, never in a flood."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from test_documents_door import LIMIT, MESSAGE, FixedClock, OneAnswer, OneSender
from vault_twins import MemoryTraces, MovedClock

from gateway.adapters.http.documents import DocumentsDoor, spoken
from gateway.adapters.http.fhir import FhirDoor
from gateway.adapters.http.senders import SenderGate
from gateway.clock import SystemIds
from gateway.flows.reading.decided.quiet import Quiet
from gateway.flows.receive import Here, Receive
from gateway.flows.signing_in.refusals import MAX_NOTED, Refusals
from gateway.records.intake.reading import DEFAULT_READING
from gateway.records.patients.patient import DESK

DOORS = {
    "/documents": ("POST", "http"),
    "/documents/r1": ("GET", "http"),
    "/fhir/DocumentReference": ("POST", "fhir"),
    "/fhir": ("POST", "fhir"),
}
Client = TestClient[web.Request, web.Application]


@pytest.fixture
def log() -> MemoryTraces:
    return MemoryTraces(MovedClock())


@pytest.fixture
async def client(log: MemoryTraces) -> AsyncIterator[Client]:
    async with answering(log) as client:
        yield client


@asynccontextmanager
async def answering(log: MemoryTraces, *, behind_proxy: bool = False) -> AsyncIterator[Client]:
    clock, journal = FixedClock(), OneAnswer()
    receive = Receive(journal, clock, SystemIds(), Here())
    gate = SenderGate(OneSender(), Refusals(traces=log, clock=clock), behind_proxy)
    documents = DocumentsDoor(receive, journal, gate, Quiet(clock), DEFAULT_READING, LIMIT)
    fhir = FhirDoor(receive, gate, DEFAULT_READING, LIMIT)
    app = web.Application()
    app.router.add_post("/documents", spoken(documents.post))
    app.router.add_get("/documents/{id}", spoken(documents.get))
    app.router.add_post("/fhir", fhir.post)
    app.router.add_post("/fhir/{type}", fhir.post)
    async with TestClient(TestServer(app)) as client:
        yield client


@pytest.mark.parametrize("shown", ["Bearer wrong", "Bearer ", "Basic YTpi", "DPoP x.y.z"])
@pytest.mark.parametrize("path", DOORS)
async def test_what_opens_nothing_is_an_entry_without_the_token(
    client: Client, log: MemoryTraces, path: str, shown: str
) -> None:
    method, door = DOORS[path]
    answer = await client.request(method, path, data=MESSAGE, headers={"Authorization": shown})
    assert answer.status == 401
    assert "token" in await answer.text()
    (one,) = [row.trace for row in log.rows]
    assert (one.patient, one.action, one.permitted) == (DESK, "login", False)
    assert (one.door, one.rule, one.kind) == (door, "token-token", "third_party")
    assert one.address == "127.0.0.1"
    assert b"wrong" not in one.details


@pytest.mark.parametrize(("behind_proxy", "told"), [(False, "127.0.0.1"), (True, "192.0.2.7")])
@pytest.mark.parametrize("path", ["/documents", "/fhir"])
async def test_an_address_is_forwarded_only_by_a_proxy_of_ours(
    log: MemoryTraces, path: str, behind_proxy: bool, told: str
) -> None:
    headers = {"Authorization": "Bearer wrong", "X-Forwarded-For": "10.0.0.1, 192.0.2.7"}
    async with answering(log, behind_proxy=behind_proxy) as client:
        assert (await client.post(path, data=MESSAGE, headers=headers)).status == 401
    (one,) = [row.trace for row in log.rows]
    assert one.address == told


async def test_nobody_at_all_is_no_try_and_a_flood_fills_no_log(
    client: Client, log: MemoryTraces
) -> None:
    assert (await client.post("/documents", data=MESSAGE)).status == 401
    assert log.rows == []
    for _ in range(MAX_NOTED + 9):
        headers = {"Authorization": "Bearer guess"}
        assert (await client.post("/documents", data=MESSAGE, headers=headers)).status == 401
    assert len(log.rows) == MAX_NOTED
