"""The room that these pages ask."""

from aiohttp import web

from gateway.errors import DeniedError
from gateway.flows.corresponding.room import Messages
from gateway.flows.reading.decided.asking import NOT_THERE
from gateway.vault.rooms import ROOMS

PATH = "/messagerie"


def room_of(request: web.Request) -> Messages:
    """Raises DeniedError where there is none."""
    messages = request[ROOMS].messages
    if messages is None:
        raise DeniedError(NOT_THERE)
    return messages
