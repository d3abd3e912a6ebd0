"""An in-memory twin of the port `Exports`, on the same log as the rest."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from agenda_twins import MemoryAgendas
from prevention_twin import MemoryPreventions
from vault_twins import MemoryPeople, MemoryTraces

from gateway.clock import SystemIds
from gateway.flows.corresponding.sight import Look
from gateway.flows.exporting.room import Exporting
from gateway.flows.reading.read import ReadShelf
from gateway.ports.correspondence import Correspondence
from gateway.ports.documents.journal import Journal
from gateway.ports.entries import Entries
from gateway.records.patients.account import NewTrace
from gateway.records.patients.export import Export, ExportState, Plan
from gateway.records.patients.patient import PatientKey
from gateway.records.task import NewTask


@dataclass
class MemoryExports:
    traces: MemoryTraces
    kept: dict[str, Export] = field(default_factory=dict)
    plans: dict[str, Plan] = field(default_factory=dict)
    pieces: dict[tuple[str, int, int], bytes] = field(default_factory=dict)
    then: list[NewTask] = field(default_factory=list)
    free_bytes: int = 1 << 40

    async def begin(self, export: Export, *, act: NewTrace, then: Sequence[NewTask] = ()) -> bool:
        before = await self.latest(export.patient, export.asker)
        if before and before.state is ExportState.MAKING and before.ends_at > export.asked_at:
            return False
        if before:
            del self.kept[before.id]
        self.kept[export.id] = export
        await self._write(act, then)
        return True

    async def find(self, export: str) -> Export | None:
        return self.kept.get(export)

    async def latest(self, patient: PatientKey, asker: PatientKey) -> Export | None:
        mine = (one for one in self.kept.values() if (one.patient, one.asker) == (patient, asker))
        return next(mine, None)

    async def clear(self, export: str) -> None:
        self.pieces = {place: one for place, one in self.pieces.items() if place[0] != export}

    async def put(self, export: str, file: int, number: int, octets: bytes) -> None:
        self.pieces[export, file, number] = octets

    async def piece(self, export: str, file: int, number: int) -> bytes:
        return self.pieces[export, file, number]

    async def finish(
        self, export: Export, plan: Plan, *, act: NewTrace, then: Sequence[NewTask] = ()
    ) -> bool:
        if export.id not in self.kept:
            return False
        self.kept[export.id], self.plans[export.id] = export, plan
        await self._write(act, then)
        return True

    async def fail(self, export: str) -> None:
        self.kept[export] = replace(self.kept[export], state=ExportState.FAILED)

    async def plan(self, export: str) -> Plan:
        return self.plans[export]

    async def count(self, export: str, now: datetime, *, most: int, act: NewTrace) -> bool:
        one = self.kept[export]
        if one.downloads >= most:
            return False
        self.kept[export] = replace(one, downloads=one.downloads + 1)
        await self._write(act)
        return True

    async def drop_ended(
        self, now: datetime, *, limit: int, say: Callable[[Export], NewTrace]
    ) -> int:
        ended = [one for one in self.kept.values() if one.ends_at <= now][:limit]
        for one in ended:
            del self.kept[one.id]
            await self._write(say(one))
        return len(ended)

    async def _write(self, act: NewTrace, then: Sequence[NewTask] = ()) -> None:
        await self.traces.write([act])
        self.then += then


def exporting_of(
    read: ReadShelf,
    people: MemoryPeople,
    exports: MemoryExports,
    correspondence: Correspondence,
    journal: Journal,
    entries: Entries,
    agendas: MemoryAgendas,
    preventions: MemoryPreventions,
) -> Exporting:
    return Exporting(
        read=read,
        look=Look(asking=read, correspondence=correspondence),
        journal=journal,
        domain="patient.mssante.fr",
        ties=people,
        exports=exports,
        entries=entries,
        agendas=agendas,
        preventions=preventions,
        ids=SystemIds(),
        has_room=lambda needed: needed <= exports.free_bytes,
    )
