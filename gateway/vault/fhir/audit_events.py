"""AuditEvent: the access log of a record, to whom ACCESS lets read it (action trace)."""

import re
from dataclasses import dataclass

from aiohttp import web

from gateway.errors import DeniedError
from gateway.flows.reading.decided.asking import NOT_THERE
from gateway.flows.reading.history import MAX_HISTORY
from gateway.mapping.fhir.written.emit import searchset
from gateway.mapping.fhir.written.emit_audit import audit_event, interaction_of, type_of
from gateway.mapping.fhir.written.emit_capability import AUDIT_CRITERIA
from gateway.mapping.fhir.written.making import instant
from gateway.records.patients.account import Trace
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Reader, ReaderKind
from gateway.vault.fhir.asking import links_of, question_of, warnings_of, whose
from gateway.vault.fhir.dates import date_agrees
from gateway.vault.fhir.pages import page_of
from gateway.vault.fhir.porch import References, base_of, door, quietly, readable, resource
from gateway.vault.fhir.query import Search
from gateway.vault.fhir.tokens import token_agrees
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
    return [
        web.get(f"/fhir/{KIND}", door(rooms, kept, search)),
        web.post(f"/fhir/{KIND}/_search", door(rooms, kept, search)),
        web.get(f"/fhir/{KIND}/{{id}}", door(rooms, kept, read)),
    ]


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
    if not events:
        await quietly(request)
    page = page_of(events, asked.search, rooms.clock.now())
    patient = await whose(rooms, asked.patient) if page.shown else {}
    base = base_of(request)
    return resource(
        searchset(
            [audit_event(one.trace, patient, base) for one in page.shown],
            base=base,
            total=page.total,
            links=links_of(request, KIND, asked, page.next),
            issues=warnings_of(asked.search),
        )
    )


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
