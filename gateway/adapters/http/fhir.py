"""The FHIR deposit door: `POST /fhir` (ITI-65, document Bundle) and `POST /fhir/{type}`."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

import structlog
from aiohttp import web
from msgspec import structs

from gateway.access.scopes import CREATED
from gateway.adapters.http.deposit_request import (
    REQUEST_SECONDS,
    BadDepositError,
    ended,
    fault,
    idempotency_key,
    read_body,
)
from gateway.adapters.http.fhir_answers import (
    FHIR_JSON,
    TRANSACTION,
    answered,
    beyond_scope,
    fhir_json,
    outcome,
    preferred,
    told,
    took,
    unknown_token,
)
from gateway.adapters.http.senders import SenderGate, bearer_of
from gateway.errors import DeniedError, GatewayError, RefusedError
from gateway.flows.catalogue.boundary import BASE, may_write
from gateway.flows.catalogue.using import Using
from gateway.flows.measures.taking import TakeMeasures
from gateway.flows.receive import Delivery, Receive, Received, read_for
from gateway.mapping.fhir.json import bundle_type, load_json, master_identifier, resource_type
from gateway.mapping.fhir.taken.bundles.conditions import MESSAGE, is_kept
from gateway.mapping.fhir.written.outcome import outcome_json, refusal_status
from gateway.records.intake.filing import Door
from gateway.records.intake.finding import Finding, Verdict
from gateway.records.intake.reading import Reading
from gateway.records.intake.understanding import Format
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Reader, ReaderKind

log = structlog.get_logger()
TYPES = frozenset({FHIR_JSON, "application/json"})
DOCUMENTS, MEASURES = "DocumentReference", "Observation"
"""How what a service wrote is counted, in whatever it came."""
IF_NONE_EXIST = "If-None-Exist"
RECEIPT_LINK = '</documents/{receipt}>; rel="status"'
"""Where a sender reads the fate of what it sent (CONTRACT section 2; RFC 8631)."""
APPLICATIONS = "app/"
"""How a receipt names a service and its patient; no account of a software holds a slash. Copies
and keys are a sender's own, so those of one patient are never answered to another."""
Application = Callable[[str], Awaitable[Reader | None]]


Session = Callable[[web.Request], Awaitable[tuple[Reader, PatientKey] | None]]
"""Who is signed in on the patient's side, and whose record that person looks at."""
NOT_MEASURES = "A session sends measures here (Observation); documents are added on the pages."
NO_RECORD = "No such record, or not for you."


async def no_session(_request: web.Request) -> None:
    """Nobody signs in here."""


async def nobody(_token: str) -> None:
    """No service acts for anybody here."""


@dataclass(frozen=True, slots=True)
class FhirDoor:
    """Deposits of senders as FHIR; reading is the vault's."""

    receive: Receive
    gate: SenderGate
    reading: Reading
    max_body_bytes: int
    request_seconds: float = REQUEST_SECONDS
    application: Application = nobody
    """Who shows a token of a service that acts for a patient (VAULT APP-06)."""
    person: Session = no_session
    take: TakeMeasures | None = None
    """Where measures are kept, of such a service or of a person who is signed in."""
    using: Using | None = None
    """Where what such a service brings is counted, or refused (VAULT APP-04)."""

    async def post(self, request: web.Request) -> web.Response:
        """Takes one resource; every refusal is an OperationOutcome (FHIR.md section 5)."""
        delivery = await self._delivery(request)
        if delivery is None and (own := await self.person(request)) is not None:
            return await self._own(request, *own)
        if delivery is None:
            await self.gate.turned_away(request, door=Door.FHIR)
            return unknown_token(bearer_of(request))
        key, misnamed = idempotency_key(request)
        try:
            raw = await read_body(request, self.max_body_bytes, seconds=self.request_seconds)
        except BadDepositError as error:
            return ended(outcome(error.status, error.code, error.message), error)
        wanted = request.match_info.get("type")
        if not await self._is_given(delivery.depositor, wanted, raw):
            return beyond_scope()
        if delivery.depositor is not None and request.content_type in TYPES:
            patient = PatientKey(bytes.fromhex(delivery.depositor.bound_to or ""))
            if (answer := await self._measures(delivery.depositor, patient, raw)) is not None:
                return answer
        if request.content_type not in TYPES:
            delivery = structs.replace(delivery, declared=Format.UNKNOWN)
        delivery = structs.replace(delivery, raw=raw, idempotency_key=key)
        return await self._filed(
            delivery, fault_of(request, raw) or misnamed, wanted=wanted, returns=preferred(request)
        )

    async def _count(self, reader: Reader | None, kind: str, written: int) -> None:
        """Of a service: what it wrote is told to the patient (VAULT APP-06)."""
        if reader is not None and reader.kind is ReaderKind.APPLICATION and self.using:
            await self.using.wrote(reader, kind, written)

    async def _is_given(self, service: Reader | None, wanted: str | None, raw: bytes) -> bool:
        """Of a service: whether a scope names what it brings; the refusal is traced."""
        kind = wanted or BASE
        if service is None or may_write(service.scopes, kind, CREATED, raw):
            return True
        if self.using is not None:
            await self.using.refuse(service, kind, CREATED)
        return False

    async def _own(self, request: web.Request, reader: Reader, patient: PatientKey) -> web.Response:
        """The person of a session writes measures, and deposits documents on the pages."""
        try:
            raw = await read_body(request, self.max_body_bytes, seconds=self.request_seconds)
        except BadDepositError as error:
            return ended(outcome(error.status, error.code, error.message), error)
        if request.content_type not in TYPES:
            return outcome(415, "unsupported-type", f"Content-Type is {FHIR_JSON}.")
        came = replace(reader, door="fhir", address=self.gate.peer(request))
        answer = await self._measures(came, patient, raw)
        return answer or outcome(403, "denied", NOT_MEASURES)

    async def _measures(
        self, reader: Reader, patient: PatientKey, raw: bytes
    ) -> web.Response | None:
        """None for what is no measure: a deposit (VAULT MEA-09)."""
        if self.take is None or not may_be_measures(raw):
            return None
        try:
            resource = load_json(raw, max_bytes=self.max_body_bytes)
            if not self.take.takes(resource):
                return None
            taken = await self.take(reader, patient, resource)
            if not taken.findings:
                await self._count(reader, MEASURES, taken.written)
            return took(taken)
        except RefusedError as error:
            found = error.finding or fault("refused", str(error))
            return fhir_json(refusal_status([found]), outcome_json([found]))
        except DeniedError:
            return outcome(404, "denied", NO_RECORD)
        except GatewayError as error:
            return told(error)

    async def _delivery(self, request: web.Request) -> Delivery | None:
        """Who sends, before anything is read: a sender, or an application of a patient."""
        sender = await self.gate.sender(request)
        if sender is not None:
            return Delivery(
                sender=sender.name,
                organization=sender.organization,
                door=Door.FHIR,
                raw=b"",
                reading=read_for(self.reading, sender),
                declared=Format.FHIR,
            )
        application = await self.application(bearer_of(request))
        if application is None:
            return None
        came = replace(application, door="fhir", address=self.gate.peer(request))
        return Delivery(
            sender=f"{APPLICATIONS}{application.id}/{application.bound_to}",
            door=Door.FHIR,
            raw=b"",
            reading=self.reading,
            declared=Format.FHIR,
            depositor=came,
        )

    async def _filed(
        self, delivery: Delivery, wrong: Finding | None, *, wanted: str | None, returns: str
    ) -> web.Response:
        try:
            if wrong is not None:
                received = await self.receive.refuse(delivery, wrong)
            else:
                received = (await self.receive(delivery))[0]
            if received.answer.verdict is not Verdict.REFUSE:
                await self._count(delivery.depositor, DOCUMENTS, _written(received))
        except GatewayError as error:
            return told(error)
        except Exception:
            log.exception("fhir.failed", bytes=len(delivery.raw))
            return outcome(500, "internal", "Internal error. Send again later, unchanged.")
        response = answered(delivery.raw, received, wanted=wanted, returns=returns)
        if delivery.depositor is None:
            response.headers["Link"] = RECEIPT_LINK.format(receipt=received.answer.receipt)
        return response


def _written(received: Received) -> int:
    """How many documents are new; what is held is one."""
    answer = received.answer
    if answer.copy:
        return 0
    return sum(not one.known for one in answer.documents) if answer.documents else 1


def may_be_measures(raw: bytes) -> bool:
    """Told before the whole is read; what is neither is a deposit, whose door refuses it."""
    kind = resource_type(raw)
    return kind == "Observation" or (kind == "Bundle" and bundle_type(raw) == TRANSACTION)


def fault_of(request: web.Request, raw: bytes) -> Finding | None:
    """What is wrong with the request and not with the resource: its type, its address, its
    condition. Its bytes are kept like those of any refusal (CONTRACT section 2)."""
    if request.content_type not in TYPES:
        return fault("unsupported-type", f"Content-Type is {FHIR_JSON}.")
    kind = resource_type(raw)
    if kind is not None and kind != request.match_info.get("type", "Bundle"):
        message = "Post the resource that the address names, and a Bundle to the base."
        return fault("fhir-resource-type", message)
    condition = request.headers.get(IF_NONE_EXIST)
    if condition is not None and not is_kept(condition, master_identifier(raw)):
        return fault("if-none-exist", MESSAGE)
    return None
