"""Whose vaccinations are read by whom, and where the pages stand."""

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
from gateway.vault.rendering import MORE
from gateway.vault.rooms import ROOMS
from gateway.vault.vaccination import words as said
from gateway.vault.visit import VISIT


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    reader: Reader
    patient: PatientKey
    path: str
    documents: str
    title: str
    data_page: str
    current: str = ""
    back: str = ""
    back_words: str = ""
    emergency: Band | None = None
    refused: str = ""

    @property
    def is_professional(self) -> bool:
        return bool(self.back)


def own_place(request: web.Request) -> Place:
    """The profile that a patient's session looks at."""
    visit = request[VISIT]
    patient, reader = visit.holder()
    return Place(
        reader=reader,
        patient=patient,
        path=said.PATH,
        documents="/documents/",
        title=said.TITLE_OF.format(of=of) if (of := visit.face.of) else said.TITLE,
        data_page=said.PATH[1:],
        current=MORE,
    )


async def pro_place(request: web.Request) -> Place:
    """A record before a professional; in an emergency under its band."""
    reader, patient = request[VISIT].anybody(), patient_of(request)
    gate = await request[ROOMS].read.gate(reader, patient)
    permitted = gate.standing().permitted
    await note(request, Tried.RECORD, permitted=permitted, patient=patient)
    return Place(
        reader=reader,
        patient=patient,
        path=record_address(patient) + said.PATH,
        documents="/pro/documents/",
        title="Vaccinations",
        data_page="pro" + said.PATH,
        back=record_address(patient),
        back_words="Documents du patient",
        emergency=await band_of(request, gate),
        refused="" if permitted else words.NOT_ALLOWED,
    )
