"""The first page of a space: what is new, and what one does first in it (PAGES 4, UIX-06)."""

from collections.abc import Iterable
from datetime import datetime
from itertools import count, islice
from typing import NamedTuple

from aiohttp import web

from gateway.flows.choices.first_steps import steps_left, take_step
from gateway.flows.noticing.news import MOST, tells, unread_by_kind
from gateway.records.patients.account import Trace
from gateway.records.readers.access import Reader, ReaderKind
from gateway.vault import words
from gateway.vault.agenda.listing import next_appointment
from gateway.vault.document.listing import row_of, unread_of
from gateway.vault.notices.words import TITLES as NOTICE_TITLES
from gateway.vault.open.static_pages import welcome
from gateway.vault.patient.history import (
    consultations_of,
    emergencies_first,
    lines_of,
    own_shown,
)
from gateway.vault.patient.named import documents_of
from gateway.vault.porch import CLOSED_SPACE, see_other, sorry
from gateway.vault.rendering import html
from gateway.vault.rooms import ROOMS
from gateway.vault.signing_in.signin import field
from gateway.vault.visit import VISIT

RECENT, LAST_LINES, VISITS = 5, 3, 2
HOME, MESSAGES, LOGIN = "/", "/messagerie", "login"


class Step(NamedTuple):
    words: str
    page: str


STEPS = {
    "coordonnees": Step("Vérifier où les messages m'arrivent", "/parametres/notifications"),
    "profil": Step("Compléter mon profil médical", "/profil"),
    "medecin": Step("Indiquer mon médecin traitant", "/parametres/acces"),
    "acces": Step("Choisir qui a accès à mes documents", "/parametres/acces"),
    "famille": Step("Voir les profils de ma famille", "/profils"),
}


async def home(request: web.Request) -> web.Response:
    visit, rooms = request[VISIT], request[ROOMS]
    if visit.lost:
        return sorry(visit, 404, words.NOT_HERE)
    if visit.closed:
        return see_other(CLOSED_SPACE)
    if visit.patient is None:
        return welcome(request)
    patient, reader = visit.holder()
    listing = await rooms.read.list_documents(reader, patient)
    known = visit.face.reads_history
    seen = consultations_of(reader)
    traces = await _seen_or_told(request) if known else []
    lines = emergencies_first(lines_of(filter(seen, traces), reader))[:LAST_LINES]
    news = await rooms.noticing.among(reader, patient, traces) if known and rooms.noticing else []
    unread = unread_of(listing)
    asked = unread_by_kind(news)
    asks = asked or unread or visit.face.unread.get(MESSAGES)
    steps = []
    if reader.kind is ReaderKind.PATIENT:
        steps = steps_left(await rooms.read.people.choices(patient), rooms.clock.now())
    return html(
        "patient/home.html",
        face=visit.face,
        title="Accueil",
        current="/",
        data_page="accueil",
        notices=[(NOTICE_TITLES[kind], count) for kind, count in asked.items()],
        rows=[row_of(card) for card in listing.cards[:RECENT]],
        steps=[(one, STEPS[one]) for one in steps],
        total=len(listing.cards),
        quiet_since=None if asks else _last_visit(traces, reader),
        unread=words.plural(unread, "document non lu", "documents non lus") if unread else "",
        next_one=await next_appointment(request),
        lines=lines,
        documents=await documents_of(rooms.read.shelf, patient, lines),
    )


def _last_visit(traces: Iterable[Trace], reader: Reader) -> datetime | None:
    """When this person signed in before this time; None of another's space, or the first time."""
    mine = (one.at for one in traces if _is_visit(one, reader))
    return next(islice(mine, 1, None), None)


def _is_visit(one: Trace, reader: Reader) -> bool:
    trace = one.trace
    own = reader.kind is ReaderKind.PATIENT and trace.kind == reader.kind
    return own and trace.action == LOGIN and trace.permitted


async def _seen_or_told(request: web.Request) -> list[Trace]:
    """What others looked at, what makes a notice, and the last two visits, of one reading of the
    log."""
    patient, reader = request[VISIT].holder()
    seen = consultations_of(reader)
    read, visits = request[ROOMS].read, count(1)

    def is_recent_visit(one: Trace) -> bool:
        return _is_visit(one, reader) and next(visits) <= VISITS

    return await read.history(
        reader,
        patient,
        limit=MOST,
        wanted=lambda one: seen(one) or tells(one, reader) or is_recent_visit(one),
        besides=own_shown(reader) | {LOGIN},
    )


async def step(request: web.Request) -> web.Response:
    """Fields `etape` and `passer` (« oui » where it is skipped)."""
    patient, reader = request[VISIT].holder()
    skipped = await field(request, "passer") == "oui"
    name = await field(request, "etape")
    await take_step(request[ROOMS].read, reader, patient, name, skipped=skipped)
    return see_other(HOME)
