"""« Que voit ce professionnel ? »: two lists with their reasons (VAULT CHO-14)."""

from aiohttp import web

from gateway.access.professions import profession_name
from gateway.flows.choices.simulate import Simulated, Wished, simulate
from gateway.records.access import Mode
from gateway.vault import words
from gateway.vault.rendering import html
from gateway.vault.rooms import ROOMS
from gateway.vault.visit import VISIT

MODES = {
    "normal": "En consultation",
    "bris_de_glace": "En urgence",
    "samu": "Médecin régulateur du SAMU",
}
PERSON, PROFESSION = "p:", "m:"
PENDING = {"": "", "accord": "Si je l'autorise", "blocage": "Si je le bloque"}


async def simulator_page(request: web.Request) -> web.Response:
    """By GET: `lecteur` is p:<id> or m:<profession>; nothing is changed or stored."""
    visit, rooms = request[VISIT], request[ROOMS]
    patient, reader = visit.holder()
    who, mode = request.query.get("lecteur", ""), request.query.get("mode", "normal")
    pending = request.query.get("choix", "")
    directory = sorted(await rooms.people.professionals(), key=lambda one: one.name)
    known = {f"{PERSON}{one.id}" for one in directory}
    codes = [code for code in rooms.read.grid.professions() if not code.startswith("GENR")]
    known |= {f"{PROFESSION}{code}" for code in codes}
    found, after = None, None
    if who in known and mode in MODES:
        found = await simulate(rooms.read, reader, patient, _wished(who, mode))
        if pending in ("accord", "blocage"):
            wished = _wished(who, mode, pending)
            after = await simulate(rooms.read, reader, patient, wished)
    errors = {"lecteur": words.CHOOSE_READER} if "lecteur" in request.query and not found else {}
    return html(
        "choosing/simulator.html",
        status=422 if errors else 200,
        face=visit.face,
        title="Que voit ce professionnel ?",
        current="/parametres/acces",
        data_page="parametres/acces/simulateur",
        wide=True,
        errors=errors,
        who=who,
        mode=mode,
        pending=pending,
        directory=[
            (f"{PERSON}{one.id}", one.name, profession_name(one.profession)) for one in directory
        ],
        professions=[(f"{PROFESSION}{code}", profession_name(code)) for code in codes],
        modes=MODES,
        pendings=PENDING,
        found=found,
        after=after,
        changed=_changed(found, after),
    )


def _wished(who: str, mode: str, pending: str = "") -> Wished:
    person = who.removeprefix(PERSON) if who.startswith(PERSON) else None
    profession = who.removeprefix(PROFESSION) if who.startswith(PROFESSION) else None
    return Wished(
        professional=person,
        profession=profession,
        mode=Mode(mode),
        agreed=pending == "accord",
        blocked=pending == "blocage",
    )


def _changed(before: Simulated | None, after: Simulated | None) -> tuple[int, int] | None:
    """How many documents are seen before and after a choice that is not made yet."""
    return (len(before.seen), len(after.seen)) if before and after else None
