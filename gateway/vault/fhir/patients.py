"""Patient: whose record it is, for whom it is open; so a search may name it by its id (IPA)."""

import orjson
from aiohttp import web

from gateway.errors import DeniedError
from gateway.flows.reading.decided.asking import NOBODY, NOT_THERE
from gateway.mapping.fhir.written.emit_patient import patient
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Reader
from gateway.vault.fhir.porch import (
    References,
    quietly,
    readable,
    resource,
    type_routes,
    unless_known,
    wanted_id,
)
from gateway.vault.fhir.search.asking import question_of, searchset_of
from gateway.vault.fhir.search.pages import Page
from gateway.vault.rooms import ROOMS, VaultRooms

KIND = "Patient"
NAMES = {"identifier": "patient.identifier", "_id": "patient"}
"""How the parameters of this type are called elsewhere."""


def routes(rooms: VaultRooms, kept: References) -> list[web.RouteDef]:
    return type_routes(rooms, kept, KIND, search=search, read=read)


async def search(request: web.Request, reader: Reader) -> web.Response:
    """One person or none, by `identifier` or `_id`."""
    question = await question_of(request, reader, (), _meant)
    made = await _found(request[ROOMS], reader, question.patient)
    if made is None:
        await quietly(request)
    found = [] if made is None else [made]
    shown = found[: question.search.count]
    return searchset_of(request, KIND, question, Page(shown, len(found), ""), shown)


def _meant(name: str, value: str) -> tuple[str, str]:
    return NAMES.get(name, name), value


async def read(request: web.Request, reader: Reader) -> web.Response:
    readable(request)
    made = await _found(request[ROOMS], reader, _key(wanted_id(request)))
    if made is None:
        raise DeniedError(NOT_THERE)
    return unless_known(request, resource(made), orjson.loads(made)["meta"]["versionId"])


def _key(name: str) -> PatientKey:
    """What is no key of ours is looked for as nobody's: as dear as one that is not there."""
    try:
        return PatientKey(bytes.fromhex(name))
    except ValueError:
        return NOBODY


async def _found(rooms: VaultRooms, reader: Reader, key: PatientKey) -> bytes | None:
    """Told in the log as a list of the record: its title page."""
    try:
        listing = await rooms.read.list_documents(reader, key)
    except DeniedError:
        return None
    person = await rooms.people.person(key) if listing.standing.permitted else None
    return patient(person) if person else None
