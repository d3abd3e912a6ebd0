"""The route table of the daemon as built: each door says who may call it, or it does not start."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from quiet_house import ABSENT, BLANK, OF_A_LINK
from vault_house import House
from vault_twins import MemoryPeople

import gateway
from gateway.adapters.http.documents import DocumentsDoor
from gateway.adapters.http.fhir import FhirDoor
from gateway.adapters.http.line import Lines
from gateway.adapters.http.senders import SenderGate
from gateway.adapters.monitoring.metrics import PrometheusMetrics, build_metrics_app
from gateway.daemon.doors import OpenDoors, open_http, unopened
from gateway.daemon.listening import bind
from gateway.daemon.rooms.web import build_web
from gateway.records.intake.reading import DEFAULT_READING
from gateway.records.readers.callers import Caller, callers_of, open_to
from gateway.settings import Address
from gateway.vault import fhir
from gateway.vault.entering.routes import ENTERING
from gateway.vault.leaving.routes import UNKNOWN
from gateway.vault.porch import Guest
from gateway.vault.rooms import VaultRooms

LIMIT = 1_000_000


async def _ready() -> str | None:
    return None


def built(rooms: VaultRooms | None = None) -> web.Application:
    """As `gateway serve` builds it, with the demo's clock."""
    house = House()
    rooms = rooms or house.rooms()
    gate = SenderGate(MemoryPeople())
    receive = rooms.deposits.receive
    documents = DocumentsDoor(receive, house.journal, gate, rooms.quiet, DEFAULT_READING, LIMIT)
    fhir = FhirDoor(receive, gate, DEFAULT_READING, LIMIT)
    return build_web(rooms, documents, fhir, _ready)


def table(app: web.Application) -> dict[tuple[str, str], frozenset[Caller]]:
    found = {}
    for route in app.router.routes():
        assert route.resource is not None
        found[route.method, route.resource.canonical] = callers_of(route.handler)
    return found


def test_every_route_of_the_daemon_says_who_may_call_it() -> None:
    assert unopened(built()) == []
    assert unopened(build_metrics_app(PrometheusMetrics())) == []
    said = table(built())
    assert said["GET", "/fhir/Binary/{id}"] == {
        Caller.PATIENT,
        Caller.PROFESSIONAL,
        Caller.APPLICATION,
    }
    assert said["GET", "/documents/{id}"] == {Caller.PATIENT, Caller.SENDER}
    assert said["POST", "/documents"] == {Caller.SENDER}
    assert said["POST", "/fhir/{type}"] == {Caller.SENDER, Caller.APPLICATION, Caller.PATIENT}
    assert said["GET", "/pro/documents/{id}"] == {Caller.PROFESSIONAL}


OPEN = {
    *("/health/live", "/health/ready", "/openapi.json", "/fhir/metadata", "/{rest}"),
    *("/static/{name}", "/favicon.svg", "/favicon.ico", "/worker.js", "/hors-ligne"),
    *("/aide", "/aide/accompagnement", "/aide/conditions"),
    *("/accessibilite", "/protection-donnees-personnelles", "/verifier"),
    *("/journal/checkpoint", "/journal/cle"),
    "/agenda/abonnement/{secret}.ics",  # a secret of 256 bits stands for a session
    *(f"/lien/{{secret}}{of}" for of in OF_A_LINK),  # likewise, and a code
    *("/connexion", "/connexion/code", "/connexion/nouveau", "/deconnexion"),
    *(one.path for one in (*ENTERING, *UNKNOWN)),
    *("/pro", "/pro/connexion", "/desk", "/desk/connexion"),
    *("/pro/psc", "/pro/psc/retour", "/pro/psc/exercice"),
    *("/catalogue", "/catalogue/{id}", "/autoriser", "/oauth/token", "/oauth/revoke"),
    *("/.well-known/smart-configuration", "/fhir/.well-known/smart-configuration"),
    "/",
}
"""Whoever adds an address that anybody may call writes it here too: the home page, help, proofs of
the log, signing in, coming into the own space, what services are and ask, and nothing of a
record."""


def test_no_more_than_these_addresses_are_for_anyone() -> None:
    said = table(built())
    assert {path for (_, path), callers in said.items() if Caller.ANYONE in callers} == OPEN


async def test_a_door_that_is_not_for_anyone_lets_nobody_in_without_saying_who_he_is() -> None:
    """What a door says of itself is what it does: to sign in, or 401."""
    app = built()
    shut = {one: callers for one, callers in table(app).items() if Caller.ANYONE not in callers}
    told = {}
    async with TestClient(TestServer(app)) as client:
        for method, path in shut:
            address = path.replace("$", "%24").replace("{id}", ABSENT).replace("{kind}", "page")
            address = address.replace("{lane}", "forward:lis")
            answer = await client.request(
                method, BLANK.sub("1", address), allow_redirects=False, data=b""
            )
            told[method, path] = answer.status, answer.headers.get("Location", "").partition("?")[0]
    signing_in = {"/connexion", "/pro/connexion", "/pro", "/desk/connexion", "/desk"}
    let_in = {
        door: said
        for door, said in told.items()
        if not (said[0] == 401 or (said[0] == 303 and said[1] in signing_in))
    }
    assert let_in == {}


def test_guests_of_the_porch_are_callers() -> None:
    assert {Caller(one) for one in Guest} == set(Caller) - {Caller.SENDER, Caller.APPLICATION}


def test_a_door_for_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match="somebody"):
        open_to(_ready)


async def _silent(_request: web.Request) -> web.Response:
    return web.Response()


@pytest.mark.parametrize(
    "route",
    [web.get("/dossiers", _silent), web.post("/fhir/$everything", _silent)],
    ids=["page", "operation"],
)
async def test_a_daemon_with_a_door_for_nobody_does_not_start(
    monkeypatch: pytest.MonkeyPatch, route: web.RouteDef
) -> None:
    """The mutant: one more route of the vault, that says nothing."""
    known = fhir.routes

    def more(rooms: VaultRooms) -> list[web.RouteDef]:
        return [*known(rooms), route]

    monkeypatch.setattr(fhir, "routes", more)
    mutant = built()
    assert {one.split()[1] for one in unopened(mutant)} == {route.path}
    opened = OpenDoors()
    with bind(Address("127.0.0.1", 0)) as listener, pytest.raises(RuntimeError, match="nobody"):
        await open_http(opened, mutant, listener, None, Lines("http", opened.away))
    assert opened.closing == []


def test_every_server_of_the_gateway_is_opened_where_its_doors_are_looked_at() -> None:
    """No other module serves HTTP: `open_http` sees each route table there is."""
    serving = re.compile(r"web\.(AppRunner|ServerRunner|run_app|Server\()|add_subapp")
    root = Path(gateway.__file__).parent
    found = {
        str(one.relative_to(root)) for one in root.rglob("*.py") if serving.search(one.read_text())
    }
    assert found == {"daemon/doors.py"}


def test_the_clock_of_the_demo_is_the_operators() -> None:
    house = House()

    async def wind(_by: object) -> Any:
        return house.clock.now()

    rooms = house.rooms()
    assert rooms.desk is not None
    said = table(built(replace(rooms, desk=replace(rooms.desk, wind=wind))))
    assert said["POST", "/desk/clock"] == {Caller.OPERATOR}
