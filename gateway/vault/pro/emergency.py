"""The emergency door: an interruption page with a motive, then four hours (VAULT EMG-02, 03)."""

from aiohttp import web

from gateway.errors import DeniedError
from gateway.flows.choices.emergency import enter, leave
from gateway.records.readers.access import Mode
from gateway.records.readers.own_try import Tried
from gateway.vault import words
from gateway.vault.porch import see_other
from gateway.vault.pro.find import record_address
from gateway.vault.pro.patient import patient_of
from gateway.vault.pro.tries import note
from gateway.vault.rendering import html
from gateway.vault.rooms import ROOMS
from gateway.vault.signing_in.signin import field
from gateway.vault.visit import VISIT

MOTIVES = {
    "coma": "Perte de connaissance ou coma",
    "detresse": "Détresse vitale",
    "trauma": "Traumatisme grave",
    "confusion": "Confusion, patient hors d'état de répondre",
    "autre": "Autre motif",
}
MAX_WORDS = 500
"""Characters of the words beside a motive; more is told, never cut: the patient reads them."""
REFUSED = {"F46": words.EMERGENCY_OPPOSED, "F49": words.EMERGENCY_OPPOSED}


async def emergency_page(request: web.Request) -> web.Response:
    return await _page(request)


async def enter_emergency(request: web.Request) -> web.Response:
    """422 without a motive or with too long a one; 403 `emergency-refused` where ACCESS says no."""
    rooms, reader, key = request[ROOMS], request[VISIT].anybody(), patient_of(request)
    motive, more = await field(request, "motif"), (await field(request, "precision")).strip()
    samu = await field(request, "mode") == "samu"
    errors = {}
    if motive not in MOTIVES:
        errors["motif"] = words.CHOOSE_MOTIVE
    if motive == "autre" and not more:
        errors["precision"] = words.SAY_MOTIVE
    if len(more) > MAX_WORDS:
        errors["precision"] = words.MOTIVE_TOO_LONG.format(count=len(more), most=MAX_WORDS)
    unable = await field(request, "incapable") == "oui"
    if not samu and not unable:
        errors["incapable"] = words.TICK_UNABLE
    if errors:
        return await _page(request, errors=errors, motive=motive, more=more, unable=unable)
    said = ", ".join(part for part in (MOTIVES[motive], more) if part)
    mode = Mode.SAMU if samu else Mode.BRIS_DE_GLACE
    try:
        await enter(rooms.read, reader, key, mode, said)
    except DeniedError as error:
        await note(request, Tried.EMERGENCY, permitted=False, patient=key)
        return await _refused(request, error)
    return see_other(f"{record_address(key)}?fait=urgence")


async def leave_emergency(request: web.Request) -> web.Response:
    key = patient_of(request)
    await leave(request[ROOMS].read, request[VISIT].anybody(), key)
    return see_other(f"{record_address(key)}?fait=fin-urgence")


async def _refused(request: web.Request, error: DeniedError) -> web.Response:
    """The patient's own choice is told as PAGES words it; every other no is one sentence."""
    said = REFUSED.get(error.rule, words.EMERGENCY_REFUSED)
    return await _page(request, errors={"": said}, status=403, refusal="emergency-refused")


async def _page(
    request: web.Request,
    *,
    errors: dict[str, str] | None = None,
    motive: str = "",
    more: str = "",
    unable: bool = False,
    status: int = 422,
    refusal: str = "",
) -> web.Response:
    visit, key = request[VISIT], patient_of(request)
    gate = await request[ROOMS].read.gate(visit.anybody(), key)
    return html(
        "pro/emergency.html",
        status=status if errors else 200,
        face=visit.face,
        title="Accès en urgence",
        current="",
        data_page="pro/urgence",
        errors=errors or {},
        refusal=refusal,
        address=record_address(key),
        motives=MOTIVES,
        motive=motive,
        precision=more,
        unable=unable,
        regulator=gate.is_regulator,
    )
