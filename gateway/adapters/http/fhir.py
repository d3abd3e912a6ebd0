"""The FHIR deposit door: `POST /fhir` (ITI-65, document Bundle) and `POST /fhir/{type}`."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC
from email.utils import format_datetime

import orjson
import structlog
from aiohttp import web
from msgspec import structs

from gateway.access.scopes import CREATED
from gateway.adapters.http.answers import Json
from gateway.adapters.http.deposit_request import (
    REQUEST_SECONDS,
    BadDepositError,
    ended,
    fault,
    idempotency_key,
    read_body,
)
from gateway.adapters.http.senders import SenderGate, bearer_of
from gateway.errors import DeferredError, DeniedError, GatewayError, RefusedError, kind_of
from gateway.flows.catalogue.boundary import BASE, may_write
from gateway.flows.catalogue.using import Using
from gateway.flows.measures.taking import TakeMeasures, Took
from gateway.flows.receive import Delivery, Receive, Received, read_for
from gateway.mapping.fhir.json import bundle_type, load_json, master_identifier, resource_type
from gateway.mapping.fhir.taken.bundles.conditions import MESSAGE, is_kept
from gateway.mapping.fhir.written.emit import reference_of
from gateway.mapping.fhir.written.kept import just_filed
from gateway.mapping.fhir.written.outcome import outcome_json, refusal_status, transaction_response
from gateway.records.intake.filing import Door
from gateway.records.intake.finding import Finding, Verdict
from gateway.records.intake.reading import Reading
from gateway.records.intake.understanding import Format
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Reader

log = structlog.get_logger()
FHIR_JSON = "application/fhir+json"
TYPES = frozenset({FHIR_JSON, "application/json"})
RETRY_AFTER = {"Retry-After": "5"}
GUARDED = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
REPRESENTATION, MINIMAL, OUTCOME = "representation", "minimal", "operationoutcome"
"""`Prefer: return=…` of R4, in lower case."""
NOT_GIVEN = "The patient did not give this service a scope for that."
FILED = (200, 201, 202)
TRANSACTION, IF_NONE_EXIST = "transaction", "If-None-Exist"
RECEIPT_LINK = '</documents/{receipt}>; rel="status"'
"""Where a sender reads the fate of what it sent (CONTRACT section 2; RFC 8631)."""
ERRORS: dict[type[GatewayError], tuple[int, str]] = {
    RefusedError: (422, "refused"),
    DeferredError: (503, "deferred"),
    DeniedError: (403, "denied"),
}
"""How this edge says each error: the status and the code of its finding."""
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
            return outcome(401, "unauthorized", "Give a sender's token: Authorization: Bearer …")
        key, misnamed = idempotency_key(request)
        try:
            raw = await read_body(request, self.max_body_bytes, seconds=self.request_seconds)
        except BadDepositError as error:
            return ended(outcome(error.status, error.code, error.message), error)
        wanted = request.match_info.get("type")
        if not await self._is_given(delivery.depositor, wanted, raw):
            return outcome(403, "denied", NOT_GIVEN)
        if delivery.depositor is not None and request.content_type in TYPES:
            patient = PatientKey(bytes.fromhex(delivery.depositor.bound_to or ""))
            if (answer := await self._measures(delivery.depositor, patient, raw)) is not None:
                return await self._counted(delivery.depositor, wanted, answer)
        if request.content_type not in TYPES:
            delivery = structs.replace(delivery, declared=Format.UNKNOWN)
        delivery = structs.replace(delivery, raw=raw, idempotency_key=key)
        response = await self._filed(
            delivery, fault_of(request, raw) or misnamed, wanted=wanted, returns=preferred(request)
        )
        return await self._counted(delivery.depositor, wanted, response)

    async def _counted(
        self, service: Reader | None, wanted: str | None, response: web.Response
    ) -> web.Response:
        """Of a service: what it wrote is told to the patient (VAULT APP-06)."""
        if service and self.using and response.status in FILED:
            await self.using.count(service, wanted or BASE, written=1)
        return response

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
            return took(await self.take(reader, patient, resource))
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
        except GatewayError as error:
            return told(error)
        except Exception:
            log.exception("fhir.failed", bytes=len(delivery.raw))
            return outcome(500, "internal", "Internal error. Send again later, unchanged.")
        response = answered(delivery.raw, received, wanted=wanted, returns=returns)
        if delivery.depositor is None:
            response.headers["Link"] = RECEIPT_LINK.format(receipt=received.answer.receipt)
        return response


def may_be_measures(raw: bytes) -> bool:
    """Told before the whole is read; what is neither is a deposit, whose door refuses it."""
    kind = resource_type(raw)
    return kind == "Observation" or (kind == "Bundle" and bundle_type(raw) == TRANSACTION)


def took(one: Took) -> web.Response:
    """200 for a Bundle, 201 for a lone Observation, 200 for one that was known, 422 refused."""
    if one.findings:
        return fhir_json(refusal_status(one.findings), outcome_json(one.findings))
    if one.answer is not None:
        return fhir_json(200, one.answer)
    where = {"Location": f"/fhir/Observation/{one.place}"}
    return fhir_json(201 if one.made else 200, outcome_json(()), where)


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


def told(error: GatewayError) -> web.Response:
    """What a flow says no with; 507 where the disk is full."""
    status, code = ERRORS[kind_of(error)]
    if not isinstance(error, DeferredError):
        return outcome(status, code, str(error))
    return outcome(507 if error.disk_full else status, code, str(error), RETRY_AFTER)


def answered(
    raw: bytes, received: Received, *, wanted: str | None, returns: str = REPRESENTATION
) -> web.Response:
    """200 for a transaction, 201 for one resource or document, 202 held, 4xx refused."""
    answer = received.answer
    if answer.verdict is Verdict.REFUSE:
        return fhir_json(refusal_status(answer.findings), outcome_json(answer.findings))
    if answer.verdict is Verdict.HOLD:
        return fhir_json(202, outcome_json(answer.findings))
    if wanted is None and bundle_type(raw) == TRANSACTION:
        body = transaction_response(
            raw,
            answer.documents,
            documents=received.understanding.documents,
            findings=answer.findings,
            copy=answer.copy,
            receipt=answer.receipt,
        )
        return fhir_json(200, body)
    return created(received, returns=returns)


def created(received: Received, *, returns: str) -> web.Response:
    """201, 200 for a copy, with the resource as it was filed (ITI-105, FHIR.md section 2.2).

    `returns` is what the client prefers (R4 http, `Prefer`): the resource unless it says
    otherwise; the findings are in an OperationOutcome. Of a document that another deposit brought
    the place alone is told, and `already-filed`: what this one says of it was not kept.
    """
    answer, documents = received.answer, received.understanding.documents
    filed = next(iter(answer.documents), None)
    status, headers = 200 if answer.made_nothing else 201, dict[str, str]()
    made = just_filed(filed, documents[0]) if filed and documents and not filed.known else None
    told = reference_of(made, documents[0]) if made else None
    if filed:
        headers["Location"] = f"/fhir/DocumentReference/{filed.id}"
    if made is not None and told is not None:
        headers["ETag"] = f'W/"{told["meta"]["versionId"]}"'
        headers["Last-Modified"] = format_datetime(made.deposited_at.astimezone(UTC), usegmt=True)
    if returns == MINIMAL:
        return fhir_json(status, None, headers)
    if told is None or returns == OUTCOME:
        return fhir_json(status, outcome_json(answer.findings), headers)
    return fhir_json(status, told, headers)


def preferred(request: web.Request) -> str:
    """The `return` of RFC 7240 that is asked for, in lower case; "" where none is."""
    told = ",".join(request.headers.getall("Prefer", [])).replace(";", ",")
    parts = (part.strip().lower().partition("=") for part in told.split(","))
    return next((value.strip(' "') for name, _, value in parts if name.strip() == "return"), "")


def outcome(
    status: int, code: str, message: str, headers: dict[str, str] | None = None
) -> web.Response:
    extra = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    body = outcome_json([fault(code, message)], status=status)
    return fhir_json(status, body, (headers or {}) | extra)


def fhir_json(
    status: int, body: Json | None, headers: dict[str, str] | None = None
) -> web.Response:
    """Without a body where that is None; never kept on the way (FHIR.md section 4)."""
    told = {**GUARDED, **(headers or {})}
    if body is None:
        return web.Response(status=status, headers=told)
    return web.Response(
        status=status, body=orjson.dumps(body), content_type=FHIR_JSON, headers=told
    )
