"""« Patients récents » and « Mes accès refusés »: this person's own tries, nobody else's.

A refused document and one that is not there are noted alike, so this list tells nothing that the
answer did not (PAGES section 6; ACCESS section 5).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from gateway.records.patients.patient import PatientKey
from gateway.records.readers.own_try import OwnTry, Tried
from gateway.vault import words
from gateway.vault.pro.patient import who_of
from gateway.vault.rooms import ROOMS
from gateway.vault.visit import VISIT

LOOKED_AT, RECENT, REFUSED = 200, 8, 10
SAID = {
    Tried.RECORD: ("Consultation d'un dossier", words.NOT_ALLOWED),
    Tried.DOCUMENT: (
        "Ouverture d'un document",
        "Ce document n'est pas là, ou pas pour vous.",
    ),
    Tried.DEPOSIT: ("Dépôt d'un document", "Le dépôt n'a pas été accepté."),
    Tried.AGREEMENT: ("Accord à enregistrer", words.NOT_ALLOWED),
    Tried.EMERGENCY: ("Accès en urgence", "L'accès en urgence n'a pas été possible."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Recent:
    """A record that this person read; `who` as on its page."""

    who: str
    address: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """`address` is that of the record, "" where the try names none."""

    at: datetime
    act: str
    why: str
    address: str


async def note(
    request: web.Request, act: Tried, *, permitted: bool, patient: PatientKey | None = None
) -> None:
    rooms, reader = request[ROOMS], request[VISIT].anybody()
    one = OwnTry(act=act, permitted=permitted, at=rooms.clock.now(), patient=patient)
    await rooms.own_tries.note(reader.id or "", one)


async def own_page(request: web.Request) -> dict[str, object]:
    """What the first page shows of this person's last month."""
    reader = request[VISIT].anybody()
    tries = await request[ROOMS].own_tries.of(reader.id or "", limit=LOOKED_AT)
    refused = [_refused(one) for one in tries if not one.permitted]
    return {"recent": await _recent(request, tries), "refused": refused[:REFUSED]}


async def _recent(request: web.Request, tries: Iterable[OwnTry]) -> list[Recent]:
    """Each record once, where it may still be read: the name is not told to who lost it."""
    rooms, reader = request[ROOMS], request[VISIT].anybody()
    last: dict[PatientKey, datetime] = {}
    for one in tries:
        if one.permitted and one.act is Tried.RECORD and one.patient is not None:
            last.setdefault(one.patient, one.at)
    found = []
    for patient, at in list(last.items())[:RECENT]:
        person = await rooms.people.person(patient)
        if person is None:
            continue
        gate = await rooms.read.gate(reader, patient)
        if gate.standing().permitted:
            found.append(Recent(who=who_of(gate, person), address=_address(patient), at=at))
    return found


def _refused(one: OwnTry) -> Refused:
    act, why = SAID[one.act]
    return Refused(at=one.at, act=act, why=why, address=_address(one.patient))


def _address(patient: PatientKey | None) -> str:
    return f"/pro/patients/{patient.hex()}" if patient is not None else ""
