"""Where the pages of the medical profile stand, before the patient's side and a professional."""

from aiohttp import web

from gateway.vault.place import Place, before_patient, before_professional
from gateway.vault.visit import VISIT

PATH = "/profil"
TITLE = "Profil médical"


async def place_of(request: web.Request) -> Place:
    """Of the record that a patient's session looks at, or of the one that the address names, before
    a professional."""
    visit = request[VISIT]
    if visit.is_professional:
        return await before_professional(request, PATH, TITLE)
    title = f"{TITLE} {of}" if (of := visit.face.of) else TITLE
    return before_patient(request, PATH, title)
