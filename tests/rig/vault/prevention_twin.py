"""What people say of examinations, in memory, and the agenda that asks for it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from vault_twins import MemoryTraces

from gateway.clock import SystemIds
from gateway.flows.agenda.room import Agenda
from gateway.flows.agenda.sight import Look
from gateway.flows.prevention.listing import ListPrevention
from gateway.flows.prevention.room import Prevention
from gateway.flows.reading.decided.asking import Asking
from gateway.ports.agendas import Agendas
from gateway.ports.entries import Entries
from gateway.ports.people.people import Ties
from gateway.ports.prevention import Preventions
from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import PatientKey
from gateway.records.prevention import LookedAt, Said
from gateway.records.task import NewTask


def prevention_of(asking: Asking, entries: Entries, preventions: Preventions) -> Prevention:
    listing = ListPrevention(asking=asking, entries=entries, preventions=preventions)
    return Prevention(list=listing)


def agenda_of(
    asking: Asking, agendas: Agendas, ties: Ties, entries: Entries, preventions: Preventions
) -> Agenda:
    return Agenda(
        look=Look(asking=asking, agendas=agendas),
        ids=SystemIds(),
        ties=ties,
        prevention=prevention_of(asking, entries, preventions),
    )


@dataclass
class MemoryPreventions:
    """Satisfies `ports.prevention.Preventions`; the store's tests look after whose turn it is."""

    traces: MemoryTraces
    kept: dict[tuple[PatientKey, str], Said] = field(default_factory=dict)

    async def said(self, patient: PatientKey) -> Sequence[Said]:
        return [one for (whose, _), one in self.kept.items() if whose == patient]

    async def say(self, said: Said, *, act: NewTrace) -> None:
        self.kept[said.patient, said.about] = said
        await self.traces.write([act])

    async def begin(self, *, since: datetime, limit: int) -> int:
        return 0

    async def due(self, *, at: datetime, limit: int) -> Sequence[LookedAt]:
        return []

    async def looked(
        self,
        one: LookedAt,
        *,
        at: datetime,
        due_at: datetime,
        acts: Sequence[NewTrace] = (),
        then: Sequence[NewTask] = (),
    ) -> bool:
        return False

    async def leave(self, patient: PatientKey) -> None: ...
