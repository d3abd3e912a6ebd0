"""What stands behind the DMP door: one transaction a service, found by path and first element."""

from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web
from msgspec import Struct

from gateway.mapping.soap.message import NO_PARTS, Message
from gateway.mapping.xml import Element
from gateway.records.patients.account import SenderAccount
from gateway.records.readers.vihf import Vihf


class Call(Struct, frozen=True, kw_only=True):
    """One request, read and proved: whose software sends it, and who asks.

    `entity` is what is kept of it: the line of its Content-Type, a blank line, and the body as it
    came, so that it can be understood again without HTTP.
    """

    sender: SenderAccount
    vihf: Vihf
    message: Message
    entity: bytes
    peer: str


class Reply(Struct, frozen=True, kw_only=True):
    """The first element of the answer's Body, or its bytes where it was written at once; its
    Action, and its attachments by Content-ID."""

    body: Element | bytes
    action: str
    parts: Mapping[str, bytes] = NO_PARTS


Service = Callable[[Call], Awaitable[Reply]]
"""Raises FaultError, or a GatewayError that crosses rooms, which the door translates."""

Services = Mapping[tuple[str, str], Service]
"""By the last segment of the path (`repository`) and the qualified name of the Body's child."""

Prove = Callable[[web.Request, Message], Awaitable[tuple[SenderAccount, Vihf]]]
"""Whose software sends it and who asks, from the request, its connection and its VIHF; once for
each assertion, so it is asked before an answer is given a second time. Raises FaultError."""
