"""`/parametres`: where each setting is, that of read receipts (VAULT MSG-08), and the colours."""

from dataclasses import replace

from aiohttp import web

from gateway.vault.look.chosen import APPEARANCES, Appearance
from gateway.vault.look.kept import keep_look
from gateway.vault.porch import see_other
from gateway.vault.rendering import html
from gateway.vault.rooms import ROOMS
from gateway.vault.signing_in.signin import field
from gateway.vault.visit import VISIT

PATH = "/parametres"
DONE = {
    "accuses": "Accusés de lecture autorisés",
    "sans-accuses": "Aucun accusé de lecture n'est envoyé",
    "apparence": "Apparence enregistrée",
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
        done=DONE.get(request.query.get("fait", ""), ""),
        appearances=APPEARANCES,
        links=visit.face.manages and request[ROOMS].linking is not None,
        receipts=await messages.gives_receipts(reader, patient) if messages else None,
    )


async def appearance(request: web.Request) -> web.Response:
    """Field `apparence`: of this browser, whoever signs in."""
    look = request[VISIT].face.look
    asked = Appearance.of(await field(request, "apparence"))
    response = see_other(f"{PATH}?fait=apparence")
    keep_look(response, request[ROOMS], replace(look, appearance=asked))
    return response
