"""The signed log to its public: its head, its key, and to a patient the own entries with proofs."""

from aiohttp import web

from gateway.errors import DeniedError
from gateway.records.days import iso_day
from gateway.vault.patient.history import entry_words
from gateway.vault.rooms import ROOMS, SignedLog
from gateway.vault.visit import VISIT

FILE_NAME = "journal-{day}.json"


def log_of(request: web.Request) -> SignedLog:
    """Raises DeniedError where this vault has no log to show."""
    log = request[ROOMS].log
    if log is None:
        raise DeniedError("there is no log here")
    return log


async def checkpoint(request: web.Request) -> web.Response:
    """The newest signed head (C2SP tlog-checkpoint): how many entries, and their root."""
    sealed = await log_of(request).book.latest()
    if sealed is None:
        raise web.HTTPNotFound
    return _plain(sealed.note)


async def public_key(request: web.Request) -> web.Response:
    """The key that checks every head, as verifiers take it: name+id+key."""
    return _plain(f"{log_of(request).seal.key.verifier}\n")


def _plain(text: str) -> web.Response:
    return web.Response(text=text, content_type="text/plain", charset="utf-8")


async def proof_file(request: web.Request) -> web.Response:
    """The patient's own log, to be kept and checked without us."""
    patient, reader = request[VISIT].holder()
    body = await log_of(request).prove(reader, patient, lambda trace: entry_words(trace, reader))
    day = iso_day(request[ROOMS].clock.now())
    return web.Response(
        body=body,
        headers={
            "Content-Type": "application/json",
            "Content-Disposition": f'attachment; filename="{FILE_NAME.format(day=day)}"',
        },
    )
