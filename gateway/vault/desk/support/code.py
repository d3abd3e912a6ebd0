"""`/desk/3422/code`: another provisional code, to the contact that is known (VAULT DSK-05)."""

from collections.abc import Mapping

from aiohttp import web

from gateway.flows.leaving.room import OverError
from gateway.flows.leaving.telephone import renew_for
from gateway.records.patients.patient import PatientKey
from gateway.vault.desk.acting import agent_of, reason_of
from gateway.vault.desk.frame import NO_ERRORS, desk_html
from gateway.vault.desk.support.call import PERSON, support_of
from gateway.vault.entering.words import CHANNELS
from gateway.vault.leaving.words import over_words
from gateway.vault.porch import see_other, sorry
from gateway.vault.rooms import ROOMS
from gateway.vault.signing_in.signin import field
from gateway.vault.visit import VISIT

PLACE = "/desk/3422/code"
CHOOSE = "Choisissez où envoyer le code."


async def code_page(request: web.Request, patient: PatientKey) -> web.Response:
    return await _page(request, patient, {"canal": "", "motif": ""})


async def _page(
    request: web.Request,
    patient: PatientKey,
    typed: Mapping[str, str],
    errors: Mapping[str, str] = NO_ERRORS,
) -> web.Response:
    card = await support_of(request).card(patient)
    return desk_html(
        request,
        "support/code",
        title="Envoyer un nouveau code provisoire",
        place=PLACE,
        errors=errors,
        back=(PERSON, "La personne de cet appel"),
        action=PLACE,
        key=patient.hex(),
        typed=typed,
        code_to=card.code_to,
        channels=CHANNELS,
    )


async def send(request: web.Request, patient: PatientKey) -> web.Response:
    """Fields `canal` (sms, email) and `motif`; what is sent is told to nobody here."""
    channel = await field(request, "canal")
    reason, errors = await reason_of(request)
    typed = {"canal": channel, "motif": reason}
    if channel not in CHANNELS:
        return await _page(request, patient, typed, {"canal": CHOOSE} | errors)
    if errors:
        return await _page(request, patient, typed, errors)
    leaving = request[ROOMS].leaving
    try:
        sent = await renew_for(leaving, agent_of(request), patient, channel, reason)
    except OverError as error:
        return sorry(request[VISIT], 409, over_words(error), refusal="espace")
    if not sent:
        return await _page(request, patient, typed, {"canal": CHOOSE})
    return see_other(f"{PERSON}?fait=code")
