"""One HTTP door, several faces: senders, patients, professionals, FHIR, health."""

from collections.abc import Awaitable, Callable, Sequence

from aiohttp import web

from gateway.adapters.http.documents import DocumentsDoor, Handler, spoken
from gateway.adapters.http.fhir import FhirDoor
from gateway.adapters.http.line import nameless
from gateway.adapters.http.openapi import openapi
from gateway.adapters.monitoring.health import Check, health_routes
from gateway.records.readers.callers import Caller, open_to
from gateway.vault.app import build_vault, missing_page
from gateway.vault.headers import secure
from gateway.vault.rooms import VaultRooms

FORM_BYTES = 1_000_000


def build_web(
    rooms: VaultRooms,
    documents: DocumentsDoor,
    fhir: FhirDoor,
    ready: Check,
    dmp: Sequence[web.RouteDef] = (),
    appointments: Sequence[web.RouteDef] = (),
) -> web.Application:
    """The whole route table; what nobody answers is the vault's « Cette page n'existe pas ».

    `dmp` are the routes of the DMP door, none where it is closed.
    """
    app = web.Application(client_max_size=FORM_BYTES)
    app.on_response_prepare.append(guarding(https=rooms.secure_cookies))
    app.router.add_routes(health_routes(ready))
    app.router.add_get("/openapi.json", open_to(openapi, Caller.ANYONE))
    app.router.add_post("/documents", open_to(spoken(documents.post), Caller.SENDER))
    app.router.add_routes(dmp)
    app.router.add_routes(appointments)
    app.router.add_routes(build_vault(rooms, receipt=spoken(documents.get)))
    deposit = open_to(deposited(fhir), Caller.SENDER, Caller.APPLICATION, Caller.PATIENT)
    for base in ("/fhir", "/fhir/"):
        app.router.add_post(base, deposit)
    app.router.add_post("/fhir/{type}", deposit)
    app.router.add_route("*", r"/{rest:[\s\S]*}", missing_page(rooms))
    return app


def guarding(*, https: bool) -> Callable[[web.Request, web.StreamResponse], Awaitable[None]]:
    """What no answer of any door leaves without; a page or a document says more itself."""

    async def guard(_request: web.Request, response: web.StreamResponse) -> None:
        secure(response.headers, https=https, content_type=response.content_type)
        nameless(response.headers)

    return guard


def deposited(fhir: FhirDoor) -> Handler:
    """A function of its own: a bound method cannot bear whom it is open to."""

    async def post(request: web.Request) -> web.Response:
        return await fhir.post(request)

    return post
