"""Who may do what at the desk, in words (VAULT DSK-01)."""

from aiohttp import web

from gateway.records.readers.operator import OperatorRole
from gateway.vault.desk.frame import desk_html
from gateway.vault.desk.places import places_of
from gateway.vault.visit import VISIT

PLACE = "/desk/aide"
WORDS = {
    OperatorRole.CONSEILLER: "répond aux appels du 3422",
    OperatorRole.VALIDEUR: "valide ce qu'une autre personne a proposé",
    OperatorRole.GESTIONNAIRE: "tient la grille et le catalogue, et explique les règles",
    OperatorRole.TECHNIQUE: "suit les messages, les files et les identités en attente",
    OperatorRole.AUDITEUR: "lit et vérifie le journal des accès",
}


async def roles_page(request: web.Request) -> web.Response:
    mine = request[VISIT].agent().roles
    rows = [
        {
            "role": role.value,
            "words": words,
            "mine": role in mine,
            "places": [one for one in places_of([role]) if one.path != PLACE],
        }
        for role, words in WORDS.items()
    ]
    return desk_html(request, "roles", title="Rôles du bureau", place=PLACE, rows=rows)
