"""Copies are made in the background: over a restart, by one worker at a time, or given up."""

import io
import zipfile
from dataclasses import dataclass, field, replace

import pytest
from papers import results
from store_house import put_into
from ward_house import ALIX, LOU, Ward

from gateway.access.grid import shipped_grid
from gateway.clock import SystemIds
from gateway.flows.corresponding.sight import Look
from gateway.flows.exporting.ask import ask
from gateway.flows.exporting.make import MakeExport
from gateway.flows.exporting.room import Exporting
from gateway.flows.exporting.take import take
from gateway.flows.exporting.work_off import LEASE, RENEWED, WorkOffExports
from gateway.flows.reading.decided.facts import patient_reader
from gateway.flows.reading.read import ReadShelf
from gateway.flows.sending.outcome import EXPORT_RETRY
from gateway.ports.metrics import NoMetrics
from gateway.records.documents.shelved import Card
from gateway.records.patients.account import AccountState
from gateway.records.patients.export import Export, ExportState
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.switches import Switches
from gateway.records.task import TaskKind
from gateway.vault.exporting.press import FrenchPress

KIND = frozenset({TaskKind.EXPORT})
ON_ONE_ENGINE = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
"""What the engine has no part in."""


@dataclass
class Background:
    """A worker of copies of this ward."""

    ward: Ward
    free: bool = True
    room: Exporting = field(init=False)
    work: WorkOffExports = field(init=False)

    def __post_init__(self) -> None:
        store = self.ward.store
        read = ReadShelf(
            shelf=store.shelf,
            people=store.people,
            traces=store.traces,
            clock=self.ward.clock,
            grid=shipped_grid(),
            switches=Switches(),
        )
        self.room = Exporting(
            read=read,
            look=Look(asking=read, correspondence=store.correspondence),
            journal=store.journal,
            domain="patient.mssante.fr",
            ties=store.people,
            agendas=self.ward.store.agendas,
            preventions=self.ward.store.preventions,
            exports=store.exports,
            entries=store.entries,
            ids=SystemIds(),
            has_room=lambda _needed: self.free,
        )
        make = MakeExport(room=self.room, press=FrenchPress())
        self.work = WorkOffExports(tasks=store.tasks, make=make, metrics=NoMetrics())

    async def ask(self, patient: PatientKey) -> Export:
        reader = patient_reader(patient, name="Alix")
        return await ask(self.room, reader, patient, patient, base="https://exemple.test/fhir")

    async def state(self, one: Export) -> ExportState:
        found = await self.room.exports.find(one.id)
        assert found is not None
        return found.state


async def furnished(ward: Ward) -> Background:
    await ward.open(ALIX)
    await ward.open(LOU)
    assert (await ward.send(results(ALIX, "R1"))).documents
    assert (await ward.send(results(LOU, "R2"))).documents
    return Background(ward)


async def test_a_copy_whose_worker_died_is_made_from_the_beginning_by_the_next(ward: Ward) -> None:
    house = await furnished(ward)
    alix = ward.key(ALIX)
    asked = await house.ask(alix)
    (dead,) = await ward.store.tasks.claim(ward.clock.at, lease=LEASE, limit=1, kinds=KIND)
    await ward.store.exports.put(asked.id, 10, 0, b"left by the first try")
    assert await house.work() == 0  # it is held
    ward.clock.at += LEASE
    assert await house.work() == 1
    assert await house.work() == 0
    assert dead.attempts == 1
    made = await ward.store.exports.find(asked.id)
    assert made is not None
    assert made.state is ExportState.READY
    reader = patient_reader(alix)
    taken = await take(house.room, reader, alix, made, goes_on=False)
    whole = b"".join([run async for run in taken.octets(0, made.size)])
    assert len(whole) == made.size
    (card,) = await ward.store.shelf.cards(alix)
    with zipfile.ZipFile(io.BytesIO(whole)) as opened:
        (document,) = (one for one in opened.namelist() if one.startswith("documents/"))
        assert opened.read(document) == await ward.store.shelf.body(card.id)
        assert opened.testzip() is None
    (told,) = await ward.store.tasks.claim(
        ward.clock.at, lease=LEASE, limit=9, kinds=frozenset({TaskKind.NOTICE})
    )
    assert (told.subject, told.patient) == ("export-ready", alix)


@ON_ONE_ENGINE
async def test_a_worker_that_lost_its_task_to_another_stops(ward: Ward) -> None:
    house = await furnished(ward)
    asked = await house.ask(ward.key(ALIX))
    tasks, find = ward.store.tasks, ward.store.shelf.find_each

    class Slow:
        """A shelf on which each look takes longer than the lease; another worker comes."""

        def __getattr__(self, name: str) -> object:
            return getattr(ward.store.shelf, name)

        async def find_each(self, documents: list[str]) -> object:
            ward.clock.at += LEASE
            assert len(await tasks.claim(ward.clock.at, lease=LEASE, limit=1, kinds=KIND)) == 1
            return await find(documents)

    slow = replace(house.room, read=replace(house.room.read, shelf=Slow()))  # type: ignore[arg-type]  # the rest of it is the shelf's
    make = MakeExport(room=slow, press=FrenchPress())
    assert await replace(house.work, make=make)() == 1
    assert await house.state(asked) is ExportState.MAKING
    ward.clock.at += LEASE
    assert await house.work() == 1
    assert await house.state(asked) is ExportState.READY


@ON_ONE_ENGINE
async def test_a_copy_that_cannot_be_made_is_given_up_within_the_hour(ward: Ward) -> None:
    house = await furnished(ward)
    asked = await house.ask(ward.key(ALIX))
    house.free = False
    tries, end = 0, ward.clock.at + EXPORT_RETRY.patience
    while await house.state(asked) is ExportState.MAKING:
        tries += await house.work()
        ward.clock.at += EXPORT_RETRY.longest
        assert ward.clock.at <= end + EXPORT_RETRY.longest
    assert await house.state(asked) is ExportState.FAILED
    assert tries > 3
    house.free = True
    assert (await house.ask(ward.key(ALIX))).id != asked.id


@ON_ONE_ENGINE
async def test_who_may_take_nothing_any_more_gets_none_and_nobody_is_alarmed(ward: Ward) -> None:
    house = await furnished(ward)
    asked = await house.ask(ward.key(ALIX))
    await put_into(ward.store, ward.key(ALIX), AccountState.CLOSED)
    assert await house.work() == 1
    assert await house.state(asked) is ExportState.FAILED
    assert await ward.store.letters.failed(limit=9) == []


@ON_ONE_ENGINE
async def test_a_document_that_changed_records_meanwhile_is_in_no_copy(ward: Ward) -> None:
    house = await furnished(ward)
    asked = await house.ask(ward.key(ALIX))
    others = await ward.store.shelf.cards(ward.key(LOU))

    class Merged:
        """A shelf that tells of another record's cards, as in the middle of a merge."""

        def __getattr__(self, name: str) -> object:
            return getattr(ward.store.shelf, name)

        async def cards(self, patient: PatientKey, *, current_only: bool = True) -> list[Card]:
            return others

    merged = replace(house.room, read=replace(house.room.read, shelf=Merged()))  # type: ignore[arg-type]  # the rest of it is the shelf's
    make = MakeExport(room=merged, press=FrenchPress())
    assert await replace(house.work, make=make)() == 1
    assert await house.state(asked) is ExportState.MAKING
    ward.clock.at += RENEWED
    assert await house.work() == 1
    assert await house.state(asked) is ExportState.READY
