"""« Mes informations d'urgence »: what an emergency would show, before the patient (EMG-04)."""

from aiohttp import web

from gateway.errors import DeniedError
from gateway.flows.entries.urgent import own_urgent_entries
from gateway.flows.reading.coded.urgent import own_urgent_view
from gateway.flows.reading.decided.asking import NOT_THERE
from gateway.mapping.files.pdf.card import Box, CardText, card_pdf
from gateway.records.patients.account import Person
from gateway.vault import words
from gateway.vault.document.urgent import Item, Subject, UrgentPage, urgent_page
from gateway.vault.profile.urgent import with_entries
from gateway.vault.rendering import html
from gateway.vault.rooms import ROOMS
from gateway.vault.visit import VISIT

TITLE = "Mes informations d'urgence"
FILE = "informations-urgence.pdf"
UNBROKEN = "\N{NO-BREAK SPACE}"
FOOT = (
    "Ces informations viennent du profil médical et des documents qui portent des données codées."
    " Une rubrique vide ne veut pas dire qu'il n'y a rien. Cette carte ne se met pas à jour :"
    " imprimez-la de nouveau quand une information est ajoutée."
)


async def own_urgent_page(request: web.Request) -> web.Response:
    visit, read = request[VISIT], request[ROOMS].read
    patient, reader = visit.holder()
    return html(
        "patient/urgent.html",
        face=visit.face,
        title=f"Informations d'urgence {of}" if (of := visit.face.of) else TITLE,
        current="/parametres",
        data_page="profil/urgence",
        wide=True,
        urgent=await _urgent(request),
        emergency=(await read.gate(reader, patient)).record.emergency,
    )


async def urgent_card(request: web.Request) -> web.Response:
    """The same to print, one page; its name tells nobody. Raises DeniedError where nobody would
    be let in."""
    visit, rooms = request[VISIT], request[ROOMS]
    patient, _ = visit.holder()
    urgent, person = await _urgent(request), await rooms.people.person(patient)
    if urgent is None or person is None:
        raise DeniedError(NOT_THERE)
    card = CardText(
        title="Informations d'urgence",
        under=f"{_who(person)} · carte du {words.date_of(rooms.clock.now())}",
        boxes=tuple(_box(one) for one in urgent.subjects),
        foot=FOOT,
    )
    return web.Response(
        body=card_pdf(card),
        headers={
            "Content-Type": "application/pdf",
            "Content-Disposition": f'attachment; filename="{FILE}"',
        },
    )


async def _urgent(request: web.Request) -> UrgentPage | None:
    """None where nobody would be let in."""
    rooms, (patient, reader) = request[ROOMS], request[VISIT].holder()
    view = await own_urgent_view(rooms.read, reader, patient)
    if view is None or rooms.medical is None:
        return urgent_page(view) if view else None
    entries = await own_urgent_entries(rooms.medical.listing, reader, patient)
    return with_entries(urgent_page(view), entries)


def _who(person: Person) -> str:
    one = person.identity
    names = " ".join(name for name in ((one.birth_family or "").upper(), one.birth_given) if name)
    return f"{names}, né(e) le {words.day(one.birth_date)}" if one.birth_date else names


def _box(subject: Subject) -> Box:
    lines = (_line(one) for one in (*subject.items, *subject.rest))
    return Box(title=subject.title, lines=tuple(lines) or (subject.nothing,))


def _line(item: Item) -> str:
    said = f"{item.text} {item.more}" if item.more else item.text
    return f"{said} ({item.source.replace(' ', UNBROKEN)})"
