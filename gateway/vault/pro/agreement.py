"""« Informer et recueillir l'accord », « Le patient refuse »: the care relation (CHO-03, 04)."""

from collections.abc import Iterable

from aiohttp import web

from gateway.errors import DeniedError, RefusedError
from gateway.flows.choices.care import agree
from gateway.flows.choices.relation import decline
from gateway.mapping.identity import in_capitals
from gateway.records.patients.account import Professional
from gateway.records.readers.own_try import Tried
from gateway.vault import words
from gateway.vault.days import last_day
from gateway.vault.porch import see_other
from gateway.vault.pro.find import record_address
from gateway.vault.pro.patient import patient_of
from gateway.vault.pro.record import record_view
from gateway.vault.pro.tries import note
from gateway.vault.rooms import ROOMS
from gateway.vault.signing_in.signin import field
from gateway.vault.visit import VISIT

FOR_ME, FOR_TEAM, FOR_COLLEAGUE = "professionnel", "equipe", "confrere"
FIELDS = ("pour", "id", "jusqu_au", "informe")
RPPS_PREFIX = "8"
Wrong = dict[str, str]


async def record_agreement(request: web.Request) -> web.Response:
    """« J'ai informé le patient, il est d'accord »: for me, my care team, or a colleague (P62,
    P63), with an end where the patient wants one."""
    reader, key = request[VISIT].anybody(), patient_of(request)
    told = {name: (await field(request, name)).strip() for name in FIELDS}
    told["informe"] = told["informe"] if told["informe"] == "oui" else ""
    wrong: Wrong = {}
    if not told["informe"]:
        wrong["informe"] = words.TELL_PATIENT
    if told["pour"] not in (FOR_ME, FOR_TEAM, FOR_COLLEAGUE):
        raise RefusedError("an agreement is given to oneself, to the care team or to a colleague")
    until = last_day(told["jusqu_au"], request[ROOMS].clock.now(), "jusqu_au", wrong)
    target = await _target(request, told, wrong)
    if wrong:
        return await record_view(request, errors=wrong, told=told)
    try:
        team = told["pour"] == FOR_TEAM
        await agree(request[ROOMS].read, reader, key, target, team=team, until=until)
    except DeniedError:
        await note(request, Tried.AGREEMENT, permitted=False, patient=key)
        return await record_view(request, errors={"": words.NOT_ALLOWED}, status=403, told=told)
    return see_other(f"{record_address(key)}?fait=accord")


async def _target(request: web.Request, told: dict[str, str], wrong: Wrong) -> str:
    """Whose agreement it is. RefusedError for a team of somebody who has none."""
    reader = request[VISIT].anybody()
    if told["pour"] == FOR_COLLEAGUE:
        found = colleagues_named(told["id"], await request[ROOMS].people.professionals())
        if len(found) != 1:
            wrong["id"] = words.SEVERAL_COLLEAGUES if found else words.NO_COLLEAGUE
            return ""
        return found[0].id
    target = reader.team if told["pour"] == FOR_TEAM else reader.id
    if not target:
        raise RefusedError("this professional has no care team")
    return target


def colleagues_named(said: str, directory: Iterable[Professional]) -> list[Professional]:
    """By number (RPPS, or PS_IdNat with its 8), else by all the words of the name."""
    number = "".join(said.split())
    if number.isdigit():
        return [one for one in directory if one.id in (number, RPPS_PREFIX + number)]
    wanted = set(in_capitals(said).split())
    return [one for one in directory if wanted and wanted <= set(in_capitals(one.name).split())]


async def record_refusal(request: web.Request) -> web.Response:
    """« Le patient refuse » (CHO-04)."""
    reader, key = request[VISIT].anybody(), patient_of(request)
    await decline(request[ROOMS].read, reader, key)
    return see_other(f"{record_address(key)}?fait=refus")
