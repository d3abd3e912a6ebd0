"""Choices of the whole record: emergency, new documents, médecin traitant (CHO-08, 10, 11)."""

from aiohttp import web

from gateway.errors import RefusedError
from gateway.flows.choices.care import name_treating
from gateway.flows.choices.documents.default import show_new
from gateway.flows.choices.emergency import allow
from gateway.records.readers.access import EmergencyChoice
from gateway.vault import words
from gateway.vault.patient.choosing.page import ADDRESS, PHYSICIAN, Typed, directory_of, view
from gateway.vault.porch import see_other
from gateway.vault.rooms import ROOMS
from gateway.vault.signing_in.signin import field
from gateway.vault.visit import VISIT

BOX = {"oui": True, "non": False, "": False}


async def change_emergency(request: web.Request) -> web.Response:
    """The three boxes of CHO-10; the third alone is refused and nothing changes."""
    patient, reader = request[VISIT].holder()
    wanted = EmergencyChoice(
        samu=await _box(request, "samu"),
        professionals=await _box(request, "professionnels"),
        masked=await _box(request, "masques"),
    )
    try:
        await allow(request[ROOMS].read, reader, patient, wanted)
    except RefusedError:
        typed = Typed(emergency=wanted)
        return await view(request, errors={"masques": words.EMERGENCY_ALONE}, typed=typed)
    return see_other(f"{ADDRESS}?fait=urgence")


async def change_new_documents(request: web.Request) -> web.Response:
    """Field `visibles` (oui, or absent as an empty box is): CHO-08."""
    patient, reader = request[VISIT].holder()
    shown = await _box(request, "visibles")
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
    return see_other(f"{ADDRESS}?fait={'traitant' if physician else 'sans-traitant'}")


async def _box(request: web.Request, name: str) -> bool:
    """A box that is ticked or not. Raises RefusedError for what no box sends."""
    said = await field(request, name)
    if said not in BOX:
        raise RefusedError(f"{name} is oui, or absent")
    return BOX[said]
