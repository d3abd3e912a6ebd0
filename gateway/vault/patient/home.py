"""The first page of a space: what is new, and what one does first in it (PAGES 4, UIX-06)."""

from typing import NamedTuple

from aiohttp import web

from gateway.flows.choices.first_steps import steps_left, take_step
from gateway.flows.noticing.news import MOST, tells, unread_by_kind
from gateway.records.patients.account import Trace
from gateway.records.readers.access import ReaderKind
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

RECENT, LAST_LINES = 5, 3
HOME = "/"


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
    steps = []
    if reader.kind is ReaderKind.PATIENT:
        steps = steps_left(await rooms.read.people.choices(patient), rooms.clock.now())
    return html(
        "patient/home.html",
        face=visit.face,
        title="Accueil",
        current="/",
        data_page="accueil",
        notices=[(NOTICE_TITLES[kind], count) for kind, count in unread_by_kind(news).items()],
        rows=[row_of(card) for card in listing.cards[:RECENT]],
        steps=[(one, STEPS[one]) for one in steps],
        total=len(listing.cards),
        unread=words.plural(unread, "document non lu", "documents non lus") if unread else "",
        next_one=await next_appointment(request),
        lines=lines,
        documents=await documents_of(rooms.read.shelf, patient, lines),
    )


async def _seen_or_told(request: web.Request) -> list[Trace]:
    """What others looked at, and what makes a notice, of one reading of the log."""
    patient, reader = request[VISIT].holder()
    seen = consultations_of(reader)
    read = request[ROOMS].read
    return await read.history(
        reader,
        patient,
        limit=MOST,
        wanted=lambda one: seen(one) or tells(one, reader),
        besides=own_shown(reader),
    )


async def step(request: web.Request) -> web.Response:
    """Fields `etape` and `passer` (« oui » where it is skipped)."""
    patient, reader = request[VISIT].holder()
    skipped = await field(request, "passer") == "oui"
    name = await field(request, "etape")
    await take_step(request[ROOMS].read, reader, patient, name, skipped=skipped)
    return see_other(HOME)
