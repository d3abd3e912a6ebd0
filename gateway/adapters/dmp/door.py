"""The DMP door: SOAP requests to the services that were hung behind it (XDS.md sections 1 to 3)."""

import asyncio
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import structlog
from aiohttp import hdrs, web

from gateway.adapters.dmp.again import Repeats, repeat_key
from gateway.adapters.dmp.answered import (
    Shape,
    answer_response,
    fault_of,
    fault_response,
    shape_of,
    unread_shape,
)
from gateway.adapters.dmp.dispatch import (
    OTHER,
    WRITES,
    check_action,
    element_of,
    service_of,
    transaction_of,
)
from gateway.adapters.dmp.held import Held
from gateway.adapters.dmp.service import Call, Prove, Reply, Service, Services
from gateway.adapters.http.deposit_request import BadDepositError, ended, read_body
from gateway.clock import Clock, Ids
from gateway.errors import DeferredError, GatewayError
from gateway.mapping.soap.envelope import check_headers, read_message
from gateway.mapping.soap.message import FaultError, Message
from gateway.mapping.xds.busy import later
from gateway.records.readers.callers import Caller, open_to, peer_address

log = structlog.get_logger()
SERVICE = "service"
"""The part of the address that names one."""
beside_bytes = 65_536
"""What is longer is parsed beside the event loop."""
ANSWERED = "answered"
INTERNAL = "Erreur interne : renvoyez la requête plus tard, inchangée."
UNREAD = {
    408: "La requête n'est pas arrivée à temps.",
    413: "La requête est plus longue que ce qui est accepté ici.",
    415: "Content-Encoding doit être gzip ou deflate, ou absent.",
}
UNPACKED = "Le corps n'est pas ce que disent ses en-têtes HTTP."


class Count(Protocol):
    def __call__(self, *, transaction: str, outcome: str, seconds: float) -> None:
        """One request was answered: `outcome` is ANSWERED, or the code of its fault."""


@dataclass(slots=True)
class Turn:
    """What is known so far of one request: how it is answered, and what may be told of it."""

    shape: Shape
    element: str = ""
    transaction: str = OTHER
    sender: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DmpDoor:
    """One address for each service. Whatever comes is answered with SOAP."""

    services: Services
    prove: Prove
    repeats: Repeats
    held: Held
    clock: Clock
    ids: Ids
    count: Count
    max_body_bytes: int
    request_seconds: float
    strict: bool = False
    behind_proxy: bool = False

    async def post(self, request: web.Request) -> web.Response:
        began = self.clock.monotonic()
        turn = Turn(unread_shape(request.headers.get(hdrs.CONTENT_TYPE, "")))
        fault: FaultError | None = None
        try:
            response = await self._answered(request, turn)
        except BadDepositError as error:
            reason = UNREAD.get(error.status, UNPACKED)
            fault = FaultError("Sender", reason, status=error.status)
            response = ended(fault_response(fault, turn.shape, self.ids), error)
        except FaultError as error:
            fault = error
            response = fault_response(fault, turn.shape, self.ids)
        except GatewayError as error:
            fault, response = self._undone(error, turn)
        except (web.HTTPException, ConnectionError):
            raise
        except Exception:
            log.exception("dmp.failed", kind=turn.transaction)
            fault = FaultError("Receiver", INTERNAL)
            response = fault_response(fault, turn.shape, self.ids)
        self._tell(turn, fault, self.clock.monotonic() - began)
        return response

    def _undone(self, error: GatewayError, turn: Turn) -> tuple[FaultError, web.Response]:
        """What a service did not do; « later » is an answer where the transaction has one."""
        fault = fault_of(error)
        if isinstance(error, DeferredError):
            told = later(turn.element, str(error), disk_full=error.disk_full)
            if told is not None:
                fault.subcode = told.code
                reply = Reply(body=told.body, action=told.action)
                return fault, answer_response(reply, turn.shape, self.ids)
        return fault, fault_response(fault, turn.shape, self.ids)

    def _tell(self, turn: Turn, fault: FaultError | None, seconds: float) -> None:
        """Names of ours alone: nothing that a peer wrote."""
        outcome = ANSWERED if fault is None else fault.code
        code = None if fault is None else fault.subcode
        self.count(transaction=turn.transaction, outcome=outcome, seconds=seconds)
        log.info(
            "dmp.answered", kind=turn.transaction, sender=turn.sender, outcome=outcome, code=code
        )

    async def _answered(self, request: web.Request, turn: Turn) -> web.Response:
        """Raises BadDepositError, FaultError or GatewayError, which say what is wrong."""
        declared = request.content_length
        packed = hdrs.CONTENT_ENCODING in request.headers
        unknown = declared is None or packed
        async with self.held.place(self.max_body_bytes if unknown else declared or 0) as place:
            if packed:
                await place.grown(self.max_body_bytes)
            body = await read_body(
                request, self.max_body_bytes, seconds=self.request_seconds, grown=place.grown
            )
            return await self._read(request, body, turn)

    async def _read(self, request: web.Request, body: bytes, turn: Turn) -> web.Response:
        kind = request.headers.get(hdrs.CONTENT_TYPE, "")
        large = len(body) > beside_bytes
        read = partial(read_message, kind, body)
        message = await asyncio.to_thread(read) if large else read()
        turn.shape = shape_of(message)
        turn.element = element_of(message)
        turn.transaction = transaction_of(self.services, message)
        check_headers(message)
        service = service_of(self.services, request.match_info[SERVICE], message)
        if not check_action(message, strict=self.strict):
            log.warning("dmp.action_unknown", kind=turn.transaction)
        entity = entity_of(kind, body)
        serve = partial(self._served, request, message, entity, service, turn)
        if turn.element not in WRITES:
            return await serve()
        return await self.repeats.answered(repeat_key(request, entity, self._peer(request)), serve)

    async def _served(
        self, request: web.Request, message: Message, entity: bytes, service: Service, turn: Turn
    ) -> web.Response:
        sender, vihf = await self.prove(request, message)
        turn.sender = sender.name
        call = Call(
            sender=sender, vihf=vihf, message=message, entity=entity, peer=self._peer(request)
        )
        return answer_response(await service(call), turn.shape, self.ids)

    def _peer(self, request: web.Request) -> str:
        forwarded = request.headers.get("X-Forwarded-For", "")
        return peer_address(request.remote, forwarded, behind_proxy=self.behind_proxy)


def entity_of(content_type: str, body: bytes) -> bytes:
    """What is kept of a request; `gateway.mapping.xds.entity` reads it again. A line end in the
    type would begin another header."""
    line = " ".join(content_type.split())
    return f"{hdrs.CONTENT_TYPE}: {line}\r\n\r\n".encode("utf-8", "surrogateescape") + body


def dmp_routes(door: DmpDoor, prefix: str) -> list[web.RouteDef]:
    """`prefix` + /registry and its like; a double slash before the last segment occurs [T]."""

    async def post(request: web.Request) -> web.Response:
        return await door.post(request)

    path = f"{prefix}{{slashes:/+}}{{{SERVICE}:[A-Za-z0-9]{{1,40}}}}"
    return [web.post(path, open_to(post, Caller.SENDER))]
