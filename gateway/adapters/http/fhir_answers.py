"""What the FHIR door says: each verdict as R4 http has it, each refusal an OperationOutcome."""

from datetime import UTC
from email.utils import format_datetime

import orjson
from aiohttp import web

from gateway.adapters.http.answers import Json
from gateway.adapters.http.deposit_request import fault
from gateway.errors import DeferredError, DeniedError, GatewayError, RefusedError, kind_of
from gateway.flows.measures.taking import Took
from gateway.flows.receive import Received
from gateway.mapping.fhir.json import bundle_type
from gateway.mapping.fhir.written.emit import reference_of
from gateway.mapping.fhir.written.kept import just_filed
from gateway.mapping.fhir.written.outcome import outcome_json, refusal_status, transaction_response
from gateway.records.intake.finding import Verdict

FHIR_JSON = "application/fhir+json"
RETRY_AFTER = {"Retry-After": "5"}
GUARDED = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
REPRESENTATION, MINIMAL, OUTCOME = "representation", "minimal", "operationoutcome"
"""`Prefer: return=…` of R4, in lower case."""
ERRORS: dict[type[GatewayError], tuple[int, str]] = {
    RefusedError: (422, "refused"),
    DeferredError: (503, "deferred"),
    DeniedError: (403, "denied"),
}
"""How this edge says each error: the status and the code of its finding."""
TRANSACTION = "transaction"
NOT_GIVEN = "The patient did not give this service a scope for that."


def took(one: Took) -> web.Response:
    """200 for a Bundle, 201 for a lone Observation, 200 for one that was known, 422 refused."""
    if one.findings:
        return fhir_json(refusal_status(one.findings), outcome_json(one.findings))
    if one.answer is not None:
        return fhir_json(200, one.answer)
    where = {"Location": f"/fhir/Observation/{one.place}"}
    return fhir_json(201 if one.made else 200, outcome_json(()), where)


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
    body = outcome_json([fault(code, message)], status=status)
    return fhir_json(status, body, headers)


def unknown_token(shown: str) -> web.Response:
    """401: no token was `shown`, or one of nobody (RFC 6750, 3)."""
    challenge = 'Bearer error="invalid_token"' if shown else "Bearer"
    message = "Give a sender's token: Authorization: Bearer …"
    return outcome(401, "unauthorized", message, {"WWW-Authenticate": challenge})


def beyond_scope() -> web.Response:
    """403: the token of a service, for what no scope of it names (RFC 6750, 3.1)."""
    challenge = {"WWW-Authenticate": 'Bearer error="insufficient_scope"'}
    return outcome(403, "denied", NOT_GIVEN, challenge)


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
