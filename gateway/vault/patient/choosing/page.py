"""« Qui a accès à mes documents »: how everybody stands, and the forms of the choices (CHO-01)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from aiohttp import web

from gateway.access.professions import profession_name
from gateway.flows.choices.overview import Row, State, known_to, rows_of
from gateway.records.account import Professional
from gateway.vault.rendering import html
from gateway.vault.rooms import ROOMS
from gateway.vault.visit import VISIT

ADDRESS = "/parametres/acces"
DONE = {
    "accord": "Accord enregistré",
    "refus": "Accès retiré",
    "bloque": "Professionnel bloqué",
    "debloque": "Professionnel débloqué. Il devra vous redemander votre accord.",
    "urgence": "Réglage enregistré",
    "nouveaux": "Réglage enregistré. Il vaut pour les documents à venir, ceux d'avant restent "
    "comme ils sont.",
    "traitant": "Médecin traitant enregistré",
}
TITLE = "Qui a accès à mes documents"
PHYSICIAN = "G15_10"


@dataclass(frozen=True, slots=True)
class Typed:
    """What a form said, shown again beside its error."""

    id: str = ""
    until: str = ""


NOTHING_TYPED = Typed()


async def access_page(request: web.Request) -> web.Response:
    return await view(request)


async def view(
    request: web.Request,
    *,
    errors: dict[str, str] | None = None,
    typed: Typed = NOTHING_TYPED,
) -> web.Response:
    """`errors` by the field's place in the page."""
    visit, rooms = request[VISIT], request[ROOMS]
    patient, reader = visit.holder()
    known = await known_to(rooms.read, reader, patient)
    gate, rows = known.gate, rows_of(known)
    cards = (await rooms.read.list_documents(reader, patient)).cards
    person = await rooms.people.person(patient)
    treating = gate.record.treating
    return html(
        "choosing/page.html",
        status=422 if errors else 200,
        face=visit.face,
        title=f"Qui a accès aux documents {of}" if (of := visit.face.of) else TITLE,
        current=ADDRESS,
        data_page="parametres/acces",
        wide=True,
        errors=errors or {},
        typed=typed,
        done=DONE.get(request.query.get("fait", ""), ""),
        rows=rows,
        you=reader.name,
        counts={state: sum(row.state is state for row in rows) for state in State},
        profession_name=profession_name,
        others=[one for one in by_name(known.directory) if one.id not in _blocked(rows)],
        teams=teams_of(known.directory),
        physicians=[one for one in by_name(known.directory) if one.profession == PHYSICIAN],
        treating=treating.id if treating else "",
        masked=sum(1 for card in cards if card.masked_by_patient or "MASQUE_PS" in card.codes),
        shows_new=person is None or not person.masks_new,
        treating_sees=gate.switches.treating_sees_masked.at(gate.now),
        emergency=gate.record.emergency,
    )


async def directory_of(request: web.Request) -> dict[str, Professional]:
    return {one.id: one for one in await request[ROOMS].people.professionals()}


def by_name(directory: Mapping[str, Professional]) -> list[Professional]:
    return sorted(directory.values(), key=lambda one: one.name)


def teams_of(directory: Mapping[str, Professional]) -> dict[str, str]:
    """Establishments and care teams by id, in the order of their names."""
    named = {
        one.organization: one.organization_name or one.organization
        for one in directory.values()
        if one.organization
    }
    return dict(sorted(named.items(), key=lambda one: one[1]))


def _blocked(rows: Iterable[Row]) -> set[str]:
    return {row.id for row in rows if row.state is State.BLOCKED}
