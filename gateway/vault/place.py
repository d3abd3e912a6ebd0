"""Whose record is read by whom, and where the pages of a room stand: before the patient's side at
`/mesures`, before a professional at `/pro/patients/…/mesures`."""

from collections.abc import Collection
from dataclasses import dataclass

from aiohttp import web

from gateway.records.entries.entry import Entry, EntryState
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Reader
from gateway.records.readers.own_try import Tried
from gateway.vault import words
from gateway.vault.pro.band import Band, band_of
from gateway.vault.pro.find import record_address
from gateway.vault.pro.patient import patient_of, who_of
from gateway.vault.pro.tries import note
from gateway.vault.rooms import ROOMS, medical_of
from gateway.vault.visit import VISIT


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """`path` is the address of the room's first page, `documents` how that of a document begins.
    `back` is the professional's page of the record, "" on the patient's side; `refused` says why a
    professional reads nothing, and `who` the patient to one who reads. `of` names another's profile
    that is looked at: « de Léo »."""

    reader: Reader
    patient: PatientKey
    path: str
    documents: str
    title: str
    of: str = ""
    current: str = ""
    back: str = ""
    back_words: str = ""
    emergency: Band | None = None
    refused: str = ""
    who: str = ""

    @property
    def is_professional(self) -> bool:
        return bool(self.back)

    @property
    def is_own(self) -> bool:
        """Before the holder."""
        return not self.is_professional and not self.of

    @property
    def page(self) -> str:
        """`data-page`: « mesures », « pro/mesures », without what is of one record."""
        room = self.path.removeprefix(self.back).removeprefix("/")
        return f"pro/{room}" if self.is_professional else room

    @property
    def me(self) -> str:
        """What the holder of the record is called where he wrote himself."""
        if self.is_professional:
            return "le patient"
        return "vous" if self.is_own else "le titulaire du profil"


def before_patient(request: web.Request, path: str, title: str, *, current: str = "") -> Place:
    """The profile that a patient's session looks at."""
    visit = request[VISIT]
    patient, reader = visit.holder()
    return Place(
        reader=reader,
        patient=patient,
        path=path,
        documents="/documents/",
        title=title,
        of=visit.face.of,
        current=current or path,
    )


async def before_professional(request: web.Request, path: str, title: str) -> Place:
    """A record before a professional; in an emergency under its band."""
    reader, patient = request[VISIT].anybody(), patient_of(request)
    rooms = request[ROOMS]
    gate = await rooms.read.gate(reader, patient)
    permitted = gate.standing().permitted
    await note(request, Tried.RECORD, permitted=permitted, patient=patient)
    return Place(
        reader=reader,
        patient=patient,
        path=record_address(patient) + path,
        documents="/pro/documents/",
        title=title,
        back=record_address(patient),
        back_words="Documents du patient",
        emergency=await band_of(request, gate),
        refused="" if permitted else words.NOT_ALLOWED,
        who=who_of(gate, await rooms.people.person(patient)) if permitted else "",
    )


async def settled(
    request: web.Request, place: Place, states: Collection[EntryState], *names: str
) -> Entry | None:
    """The first of these entries of the record that is in such a state: of a second click the
    first has done it."""
    entries = medical_of(request).change.look.entries
    gate = await request[ROOMS].read.gate(place.reader, place.patient)
    found = [] if gate.is_shut else [await entries.find(name) for name in names]
    ours = (one for one in found if one and one.patient == gate.patient and one.state in states)
    return next(ours, None)
