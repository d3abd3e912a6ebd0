"""« Qui a accès à mes documents » and its acts: one page, one form an act (VAULT section 4)."""

from collections.abc import Iterable, Mapping

from aiohttp import web

from gateway.access.professions import profession_name
from gateway.errors import RefusedError
from gateway.flows.choices.care import agree, block, name_treating, refuse
from gateway.flows.choices.emergency import allow
from gateway.flows.choices.overview import Row, State, known_to, rows_of
from gateway.records.access import EmergencyChoice
from gateway.records.account import Professional
from gateway.vault import words
from gateway.vault.porch import see_other
from gateway.vault.rendering import html
from gateway.vault.rooms import ROOMS
from gateway.vault.signin import field
from gateway.vault.visit import VISIT

ADDRESS = "/parametres/acces"
DONE = {
    "accord": "Accord enregistré",
    "refus": "Accès retiré",
    "bloque": "Professionnel bloqué",
    "debloque": "Professionnel débloqué. Il devra vous redemander votre accord.",
    "urgence": "Réglage enregistré",
    "traitant": "Médecin traitant enregistré",
}
TITLE = "Qui a accès à mes documents"
PHYSICIAN = "G15_10"
YES = "oui"


async def access_page(request: web.Request) -> web.Response:
    return await _view(request)


async def _view(request: web.Request, *, errors: dict[str, str] | None = None) -> web.Response:
    visit, rooms = request[VISIT], request[ROOMS]
    patient, reader = visit.holder()
    known = await known_to(rooms.read, reader, patient)
    gate, rows = known.gate, rows_of(known)
    cards = (await rooms.read.list_documents(reader, patient)).cards
    treating = gate.record.treating
    return html(
        "choices.html",
        status=422 if errors else 200,
        face=visit.face,
        title=f"Qui a accès aux documents {of}" if (of := visit.face.of) else TITLE,
        current=ADDRESS,
        data_page="parametres/acces",
        wide=True,
        errors=errors or {},
        done=DONE.get(request.query.get("fait", ""), ""),
        rows=rows,
        you=reader.name,
        counts={state: sum(row.state is state for row in rows) for state in State},
        profession_name=profession_name,
        others=[one for one in _by_name(known.directory) if one.id not in _blocked(rows)],
        physicians=[one for one in _by_name(known.directory) if one.profession == PHYSICIAN],
        treating=treating.id if treating else "",
        masked=sum(1 for card in cards if card.masked_by_patient or "MASQUE_PS" in card.codes),
        emergency=gate.record.emergency,
    )


async def _directory(request: web.Request) -> dict[str, Professional]:
    return {one.id: one for one in await request[ROOMS].people.professionals()}


def _by_name(directory: Mapping[str, Professional]) -> list[Professional]:
    return sorted(directory.values(), key=lambda one: one.name)


def _blocked(rows: Iterable[Row]) -> set[str]:
    return {row.id for row in rows if row.state is State.BLOCKED}


async def give_agreement(request: web.Request) -> web.Response:
    """Consent by the patient: fields `pour`, `id` (GEN-10)."""
    return await _agreement(request, given=True)


async def take_agreement_back(request: web.Request) -> web.Response:
    return await _agreement(request, given=False)


async def _agreement(request: web.Request, *, given: bool) -> web.Response:
    patient, reader = request[VISIT].holder()
    target = (await field(request, "id")).strip()
    team = await field(request, "pour") != "professionnel"
    known = await _directory(request)
    teams = {one.organization for one in known.values()}
    if target not in (teams if team else known):
        return await _view(request, errors={"id": words.UNKNOWN_PROFESSIONAL})
    change = agree if given else refuse
    await change(request[ROOMS].read, reader, patient, target, team=team)
    return see_other(f"{ADDRESS}?fait={'accord' if given else 'refus'}")


async def change_block(request: web.Request) -> web.Response:
    """Fields `professionnel` and `bloque` (oui, non)."""
    patient, reader = request[VISIT].holder()
    professional, blocked = await field(request, "professionnel"), await field(request, "bloque")
    if professional not in await _directory(request):
        return await _view(request, errors={"professionnel": words.UNKNOWN_PROFESSIONAL})
    await block(request[ROOMS].read, reader, patient, professional, blocked=blocked != "non")
    return see_other(f"{ADDRESS}?fait={'debloque' if blocked == 'non' else 'bloque'}")


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
        return await _view(request, errors={"masques": words.EMERGENCY_ALONE})
    return see_other(f"{ADDRESS}?fait=urgence")


async def change_treating(request: web.Request) -> web.Response:
    """Field `medecin`: an id of the directory, or empty for nobody."""
    patient, reader = request[VISIT].holder()
    physician = await field(request, "medecin")
    known = await _directory(request)
    if physician and (physician not in known or known[physician].profession != PHYSICIAN):
        return await _view(request, errors={"medecin": words.UNKNOWN_PROFESSIONAL})
    await name_treating(request[ROOMS].read, reader, patient, physician or None)
    return see_other(f"{ADDRESS}?fait=traitant")
