"""Block a professional, also one who was never seen here, found by name or number (CHO-06).

A page says what it will do before it is done (PAGES 2, rule 8).
"""

import re
from dataclasses import dataclass, replace

from aiohttp import web

from gateway.access.professions import profession_name
from gateway.errors import RefusedError
from gateway.flows.choices.care import block
from gateway.flows.choices.foreseen.overview import Known, known_to, rows_of
from gateway.flows.choices.foreseen.simulate import Wished, simulate
from gateway.flows.reading.decided.facts import professional_reader
from gateway.mapping.identity import in_capitals
from gateway.records.patients.account import Professional
from gateway.records.readers.access import Mode
from gateway.vault import words
from gateway.vault.patient.choosing.page import ADDRESS, blocked_in, by_name, view
from gateway.vault.porch import see_other
from gateway.vault.rendering import html
from gateway.vault.rooms import ROOMS
from gateway.vault.signing_in.signin import field
from gateway.vault.visit import VISIT

PLACE = f"{ADDRESS}/blocage"
CONFIRM = f"{PLACE}/confirmer"
RPPS = re.compile(r"8?([0-9]{11})", re.ASCII)
"""As on a prescription, or with the 8 of the national identifier before it."""
BLOCKED = {"": True, "oui": True, "non": False}
MAX_FOUND = 50
MAX_ASKED = 100


async def search_page(request: web.Request) -> web.Response:
    """By GET: field `q`, words of a name, profession or place of work, or an RPPS number."""
    visit, rooms = request[VISIT], request[ROOMS]
    patient, reader = visit.holder()
    asked = request.query.get("q", "").strip()[:MAX_ASKED]
    known = await known_to(rooms.read, reader, patient)
    found = [one for one in by_name(known.directory) if _matches(one, asked)]
    stranger = stranger_of(asked)
    return html(
        "choosing/block.html",
        face=visit.face,
        title="Bloquer un professionnel",
        current=ADDRESS,
        data_page="parametres/acces/blocage",
        place=PLACE,
        confirm=CONFIRM,
        asked=asked,
        found=found[:MAX_FOUND],
        cut=len(found) > MAX_FOUND,
        blocked=blocked_in(rows_of(known)),
        stranger="" if stranger in known.directory else stranger,
        profession_name=profession_name,
    )


def _matches(one: Professional, asked: str) -> bool:
    """Every word of what is asked stands in the name, the profession or the place of work, or it
    is the number."""
    if number := stranger_of(asked):
        return one.id == number
    place = one.organization_name or ""
    told = in_capitals(" ".join((one.name, profession_name(one.profession), place)))
    wanted = in_capitals(asked).split()
    return bool(wanted) and all(word in told for word in wanted)


def stranger_of(asked: str) -> str:
    """The national identifier that a number stands for; "" where it is none."""
    found = RPPS.fullmatch("".join(asked.split()))
    return f"8{found[1]}" if found else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What a block takes from somebody known here: `before` documents seen until now, and what it
    leaves, `in_emergency`."""

    before: int
    in_emergency: bool
    treating: bool


async def confirm_page(request: web.Request) -> web.Response:
    """By GET, field `professionnel`: who it is and what changes; nothing is blocked yet."""
    visit, rooms = request[VISIT], request[ROOMS]
    patient, reader = visit.holder()
    asked = request.query.get("professionnel", "")
    known = await known_to(rooms.read, reader, patient)
    who = known.directory.get(asked)
    named = who.id if who else stranger_of(asked)
    if not named:
        return await view(request, errors={"q": words.UNKNOWN_PROFESSIONAL})
    return html(
        "choosing/block_confirm.html",
        face=visit.face,
        title="Bloquer l'accès à ce professionnel",
        current=ADDRESS,
        data_page="parametres/acces/blocage/confirmer",
        place=PLACE,
        who=who,
        id=named,
        effect=await _effect(request, known, who) if who else None,
        blocked=named in blocked_in(rows_of(known)),
        profession_name=profession_name,
    )


async def _effect(request: web.Request, known: Known, who: Professional) -> Effect:
    (patient, reader), asking = request[VISIT].holder(), request[ROOMS].read
    at_work = replace(professional_reader(who), centre15=who.organization in asking.centre15)
    regulates = replace(known.gate, reader=at_work).is_regulator
    mode = Mode.SAMU if regulates else Mode.BRIS_DE_GLACE
    now = await simulate(asking, reader, patient, Wished(professional=who.id))
    blocked = Wished(professional=who.id, blocked=True, mode=mode)
    then = await simulate(asking, reader, patient, blocked)
    treating = known.gate.record.treating
    return Effect(
        before=len(now.seen),
        in_emergency=then.standing.permitted,
        treating=treating is not None and treating.id == who.id,
    )


async def change_block(request: web.Request) -> web.Response:
    """Fields `professionnel` and `bloque` (oui, as without it, or non)."""
    patient, reader = request[VISIT].holder()
    professional, said = await field(request, "professionnel"), await field(request, "bloque")
    if said not in BLOCKED:
        raise RefusedError("bloque is oui or non")
    blocked = BLOCKED[said]
    try:
        await block(request[ROOMS].read, reader, patient, professional, blocked=blocked)
    except RefusedError:
        return await view(request, errors={"q": words.UNKNOWN_PROFESSIONAL})
    return see_other(f"{ADDRESS}?fait={'bloque' if blocked else 'debloque'}")
