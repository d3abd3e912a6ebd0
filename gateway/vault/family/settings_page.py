"""`/parametres`: where each setting is, and that of read receipts (VAULT MSG-08)."""

from aiohttp import web

from gateway.vault.rendering import html
from gateway.vault.rooms import ROOMS
from gateway.vault.visit import VISIT

PATH = "/parametres"
DONE = {
    "accuses": "Accusés de lecture autorisés",
    "sans-accuses": "Aucun accusé de lecture n'est envoyé",
}


async def settings_page(request: web.Request) -> web.Response:
    visit, messages = request[VISIT], request[ROOMS].messages
    patient, reader = visit.holder()
    return html(
        "family/settings.html",
        face=visit.face,
        title="Paramètres",
        current=PATH,
        data_page="parametres",
        wide=False,
        errors={},
        done=DONE.get(request.query.get("fait", ""), ""),
        receipts=await messages.gives_receipts(reader, patient) if messages else None,
    )
