"""An agenda and its senders over the real store, and what tests write into it."""

import json
from datetime import datetime, timedelta

from prevention_twin import agenda_of as made_of
from ward_house import ALIX, LOU, Ward

from gateway.access.grid import shipped_grid
from gateway.flows.agenda.room import Agenda
from gateway.flows.agenda.sending import SendAppointments
from gateway.flows.agenda.sight import Look
from gateway.flows.agenda.writing import Written
from gateway.flows.reading.read import ReadShelf
from gateway.mapping.fhir.appointments import appointment_in
from gateway.records.agenda.appointment import Meeting
from gateway.records.agenda.said import SaidAppointment
from gateway.records.patients.account import Choice, ChoiceKind, SenderAccount
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Reader, ReaderKind
from gateway.records.readers.switches import Switches
from gateway.records.task import Task, TaskKind

LABO, OTHER = SenderAccount(name="labo"), SenderAccount(name="autre")
PEER = "127.0.0.1"


def read_of(ward: Ward) -> ReadShelf:
    store = ward.store
    return ReadShelf(
        shelf=store.shelf,
        people=store.people,
        traces=store.traces,
        clock=ward.clock,
        grid=shipped_grid(),
        switches=Switches(),
    )


def look_of(ward: Ward) -> Look:
    return Look(asking=read_of(ward), agendas=ward.store.agendas)


def agenda_of(ward: Ward) -> Agenda:
    store = ward.store
    return made_of(read_of(ward), store.agendas, store.people, store.entries, store.preventions)


def sending_of(ward: Ward) -> SendAppointments:
    return SendAppointments(
        asking=read_of(ward),
        agendas=ward.store.agendas,
        names=ward.store.keys,
        senders=frozenset({LABO.name, OTHER.name}),
    )


def written(ward: Ward, *, days: int = 10, who: str = "Dr Kaleidoscope", note: str = "") -> Written:
    wall = datetime.combine(ward.clock.now().date() + timedelta(days=days), datetime.min.time())
    return Written(meeting=Meeting(wall=wall.replace(hour=10), who=who), note=note)


def said(ward: Ward, ins: str = ALIX.ins, oid: str = ALIX.oid, **more: object) -> SaidAppointment:
    at = ward.clock.now() + timedelta(days=10)
    told = {
        "resourceType": "Appointment",
        "identifier": [{"system": "urn:rdv", "value": "7"}],
        "status": "booked",
        "start": at.isoformat(),
        "end": (at + timedelta(minutes=30)).isoformat(),
        "participant": [
            {
                "actor": {
                    "type": "Patient",
                    "identifier": {"system": f"urn:oid:{oid}", "value": ins},
                },
                "status": "accepted",
            }
        ],
    }
    return appointment_in(json.dumps(told | more).encode(), max_bytes=100_000)


async def due(ward: Ward, kind: TaskKind) -> list[Task]:
    at = ward.clock.now() + timedelta(days=30)
    found = await ward.store.tasks.claim(
        at, lease=timedelta(hours=1), limit=50, kinds=frozenset({kind})
    )
    return list(found)


async def guardian(ward: Ward, alix: PatientKey) -> Reader:
    lou = await ward.open(LOU)
    tie = Choice(kind=ChoiceKind.GUARDIAN, target=lou.hex(), since=ward.clock.now(), by="caisse")
    await ward.store.people.choose(alix, tie)
    return Reader(kind=ReaderKind.REPRESENTATIVE, id=lou.hex(), name="Lou")
