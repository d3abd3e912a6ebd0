"""Where the pages of vaccinations stand, before the patient's side and a professional."""

from aiohttp import web

from gateway.vault.place import Place, before_patient, before_professional
from gateway.vault.rendering import MORE
from gateway.vault.vaccination import words as said
from gateway.vault.visit import VISIT


def own_place(request: web.Request) -> Place:
    title = said.TITLE_OF.format(of=of) if (of := request[VISIT].face.of) else said.TITLE
    return before_patient(request, said.PATH, title, current=MORE)


async def pro_place(request: web.Request) -> Place:
    return await before_professional(request, said.PATH, "Vaccinations")
