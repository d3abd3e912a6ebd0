"""« Ajouter à mes documents »: a file that came with a message becomes an own deposit (MSG-03)."""

import re
from dataclasses import replace
from pathlib import PurePosixPath

from aiohttp import web

from gateway.access.time import civil_date
from gateway.errors import DeniedError
from gateway.flows.reading.decided.asking import NOT_THERE
from gateway.records.correspondence.conversation import Given
from gateway.vault.patient.own.form import MAX_TITLE_CHARACTERS, Filled
from gateway.vault.rooms import ROOMS
from gateway.vault.visit import VISIT
from gateway.vault.words import of

PIECE = re.compile(r"([A-Za-z0-9-]{1,64})/([A-Za-z0-9-]{1,64})/(\d{1,3})", re.ASCII)
"""Its conversation, message and place, in the field `piece`."""
RECEIVED = "Reçu {of_whom} par messagerie."


async def filled_by(request: web.Request, piece: str) -> Filled:
    """The form as it begins: who wrote stands in the note. Raises DeniedError, traced."""
    given = await _given(request, piece)
    return Filled(
        titre=PurePosixPath(given.name).stem[:MAX_TITLE_CHARACTERS].strip(),
        date=civil_date(given.at).isoformat(),
        note=RECEIVED.format(of_whom=of(given.by)),
        piece=piece,
    )


async def with_piece(request: web.Request, filled: Filled) -> Filled:
    """With the bytes of the piece in the place of a file. Raises DeniedError, traced."""
    if not filled.piece:
        return filled
    return replace(filled, files=((await _given(request, filled.piece)).body,))


async def _given(request: web.Request, piece: str) -> Given:
    found, messages = PIECE.fullmatch(piece), request[ROOMS].messages
    if found is None or messages is None:
        raise DeniedError(NOT_THERE)
    patient, reader = request[VISIT].holder()
    return await messages.enclosed(reader, patient, found[1], found[2], int(found[3]))
