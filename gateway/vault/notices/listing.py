"""`/notifications`: unread first; reading and throwing away (VAULT NOT-06)."""

from collections.abc import Iterable

import orjson
from aiohttp import web

from gateway.errors import DeniedError
from gateway.flows.noticing.news import News, Noticing
from gateway.records.notices import EXAMINATION, PREVENTION_DUE
from gateway.records.numbers import whole
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Reader
from gateway.vault.agenda.prevention_words import told_of
from gateway.vault.document.listing import page_number, page_of
from gateway.vault.forms import fields_of
from gateway.vault.notices.words import DONE, TITLES
from gateway.vault.patient.history import Line, line_of
from gateway.vault.patient.named import documents_of
from gateway.vault.porch import see_other
from gateway.vault.rendering import Face, html
from gateway.vault.rooms import ROOMS
from gateway.vault.visit import VISIT

PATH = "/notifications"
MOST_DIGITS = 18


def noticing_of(request: web.Request) -> tuple[Noticing, Reader, PatientKey]:
    """Raises DeniedError for who is told nothing of this record (caregivers, ACCESS P60)."""
    visit, room = request[VISIT], request[ROOMS].noticing
    patient, reader = visit.holder()
    if room is None or not visit.face.reads_history:
        raise DeniedError("this reader gets no notices")
    return room, reader, patient


async def list_page(request: web.Request) -> web.Response:
    room, reader, patient = noticing_of(request)
    news = await room.news(reader, patient)
    shown, page, pages = page_of(news, page_number(request.query))
    lines = [line_of(one.trace, reader) for one in shown]
    return html(
        "notices/list.html",
        face=request[VISIT].face,
        title="Notifications",
        current=PATH,
        data_page=PATH[1:],
        done=DONE.get(request.query.get("fait", ""), ""),
        rows=list(zip(shown, lines, strict=True)),
        unread=sum(not one.is_read for one in news),
        total=len(news),
        titles=TITLES,
        prevention=_prevention(shown, request[VISIT].face),
        documents=await documents_of(request[ROOMS].read.shelf, patient, lines),
        page=page,
        pages=pages,
        previous=f"{PATH}?page={page - 1}" if page > 1 else "",
        following=f"{PATH}?page={page + 1}" if page < pages else "",
    )


def _prevention(shown: Iterable[News], face: Face) -> dict[int, str]:
    """By the number of a notice of prevention: what it reminds of, and why (AGE-05)."""
    name = face.profile_name if face.of else ""
    return {
        one.number: told_of(str(orjson.loads(one.trace.trace.details).get(EXAMINATION, "")), name)
        for one in shown
        if one.trace.trace.action == PREVENTION_DUE
    }


async def mark_read(request: web.Request) -> web.Response:
    """Field `numero`; without it all that are there."""
    room, reader, patient = noticing_of(request)
    asked = _number(fields_of(request).get("numero"))
    every = [one.number for one in await room.news(reader, patient)]
    await room.read(reader, patient, every if asked is None else [asked])
    return see_other(f"{PATH}?fait=lues")


async def delete_page(request: web.Request) -> web.Response:
    one, line = await _asked(request, request.query.get("numero"))
    return html(
        "notices/delete.html",
        face=request[VISIT].face,
        title="Supprimer cette notification",
        current=PATH,
        data_page=f"{PATH[1:]}/supprimer",
        one=one,
        line=line,
        titles=TITLES,
    )


async def delete(request: web.Request) -> web.Response:
    """Field `numero`; of one that is not there, or no more, nothing but that is said."""
    room, reader, patient = noticing_of(request)
    number = _number(fields_of(request).get("numero"))
    gone = await room.drop(reader, patient, [] if number is None else [number])
    return see_other(f"{PATH}?fait={'supprimee' if gone else 'deja'}")


async def _asked(request: web.Request, said: object) -> tuple[News, Line]:
    """Raises DeniedError for a number that is no notice of this reader."""
    room, reader, patient = noticing_of(request)
    number = _number(said)
    for one in await room.news(reader, patient):
        if one.number == number:
            return one, line_of(one.trace, reader)
    raise DeniedError("no such notice of this reader")


def _number(said: object) -> int | None:
    return whole(said, most_digits=MOST_DIGITS) if isinstance(said, str) else None
