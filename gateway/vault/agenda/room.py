"""The room that these pages ask."""

from aiohttp import web

from gateway.errors import DeniedError
from gateway.flows.agenda.room import Agenda
from gateway.flows.reading.decided.asking import NOT_THERE
from gateway.vault.rooms import ROOMS

PATH = "/agenda"


def room_of(request: web.Request) -> Agenda:
    """Raises DeniedError where there is none."""
    agenda = request[ROOMS].agenda
    if agenda is None:
        raise DeniedError(NOT_THERE)
    return agenda
