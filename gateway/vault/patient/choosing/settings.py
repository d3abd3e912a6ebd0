"""Choices of the whole record: emergency, new documents, médecin traitant (CHO-08, 10, 11)."""

from aiohttp import web

from gateway.errors import RefusedError
from gateway.flows.choices.care import name_treating
from gateway.flows.choices.default import show_new
from gateway.flows.choices.emergency import allow
from gateway.records.access import EmergencyChoice
from gateway.vault import words
from gateway.vault.patient.choosing.page import ADDRESS, PHYSICIAN, directory_of, view
from gateway.vault.porch import see_other
from gateway.vault.rooms import ROOMS
from gateway.vault.signin import field
from gateway.vault.visit import VISIT

YES = "oui"


async def change_emergency(request: web.Request) -> web.Response:
    """The three boxes of CHO-10; the third alone is refused and nothing changes."""
    patient, reader = request[VISIT].holder()
    wanted = EmergencyChoice(
        samu=await field(request, "samu") == YES,
        professionals=await field(request, "professionnels") == YES,
        masked=await field(request, "masques") == YES,
    )
    try:
        await allow(request[ROOMS].read, reader, patient, wanted)
    except RefusedError:
        return await view(request, errors={"masques": words.EMERGENCY_ALONE})
    return see_other(f"{ADDRESS}?fait=urgence")


async def change_new_documents(request: web.Request) -> web.Response:
    """Field `visibles` (oui, or absent as an empty box is): CHO-08."""
    patient, reader = request[VISIT].holder()
    shown = await field(request, "visibles") == YES
    await show_new(request[ROOMS].read, reader, patient, shown=shown)
    return see_other(f"{ADDRESS}?fait=nouveaux")


async def change_treating(request: web.Request) -> web.Response:
    """Field `medecin`: an id of the directory, or empty for nobody."""
    patient, reader = request[VISIT].holder()
    physician = await field(request, "medecin")
    known = await directory_of(request)
    if physician and (physician not in known or known[physician].profession != PHYSICIAN):
        return await view(request, errors={"medecin": words.UNKNOWN_PROFESSIONAL})
    await name_treating(request[ROOMS].read, reader, patient, physician or None)
    return see_other(f"{ADDRESS}?fait=traitant")
