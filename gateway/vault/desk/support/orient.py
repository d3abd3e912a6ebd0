"""« Orienter »: who helps the caller face to face (VAULT DSK-08). Nothing is written about anybody:
the page knows no person, and the postcode is kept nowhere."""

from aiohttp import web

from gateway.vault.desk.acting import agent_of
from gateway.vault.desk.frame import desk_html
from gateway.vault.desk.support.call import PLACE
from gateway.vault.open.help import near_asked
from gateway.vault.rooms import ROOMS

ORIENT = f"{PLACE}/orienter"


async def orient_page(request: web.Request) -> web.Response:
    agent_of(request)
    near = near_asked(request)
    return desk_html(
        request,
        "support/orient",
        title="Orienter",
        place=ORIENT,
        errors=near.errors,
        back=(PLACE, "Trouver une personne"),
        action=ORIENT,
        help=request[ROOMS].help,
        near=near,
    )
