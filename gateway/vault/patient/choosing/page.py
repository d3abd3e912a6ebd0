"""« Qui a accès à mes documents »: how everybody stands, and the forms of the choices (CHO-01)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from gateway.access.professions import profession_name
from gateway.flows.choices.documents.hide import hidden_of
from gateway.flows.choices.foreseen.overview import Row, State, known_to, rows_of
from gateway.records.documents.shelved import Card
from gateway.records.patients.account import Professional
from gateway.records.readers.access import EmergencyChoice
from gateway.vault.patient.choosing.readers import Readers, readers_of, value_of
from gateway.vault.rendering import html
from gateway.vault.rooms import ROOMS
from gateway.vault.visit import VISIT

ADDRESS = "/parametres/acces"
DONE = {
    "accord": "Accord enregistré",
    "refus": "Accès retiré",
    "bloque": "Professionnel bloqué",
    "debloque": "Professionnel débloqué. Il devra vous redemander votre accord.",
    "masque": "C'est enregistré : ces documents sont masqués ou cachés comme vous l'avez choisi",
    "visible": "C'est enregistré : ces documents sont de nouveau visibles",
    "urgence": "Réglage enregistré",
    "nouveaux": "Réglage enregistré. Il vaut pour les documents à venir, ceux d'avant restent "
    "comme ils sont.",
    "traitant": "Médecin traitant enregistré",
    "sans-traitant": "Vous n'avez plus de médecin traitant déclaré",
}
TITLE = "Qui a accès à mes documents"
PHYSICIAN = "G15_10"


@dataclass(frozen=True, slots=True)
class Typed:
    """What a form said, shown again beside its error."""

    id: str = ""
    until: str = ""
    place: str = ""
    """Where in the page its last day stands."""
    emergency: EmergencyChoice | None = None


NOTHING_TYPED = Typed()


@dataclass(frozen=True, slots=True, kw_only=True)
class HiddenFrom:
    """A line of « Documents cachés »: `reader` is the value of the field `lecteur`."""

    name: str
    reader: str
    until: datetime | None
    documents: tuple[str, ...]


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
    cards = (await rooms.read.list_documents(reader, patient, with_archived=True)).cards
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
        others=[one for one in by_name(known.directory) if one.id not in blocked_in(rows)],
        teams=teams_of(known.directory),
        physicians=[one for one in by_name(known.directory) if one.profession == PHYSICIAN],
        treating=treating.id if treating else "",
        hidden=_hidden(cards, await readers_of(request)),
        masked=sum(1 for card in cards if card.masked_by_patient or "MASQUE_PS" in card.codes),
        shows_new=person is None or not person.masks_new,
        treating_sees=gate.switches.treating_sees_masked.at(gate.now),
        emergency=typed.emergency or gate.record.emergency,
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


def blocked_in(rows: Iterable[Row]) -> set[str]:
    return {row.id for row in rows if row.state is State.BLOCKED}


def _hidden(cards: Iterable[Card], readers: Readers) -> list[HiddenFrom]:
    """What is hidden from one reader, by the names of the page; somebody whom the directory lost
    stands under his number."""
    lines = [
        HiddenFrom(
            name=readers.name(value_of(one.whom)) or one.whom.id,
            reader=value_of(one.whom),
            until=one.until,
            documents=one.documents,
        )
        for one in hidden_of(cards)
    ]
    return sorted(lines, key=lambda line: line.name)
