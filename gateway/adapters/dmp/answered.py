"""An answer or a fault as HTTP carries it: plain, or packed as MTOM does (XDS.md section 3)."""

from dataclasses import dataclass

from aiohttp import web

from gateway.adapters.dmp.dispatch import ALWAYS_PACKED, element_of
from gateway.adapters.dmp.service import Reply
from gateway.clock import Ids
from gateway.errors import DeferredError, DeniedError, GatewayError, RefusedError, kind_of
from gateway.mapping.soap.answer import write_answer, write_fault
from gateway.mapping.soap.message import NO_PARTS, SOAP_12, FaultError, Message
from gateway.mapping.soap.mtom import MULTIPART, SOAP_11_TYPE, SOAP_TYPES, pack

FAULT_CODES: dict[type[GatewayError], str] = {
    RefusedError: "Sender",
    DeferredError: "Receiver",
    DeniedError: "Sender",
}
"""How this edge says each error: a Receiver is asked again later, a Sender is not."""
GUARDED = {"Cache-Control": "no-store"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How the answer to one request is written; it is of SOAP 1.2 where none was read."""

    soap: str = SOAP_12
    packed: bool = False
    relates_to: str | None = None


def shape_of(message: Message) -> Shape:
    packed = message.packed or element_of(message) in ALWAYS_PACKED
    return Shape(soap=message.soap, packed=packed, relates_to=message.message_id)


def unread_shape(content_type: str) -> Shape:
    """Of a request that could not be read: as it claims to be."""
    kind = content_type.lower().lstrip()
    return Shape(packed=kind.startswith(MULTIPART))


def answer_response(reply: Reply, shape: Shape, ids: Ids) -> web.Response:
    """200 with what a service replied."""
    written = write_answer(
        reply.body,
        soap=shape.soap,
        action=reply.action,
        message_id=_message_id(ids),
        relates_to=shape.relates_to,
    )
    parts = dict(reply.parts)
    if not (shape.packed or parts):
        return _plain(200, written, shape.soap)
    return _packed(200, written, parts, shape.soap, reply.action, ids)


def fault_response(fault: FaultError, shape: Shape, ids: Ids) -> web.Response:
    """The fault in the SOAP and the packing that its request came in."""
    action, written = write_fault(
        fault, soap=shape.soap, message_id=_message_id(ids), relates_to=shape.relates_to
    )
    if not shape.packed:
        return _plain(fault.status, written, shape.soap)
    return _packed(fault.status, written, dict(NO_PARTS), shape.soap, action, ids)


def fault_of(error: GatewayError) -> FaultError:
    return FaultError(FAULT_CODES[kind_of(error)], str(error))


def _plain(status: int, written: bytes, soap: str) -> web.Response:
    kind = SOAP_TYPES.get(soap, SOAP_11_TYPE)
    headers = GUARDED | {"Content-Type": f"{kind}; charset=UTF-8"}
    return web.Response(status=status, body=written, headers=headers)


def _packed(
    status: int, written: bytes, parts: dict[str, bytes], soap: str, action: str, ids: Ids
) -> web.Response:
    """A boundary of chance: no content holds it."""
    boundary = f"part-{ids.octets(16).hex()}"
    kind, body = pack(written, parts, boundary=boundary, soap=soap, action=action)
    return web.Response(status=status, body=body, headers=GUARDED | {"Content-Type": kind})


def _message_id(ids: Ids) -> str:
    told = ids.identifier()
    return "urn:uuid:" + "-".join((told[:8], told[8:12], told[12:16], told[16:20], told[20:]))
