"""Agreements, as the patient gives and takes them (VAULT CHO-02, 03, 04)."""

from aiohttp import web

from gateway.flows.choices.care import agree, refuse
from gateway.vault import words
from gateway.vault.days import last_day
from gateway.vault.patient.choosing.page import ADDRESS, Typed, directory_of, teams_of, view
from gateway.vault.porch import see_other
from gateway.vault.rooms import ROOMS
from gateway.vault.signing_in.signin import field
from gateway.vault.visit import VISIT

PERSON = "professionnel"
TEAMS = frozenset({"equipe", "etablissement"})
"""Two words for one thing here: a care team is whoever works for one organisation (CHO-02)."""
PLACES = {False: ("id", "jusqu_au"), True: ("etablissement", "jusqu_au_equipe")}
"""Where in the page the fields of a form stand, `id` and `jusqu_au`; True for a team."""


async def give_agreement(request: web.Request) -> web.Response:
    """Consent by the patient: fields `pour`, `id`, `jusqu_au` (GEN-10). A second one for the same
    reader takes the place of the first, with its own end."""
    patient, reader = request[VISIT].holder()
    target, team, errors = await _target(request)
    said = (await field(request, "jusqu_au")).strip()
    place = PLACES[team][1]
    until = last_day(said, request[ROOMS].clock.now(), place, errors)
    if errors:
        return await view(request, errors=errors, typed=Typed(target, said, place))
    await agree(request[ROOMS].read, reader, patient, target, team=team, until=until)
    return see_other(f"{ADDRESS}?fait=accord")


async def take_agreement_back(request: web.Request) -> web.Response:
    """Also of somebody who was never given one: he is refused beforehand (CHO-04)."""
    patient, reader = request[VISIT].holder()
    target, team, errors = await _target(request)
    if errors:
        return await view(request, errors=errors)
    await refuse(request[ROOMS].read, reader, patient, target, team=team)
    return see_other(f"{ADDRESS}?fait=refus")


async def _target(request: web.Request) -> tuple[str, bool, dict[str, str]]:
    """Whom the form names, whether that is a team, and what is wrong with it."""
    target, kind = (await field(request, "id")).strip(), await field(request, "pour")
    team = kind in TEAMS
    known = await directory_of(request)
    if (team or kind == PERSON) and target in (teams_of(known) if team else known):
        return target, team, {}
    return target, team, {PLACES[team][0]: words.UNKNOWN_PROFESSIONAL}
