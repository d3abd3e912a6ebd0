"""« Mes informations d'urgence »: what an emergency would show, before the patient (EMG-04)."""

from aiohttp import web

from gateway.flows.reading.urgent import own_urgent_view
from gateway.vault.document.urgent import urgent_page
from gateway.vault.rendering import html
from gateway.vault.rooms import ROOMS
from gateway.vault.visit import VISIT

TITLE = "Mes informations d'urgence"


async def own_urgent_page(request: web.Request) -> web.Response:
    visit, read = request[VISIT], request[ROOMS].read
    patient, reader = visit.holder()
    view = await own_urgent_view(read, reader, patient)
    return html(
        "own_urgent.html",
        face=visit.face,
        title=f"Informations d'urgence {of}" if (of := visit.face.of) else TITLE,
        current="/parametres",
        data_page="profil/urgence",
        wide=True,
        errors={},
        urgent=urgent_page(view) if view else None,
        emergency=(await read.gate(reader, patient)).record.emergency,
    )
