"""AuditEvent: the access log of a record, to whom ACCESS lets read it (action trace)."""

import re
from dataclasses import dataclass

from aiohttp import web

from gateway.errors import DeniedError
from gateway.flows.reading.decided.asking import NOT_THERE
from gateway.flows.reading.history import MAX_HISTORY
from gateway.mapping.fhir.dates import date_agrees
from gateway.mapping.fhir.written.emit_audit import audit_event, interaction_of, type_of
from gateway.mapping.fhir.written.emit_capability import AUDIT_CRITERIA
from gateway.mapping.fhir.written.making import instant
from gateway.records.patients.account import Trace
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Reader, ReaderKind
from gateway.vault.fhir.porch import References, base_of, readable, resource, type_routes
from gateway.vault.fhir.search.asking import paged, question_of, searchset_of, whose
from gateway.vault.fhir.search.query import Search
from gateway.vault.fhir.search.tokens import token_agrees
from gateway.vault.rooms import ROOMS, VaultRooms

KIND = "AuditEvent"
NUMBER = re.compile(r"\d{1,18}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Event:
    """A trace as pages of a search take it."""

    trace: Trace

    @property
    def id(self) -> str:
        return str(self.trace.number)


def routes(rooms: VaultRooms, kept: References) -> list[web.RouteDef]:
    return type_routes(rooms, kept, KIND, search=search, read=read)


async def search(request: web.Request, reader: Reader) -> web.Response:
    """ITI-81, newest first unless `_sort=date`; empty for a record that is not there or not this
    reader's."""
    asked = await question_of(request, reader, AUDIT_CRITERIA)
    rooms = request[ROOMS]
    try:
        traces = await rooms.read.history(reader, asked.patient, limit=MAX_HISTORY)
    except DeniedError:
        traces = []
    events = [Event(trace) for trace in traces if _matches(trace, asked.search)]
    if asked.search.sort == "date":
        events.reverse()
    page = await paged(request, events, asked.search)
    patient = await whose(rooms, asked.patient) if page.shown else {}
    made = [audit_event(one.trace, patient, base_of(request)) for one in page.shown]
    return searchset_of(request, KIND, asked, page, made)


async def read(request: web.Request, reader: Reader) -> web.Response:
    """One entry of the reader's own record, or of the only one that he stands before."""
    readable(request)
    rooms, number = request[ROOMS], request.match_info["id"]
    record = reader.id if reader.kind is ReaderKind.PATIENT else reader.bound_to
    if not record or not NUMBER.fullmatch(number):
        raise DeniedError(NOT_THERE)
    patient = PatientKey(bytes.fromhex(record))
    found = await rooms.read.entry(reader, patient, int(number))
    return resource(audit_event(found, await whose(rooms, patient), base_of(request)))


def _matches(trace: Trace, asked: Search) -> bool:
    return all(_agrees(trace, name, value) for name, value in asked.wanted)


def _agrees(trace: Trace, name: str, value: str) -> bool:
    match name:
        case "date":
            return any(date_agrees(instant(trace.at), part) for part in value.split(","))
        case "type":
            return token_agrees([type_of(trace)], value)
        case "subtype":
            return token_agrees([interaction_of(trace)], value)
        case "outcome":
            return token_agrees(["0" if trace.trace.permitted else "4"], value)
        case _:
            return token_agrees([str(trace.number)], value)
