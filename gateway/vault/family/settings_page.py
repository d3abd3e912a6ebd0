"""`/parametres`: where each setting is."""

from aiohttp import web

from gateway.vault.rendering import html
from gateway.vault.visit import VISIT

PATH = "/parametres"


async def settings_page(request: web.Request) -> web.Response:
    return html(
        "family/settings.html",
        face=request[VISIT].face,
        title="Paramètres",
        current=PATH,
        data_page="parametres",
        wide=False,
        errors={},
    )
