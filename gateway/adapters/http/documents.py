"""The senders' HTTP door: `POST /documents` and the receipts (CONTRACT section 2)."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import wraps

import orjson
import structlog
from aiohttp import web

from gateway.adapters.http.answers import Json, answer_json, answers_json
from gateway.adapters.http.deposit_request import (
    REQUEST_SECONDS,
    BadDepositError,
    ended,
    fault,
    idempotency_key,
    read_body,
)
from gateway.adapters.http.senders import SenderGate
from gateway.errors import DeferredError, DeniedError, GatewayError, RefusedError, kind_of
from gateway.flows.reading.decided.quiet import Quiet
from gateway.flows.receive import Delivery, Receive, read_for
from gateway.mapping.inspect import finding_json
from gateway.mapping.understand import TAKEN_TYPES
from gateway.ports.documents.journal import Journal
from gateway.records.intake.filing import Door
from gateway.records.intake.reading import Reading
from gateway.records.intake.understanding import Format
from gateway.records.patients.account import SenderAccount

log = structlog.get_logger()
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

RETRY_AFTER_SECONDS = "5"
HTTP_STATUS: dict[type[GatewayError], int] = {
    RefusedError: 422,
    DeferredError: 503,
    DeniedError: 403,
}


@dataclass(frozen=True, slots=True)
class DocumentsDoor:
    """Handlers of `/documents` for senders; pages of the same paths are the vault's."""

    receive: Receive
    journal: Journal
    gate: SenderGate
    quiet: Quiet
    reading: Reading
    max_body_bytes: int
    request_seconds: float = REQUEST_SECONDS

    async def post(self, request: web.Request) -> web.Response:
        """Takes one document or message; answers after the durable commit only."""
        sender = await self.gate.sender(request)
        if sender is None:
            await self.gate.turned_away(request, door=Door.HTTP)
            return problem(401, "unauthorized", "Give a sender's token: Authorization: Bearer …")
        declared = TAKEN_TYPES.get(request.content_type, Format.UNKNOWN)
        key, misnamed = idempotency_key(request)
        try:
            raw = await read_body(request, self.max_body_bytes, seconds=self.request_seconds)
        except BadDepositError as error:
            return ended(problem(error.status, error.code, error.message), error)
        delivery = self._delivery(sender, raw, declared, key)
        if misnamed is not None:
            received = [await self.receive.refuse(delivery, misnamed)]
        else:
            received = await self.receive(delivery)
        status, body = answers_json([one.answer for one in received])
        headers = {"Location": f"/documents/{body['receipt']}"} if status in (200, 201) else {}
        return json_response(status, body, headers)

    async def get(self, request: web.Request) -> web.Response:
        """The fate of what this sender sent; another sender's receipt does not exist for it."""
        came = self.quiet.came()
        sender = await self.gate.sender(request)
        if sender is None:
            await self.gate.turned_away(request, door=Door.HTTP)
            return problem(401, "unauthorized", "Give a sender's token: Authorization: Bearer …")
        receipt = await self.journal.receipt(request.match_info["id"])
        if receipt is None or receipt.sender != sender.name:
            await self.quiet.leave(came)
            return problem(404, "unknown-receipt", "No receipt of yours has this number.")
        return json_response(200, answer_json(receipt.answer))

    def _delivery(
        self, sender: SenderAccount, raw: bytes, declared: Format, key: str | None
    ) -> Delivery:
        return Delivery(
            sender=sender.name,
            organization=sender.organization,
            door=Door.HTTP,
            raw=raw,
            reading=read_for(self.reading, sender),
            idempotency_key=key,
            declared=declared,
        )


def problem(status: int, code: str, message: str) -> web.Response:
    finding = finding_json(fault(code, message))
    body: Json = {"receipt": None, "verdict": "refuse", "documents": [], "findings": [finding]}
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    return json_response(status, body, headers)


def json_response(status: int, body: Json, headers: dict[str, str] | None = None) -> web.Response:
    return web.Response(
        status=status, body=orjson.dumps(body), content_type="application/json", headers=headers
    )


def deferred(error: DeferredError) -> web.Response:
    """503 with Retry-After, 507 where the disk is full: nothing was kept."""
    status = 507 if error.disk_full else HTTP_STATUS[DeferredError]
    finding: Json = {"code": "deferred", "severity": "error", "where": "/", "message": str(error)}
    body: Json = {"receipt": None, "verdict": None, "documents": [], "findings": [finding]}
    return json_response(status, body, {"Retry-After": RETRY_AFTER_SECONDS})


def route_of(request: web.Request) -> str:
    """The pattern of the route, never the address asked: that one may hold an identifier."""
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else ""


INTERNAL: Json = {
    "receipt": None,
    "verdict": None,
    "documents": [],
    "findings": [
        {
            "code": "internal",
            "severity": "error",
            "where": "/",
            "message": "Internal error. Send again later, unchanged.",
        }
    ],
}


def spoken(handler: Handler) -> Handler:
    """The errors that cross rooms, as a sender's client reads them; ours are logged in full."""

    @wraps(handler)
    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except DeferredError as error:
            return deferred(error)
        except (RefusedError, DeniedError) as error:
            return problem(HTTP_STATUS[kind_of(error)], "refused", str(error))
        except (web.HTTPException, ConnectionError):
            raise
        except Exception:
            log.exception("http.failed", route=route_of(request))
            return json_response(500, INTERNAL)

    return answer
