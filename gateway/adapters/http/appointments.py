"""The FHIR door of appointments, for senders (VAULT AGE-10; GAP 3.0.0).

Create, update by id or by identifier, read and search, each of a sender's own alone. What cannot
be joined to a person is kept like a document whose identity is not qualified: 202.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from email.utils import format_datetime

import structlog
from aiohttp import web

from gateway.adapters.http.deposit_request import BadDepositError, ended, read_body
from gateway.adapters.http.fhir import TYPES, FhirDoor, fault_of
from gateway.adapters.http.fhir_answers import (
    FHIR_JSON,
    GUARDED,
    fhir_json,
    outcome,
    told,
    unknown_token,
)
from gateway.adapters.http.senders import bearer_of
from gateway.errors import DeniedError, GatewayError, RefusedError
from gateway.flows.agenda.sending import HeldError, SendAppointments, Sent, StaleVersionError
from gateway.flows.receive import Delivery, read_for
from gateway.mapping.fhir.appointments import KIND, appointment_in, appointment_resource
from gateway.mapping.fhir.dates import date_agrees
from gateway.mapping.fhir.taken.resources.people import identity_of
from gateway.mapping.fhir.written.emit import searchset
from gateway.mapping.fhir.written.outcome import outcome_json, refusal_status
from gateway.records.agenda.appointment import Appointment
from gateway.records.intake.filing import Door
from gateway.records.intake.finding import Finding, Verdict
from gateway.records.intake.understanding import Format, Understanding
from gateway.records.numbers import whole
from gateway.records.patients.account import SenderAccount
from gateway.records.readers.callers import Caller, open_to

log = structlog.get_logger()
PLACE = f"/fhir/{KIND}"
MAX_RESOURCE_BYTES = 200_000
MAX_COUNT = 200
VERSION = re.compile(r'W/"(\d{1,9})"', re.ASCII)
PATIENTS = ("actor:identifier", "patient:identifier", "patient.identifier", "actor.identifier")
KNOWN = frozenset({*PATIENTS, "identifier", "status", "date", "_count", "_format"})
NOT_FOUND = "No such appointment of this sender."
Asked = Callable[[web.Request, SenderAccount], Awaitable[web.Response]]


@dataclass(frozen=True, slots=True)
class AppointmentDoor:
    """`fhir` is the door of everything else that is posted: an application goes there."""

    fhir: FhirDoor
    appointments: SendAppointments

    async def post(self, request: web.Request) -> web.Response:
        if await self.fhir.gate.sender(request) is None:
            return await self.fhir.post(request)
        return await self._answer(request, self._create)

    async def put(self, request: web.Request) -> web.Response:
        """By id, or with `?identifier=system|value`."""
        return await self._answer(request, self._update)

    async def read(self, request: web.Request) -> web.Response:
        return await self._answer(request, self._read)

    async def search(self, request: web.Request) -> web.Response:
        return await self._answer(request, self._search)

    async def _answer(self, request: web.Request, asked: Asked) -> web.Response:
        account = await self.fhir.gate.sender(request)
        if account is None:
            await self.fhir.gate.turned_away(request, door=Door.FHIR)
            return unknown_token(bearer_of(request))
        try:
            return await asked(request, account)
        except BadDepositError as error:
            return ended(outcome(error.status, error.code, error.message), error)
        except GatewayError as error:
            return _no(error)
        except Exception:
            log.exception("fhir.failed")
            return outcome(500, "internal", "Internal error. Send again later, unchanged.")

    async def _create(self, request: web.Request, account: SenderAccount) -> web.Response:
        raw = await self._raw(request)
        said = appointment_in(raw, max_bytes=MAX_RESOURCE_BYTES)
        try:
            sent = await self.appointments.create(account, said, self._peer(request))
        except HeldError as error:
            return await self._held(account, raw, error)
        return _sent(sent)

    async def _update(self, request: web.Request, account: SenderAccount) -> web.Response:
        raw, asked = await self._raw(request), request.match_info.get("id", "")
        said = appointment_in(raw, max_bytes=MAX_RESOURCE_BYTES)
        if not asked and request.query.get("identifier") != said.identifier:
            message = "The identifier in the address is that of the resource: system|value."
            return outcome(400, "fhir-condition", message)
        stands = VERSION.fullmatch(request.headers.get("If-Match", ""))
        try:
            sent = await self.appointments.update(
                account,
                said,
                self._peer(request),
                appointment=asked,
                version=int(stands[1]) if stands else None,
            )
        except HeldError as error:
            return await self._held(account, raw, error)
        return _sent(sent)

    async def _read(self, request: web.Request, account: SenderAccount) -> web.Response:
        wanted = request.match_info["id"]
        one = await self.appointments.read(account, wanted, self._peer(request))
        return _resource(one)

    async def _search(self, request: web.Request, account: SenderAccount) -> web.Response:
        """By patient or by identifier: a sender has no list of all that it ever told."""
        asked = request.query
        patient = next((asked[one] for one in PATIENTS if one in asked), "")
        peer = self._peer(request)
        if patient:
            system, _, value = patient.partition("|")
            identity = identity_of({"identifier": [{"system": system, "value": value}]})
            found = await self.appointments.of_patient(account, identity, peer)
        elif asked.get("identifier"):
            found = await self.appointments.identified(account, asked["identifier"], peer)
        else:
            return outcome(400, "fhir-search", "Search by actor:identifier or by identifier.")
        found = [one for one in found if _agrees(request, one)][: _count(request)]
        unknown = sorted(set(asked) - KNOWN)
        issues = [_ignored(one) for one in unknown]
        body = searchset(
            [appointment_resource(one) for one in found],
            base=_base(request),
            total=len(found),
            links={"self": str(request.url)},
            issues=issues,
        )
        return web.Response(body=body, headers=GUARDED, content_type=FHIR_JSON)

    async def _raw(self, request: web.Request) -> bytes:
        """Raises BadDepositError, and RefusedError for a type that is not JSON."""
        raw = await read_body(request, MAX_RESOURCE_BYTES, seconds=self.fhir.request_seconds)
        if request.content_type not in TYPES and (wrong := fault_of(request, raw)):
            raise RefusedError(wrong.message, finding=wrong)
        return raw

    async def _held(self, account: SenderAccount, raw: bytes, error: HeldError) -> web.Response:
        """Durable, for a person to look at: a receipt like that of any deposit."""
        delivery = Delivery(
            sender=account.name,
            organization=account.organization,
            door=Door.FHIR,
            raw=raw,
            reading=read_for(self.fhir.reading, account),
            declared=Format.FHIR,
        )
        findings: tuple[Finding, ...] = (error.finding,) if error.finding else ()
        held = Understanding(format=Format.FHIR, verdict=Verdict.HOLD, findings=findings)
        answer = (await self.fhir.receive.file_all(delivery, [held]))[0].answer
        return fhir_json(202, outcome_json(answer.findings))

    def _peer(self, request: web.Request) -> str:
        return self.fhir.gate.peer(request)


def _no(error: GatewayError) -> web.Response:
    """What is not this sender's is told as what is not there."""
    if isinstance(error, StaleVersionError):
        return outcome(412, "version", str(error))
    if isinstance(error, RefusedError) and error.finding is not None:
        found = [error.finding]
        return fhir_json(refusal_status(found), outcome_json(found))
    if isinstance(error, DeniedError) and not error.rule:
        return outcome(404, "not-found", NOT_FOUND)
    return told(error)


def _sent(sent: Sent) -> web.Response:
    response = _resource(sent.appointment, status=201 if sent.made else 200)
    response.headers["Location"] = f"{PLACE}/{sent.appointment.id}"
    return response


def _resource(one: Appointment, *, status: int = 200) -> web.Response:
    response = web.Response(
        status=status, body=appointment_resource(one), headers=GUARDED, content_type=FHIR_JSON
    )
    response.headers["ETag"] = f'W/"{one.version}"'
    response.headers["Last-Modified"] = format_datetime(one.changed_at, usegmt=True)
    return response


def _agrees(request: web.Request, one: Appointment) -> bool:
    asked, start = request.query, one.meeting.starts_at.isoformat()
    statuses = [told.rpartition("|")[2] for told in asked.get("status", "").split(",") if told]
    if statuses and one.meeting.status.value not in statuses:
        return False
    return all(date_agrees(start, told) for told in asked.getall("date", []))


def _count(request: web.Request) -> int:
    asked = whole(request.query.get("_count", ""))
    return MAX_COUNT if asked is None else min(asked, MAX_COUNT)


def _ignored(name: str) -> dict[str, str]:
    text = f"This search parameter is not known here: {name[:40]}"
    return {"severity": "warning", "code": "not-supported", "diagnostics": text}


def _base(request: web.Request) -> str:
    return f"{request.scheme}://{request.host}/fhir"


def appointment_routes(fhir: FhirDoor, appointments: SendAppointments) -> list[web.RouteDef]:
    """Before those of any other type."""
    door = AppointmentDoor(fhir, appointments)

    async def post(request: web.Request) -> web.Response:
        return await door.post(request)

    async def put(request: web.Request) -> web.Response:
        return await door.put(request)

    async def search(request: web.Request) -> web.Response:
        return await door.search(request)

    async def read(request: web.Request) -> web.Response:
        return await door.read(request)

    return [
        web.post(PLACE, open_to(post, Caller.SENDER, Caller.APPLICATION)),
        web.put(PLACE, open_to(put, Caller.SENDER)),
        web.put(f"{PLACE}/{{id}}", open_to(put, Caller.SENDER)),
        web.get(PLACE, open_to(search, Caller.SENDER)),
        web.get(f"{PLACE}/{{id}}", open_to(read, Caller.SENDER)),
    ]
