"""« Que voit ce professionnel ? »: two lists with their reasons, now or on a day to come, and what
a choice that is not made yet would change (VAULT CHO-14)."""

from dataclasses import dataclass, replace
from datetime import datetime

from aiohttp import web

from gateway.flows.choices.foreseen.simulate import Line, Simulated, Wished, simulate
from gateway.records.readers.access import Mode
from gateway.vault import words
from gateway.vault.days import first_day
from gateway.vault.patient.choosing.page import ADDRESS
from gateway.vault.patient.choosing.readers import PERSON, PROFESSION, readers_of
from gateway.vault.rendering import html
from gateway.vault.rooms import ROOMS
from gateway.vault.visit import VISIT

MODES = {
    "normal": "En consultation",
    "bris_de_glace": "En urgence",
    "samu": "Médecin régulateur du SAMU",
}
TEAMS = {
    "": "Comme aujourd'hui",
    "oui": "Dans une équipe de soins que j'ai autorisée",
    "non": "Sans équipe autorisée",
}
TEAM = {"oui": True, "non": False}
PENDING = {
    "": "Rien ne change",
    "accord": "Si je l'autorise",
    "blocage": "Si je le bloque",
    "masque": "Si je masque",
    "cache": "Si je lui cache",
}
VEILS = frozenset({"masque", "cache"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The form: `lecteur equipe mode date` (GEN-10), and `choix` with its `documents`, none of
    them named for all."""

    reader: str
    team: str
    mode: str
    day: str
    pending: str
    documents: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What a choice changes: documents that come into sight, and those that leave it."""

    before: int
    after: int
    gained: tuple[Line, ...]
    lost: tuple[Line, ...]


async def simulator_page(request: web.Request) -> web.Response:
    """By GET: `lecteur` is p:<id> or m:<profession>; nothing is changed or stored."""
    visit, rooms = request[VISIT], request[ROOMS]
    patient, reader = visit.holder()
    asked, readers = _asked(request), await readers_of(request)
    errors: dict[str, str] = {}
    at = first_day(asked.day, rooms.clock.now(), "date", errors)
    is_known = asked.reader in readers and asked.mode in MODES
    if "lecteur" in request.query and not is_known:
        errors["lecteur"] = words.CHOOSE_READER
    found, after = None, None
    if is_known and not errors:
        wished = _wished(asked, at)
        found = await simulate(rooms.read, reader, patient, wished)
        if asked.pending in PENDING and asked.pending:
            then = _with_choice(wished, asked, found)
            after = await simulate(rooms.read, reader, patient, then)
    return html(
        "choosing/simulator.html",
        status=422 if errors else 200,
        face=visit.face,
        title="Que voit ce professionnel ?",
        current=ADDRESS,
        data_page="parametres/acces/simulateur",
        wide=True,
        errors=errors,
        asked=asked,
        readers=readers,
        modes=MODES,
        teams=TEAMS,
        pendings=PENDING,
        found=found,
        after=after,
        changes=_changes(found, after),
    )


def _asked(request: web.Request) -> Asked:
    said = request.query
    return Asked(
        reader=said.get("lecteur", ""),
        team=said.get("equipe", ""),
        mode=said.get("mode", "normal"),
        day=said.get("date", "").strip(),
        pending=said.get("choix", ""),
        documents=frozenset(said.getall("documents", [])),
    )


def _wished(asked: Asked, at: datetime | None) -> Wished:
    who = asked.reader
    return Wished(
        professional=who.removeprefix(PERSON) if who.startswith(PERSON) else None,
        profession=who.removeprefix(PROFESSION) if who.startswith(PROFESSION) else None,
        mode=Mode(asked.mode),
        team=TEAM.get(asked.team),
        at=at,
    )


def _with_choice(wished: Wished, asked: Asked, found: Simulated) -> Wished:
    """The same with the choice made; a veil is over the named documents, else over all."""
    every = frozenset(line.card.id for line in (*found.seen, *found.unseen))
    documents = (asked.documents or every) if asked.pending in VEILS else frozenset[str]()
    return replace(
        wished,
        agreed=asked.pending == "accord",
        blocked=asked.pending == "blocage",
        masked=documents if asked.pending == "masque" else frozenset(),
        hidden=documents if asked.pending == "cache" else frozenset(),
    )


def _changes(before: Simulated | None, after: Simulated | None) -> Changes | None:
    if before is None or after is None:
        return None
    seen = {line.card.id for line in before.seen}
    return Changes(
        before=len(before.seen),
        after=len(after.seen),
        gained=tuple(line for line in after.seen if line.card.id not in seen),
        lost=tuple(line for line in after.unseen if line.card.id in seen),
    )
