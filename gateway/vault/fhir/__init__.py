"""`/fhir` reads: the same flows as the pages, FHIR R4 out (FHIR.md sections 4 and 5)."""

from aiohttp import web

from gateway.vault.fhir import audit_events, contents, documents, lists, patients
from gateway.vault.fhir.porch import References
from gateway.vault.rooms import VaultRooms


def routes(rooms: VaultRooms) -> list[web.RouteDef]:
    kept = References()
    faces = (documents, lists, patients, contents, audit_events)
    return [route for face in faces for route in face.routes(rooms, kept)]
