"""Whose profile is read by whom, and where its pages stand."""

from dataclasses import dataclass

from aiohttp import web

from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Reader
from gateway.records.readers.own_try import Tried
from gateway.vault import words
from gateway.vault.pro.band import Band, band_of
from gateway.vault.pro.find import record_address
from gateway.vault.pro.patient import patient_of
from gateway.vault.pro.tries import note
from gateway.vault.rooms import ROOMS
from gateway.vault.visit import VISIT

PATH = "/profil"
TITLE = "Profil médical"
HOLDER = "vous"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """`me` is what its holder is called where he wrote himself. `back` is "" for the patient's
    side; `refused` why a professional reads nothing."""

    reader: Reader
    patient: PatientKey
    path: str
    documents: str
    title: str
    me: str
    current: str = ""
    back: str = ""
    emergency: Band | None = None
    refused: str = ""

    @property
    def is_own(self) -> bool:
        """Before the holder."""
        return self.me == HOLDER

    @property
    def page(self) -> str:
        """`data-page` without what is of one record."""
        return "pro/profil" if self.back else "profil"


async def place_of(request: web.Request) -> Place:
    """Of the record that a patient's session looks at, or of the one that the address names, before
    a professional."""
    visit = request[VISIT]
    if visit.is_professional:
        return await _before_professional(request)
    patient, reader = visit.holder()
    of = visit.face.of
    return Place(
        reader=reader,
        patient=patient,
        path=PATH,
        documents="/documents/",
        title=f"{TITLE} {of}" if of else TITLE,
        me="le titulaire du profil" if of else HOLDER,
        current=PATH,
    )


async def _before_professional(request: web.Request) -> Place:
    reader, patient = request[VISIT].anybody(), patient_of(request)
    gate = await request[ROOMS].read.gate(reader, patient)
    permitted = gate.standing().permitted
    await note(request, Tried.RECORD, permitted=permitted, patient=patient)
    return Place(
        reader=reader,
        patient=patient,
        path=record_address(patient) + PATH,
        documents="/pro/documents/",
        title=TITLE,
        me="le patient",
        back=record_address(patient),
        emergency=await band_of(request, gate),
        refused="" if permitted else words.NOT_ALLOWED,
    )
