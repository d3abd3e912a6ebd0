"""Who opens the document of a page: whoever is signed in, unless the room says otherwise."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from gateway.flows.reading.read import Opened
from gateway.vault.rooms import ROOMS
from gateway.vault.visit import VISIT


@dataclass(frozen=True, slots=True)
class Opens:
    """`by` takes what the trace says of it (open, preview, download). Raises DeniedError."""

    by: Callable[[str], Awaitable[Opened]]


OPENS = web.RequestKey("vault_opens", Opens)


async def opened_for(request: web.Request, act: str) -> Opened:
    if OPENS in request:
        return await request[OPENS].by(act)
    reader, document = request[VISIT].anybody(), request.match_info["id"]
    return await request[ROOMS].read.open_document(reader, document, action=act)
