"""An in-memory twin of the port `Departures`, on the same people, sessions and log as the rest."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from session_twins import MemoryServiceTokens, MemorySessions
from vault_twins import MemoryPeople, MemoryTraces

from gateway.flows.desk.agent import DeskGate
from gateway.flows.desk.authority import AuthorityDesk
from gateway.flows.desk.messages.listing import MessageDesk
from gateway.flows.family.recording import RecordAuthority
from gateway.flows.leaving.lookup import SupportDesk
from gateway.flows.leaving.paper import PaperDesk
from gateway.flows.leaving.room import Leaving
from gateway.ports.people.entering.activations import Representatives
from gateway.records.patients.account import (
    AccountState,
    Choice,
    ChoiceKind,
    NewTrace,
    Person,
    SignedIn,
    Tie,
)
from gateway.records.patients.leaving import Deletion, Ended
from gateway.records.patients.patient import PatientKey
from gateway.records.task import NewTask
from gateway.vault.rooms import DeskRooms

MADE = (AccountState.ACTIVE, AccountState.CREATED)


@dataclass
class MemoryDepartures:
    people: MemoryPeople
    sessions: MemorySessions
    tokens: MemoryServiceTokens
    traces: MemoryTraces
    then: list[NewTask] = field(default_factory=list)
    erased: list[Ended] = field(default_factory=list)

    async def oppose(
        self, patient: PatientKey, *, at: datetime, act: NewTrace, then: Sequence[NewTask] = ()
    ) -> datetime | None:
        one = self.people.persons[patient]
        if one.state is AccountState.OPPOSED and one.opposed_at is not None:
            await self.traces.write([act])
            return one.opposed_at
        if one.state not in (AccountState.INVITED, AccountState.OPPOSED):
            return None
        await self._write(one, [act], then, state=AccountState.OPPOSED, opposed_at=at)
        return at

    async def close(
        self,
        patient: PatientKey,
        *,
        at: datetime,
        acts: Sequence[NewTrace],
        then: Sequence[NewTask] = (),
        asks_deletion: bool = False,
    ) -> bool:
        one = self.people.persons[patient]
        if one.state not in MADE:
            return False
        asked = at if asks_deletion else None
        changed = {"closed_at": at, "deletion_asked_at": asked}
        await self._write(one, acts, then, state=AccountState.CLOSED, **changed)
        for key, session in list(self.sessions.kept.items()):
            if (session.who, session.subject) == (SignedIn.PATIENT, patient.hex()):
                del self.sessions.kept[key]
        for name, token in list(self.tokens.kept.items()):
            if token.patient == patient:
                del self.tokens.kept[name]
        self.people.chosen[patient] = [
            replace(choice, until=at) if choice.kind is ChoiceKind.APPLICATION else choice
            for choice in self.people.chosen.get(patient, [])
        ]
        return True

    async def reopen(
        self, patient: PatientKey, *, act: NewTrace, then: Sequence[NewTask] = ()
    ) -> bool:
        one = self.people.persons[patient]
        if one.state is not AccountState.CLOSED:
            return False
        over = {"closed_at": None, "deletion_asked_at": None}
        await self._write(one, [act], then, state=AccountState.ACTIVE, **over)
        return True

    async def ask_deletion(
        self,
        patient: PatientKey,
        *,
        at: datetime,
        act: NewTrace,
        then: Sequence[NewTask] = (),
        proposed: Choice | None = None,
    ) -> bool:
        one = self.people.persons[patient]
        if one.state is not AccountState.CLOSED or one.deletion_asked_at is not None:
            return False
        if proposed is not None:
            kept = [choice for choice in self.people.chosen[patient] if choice != proposed]
            self.people.chosen[patient] = kept
        await self._write(one, [act], then, deletion_asked_at=at)
        return True

    async def take_back(
        self, patient: PatientKey, *, act: NewTrace, then: Sequence[NewTask] = ()
    ) -> bool:
        one = self.people.persons[patient]
        if one.state is not AccountState.CLOSED or one.deletion_asked_at is None:
            return False
        await self._write(one, [act], then, deletion_asked_at=None)
        return True

    async def ended(self, *, limit: int) -> list[Ended]:
        return self.erased[:limit]

    async def deletions(self, *, limit: int) -> list[Deletion]:
        found = [
            Deletion(patient=one.key, state=one.state, asked_at=one.deletion_asked_at)
            for one in self.people.persons.values()
            if one.deletion_asked_at is not None
        ]
        return sorted(found, key=lambda one: one.asked_at)[:limit]

    async def proposed(self, now: datetime, *, limit: int) -> list[Tie]:
        found = [
            Tie(patient=patient, choice=one)
            for patient, chosen in self.people.chosen.items()
            for one in chosen
            if one.kind is ChoiceKind.DELETION_PROPOSED and one.until and one.until > now
        ]
        return found[:limit]

    async def _write(
        self, one: Person, acts: Sequence[NewTrace], then: Sequence[NewTask], **changed: Any
    ) -> None:
        self.people.persons[one.key] = replace(one, **changed)
        self.then.extend(then)
        await self.traces.write(acts)


def with_calls(
    desk: DeskRooms,
    leaving: Leaving,
    messages: MessageDesk | None,
    representatives: Representatives,
) -> DeskRooms:
    """The desk with those who answer calls, and what shows messages where there is any."""
    asking = leaving.asking
    gate = DeskGate(
        traces=asking.traces, clock=asking.clock, grid=asking.grid, switches=asking.switches
    )
    return replace(
        desk,
        messages=messages,
        support=SupportDesk(gate=gate, leaving=leaving),
        papers=PaperDesk(gate=gate, leaving=leaving),
        authorities=AuthorityDesk(
            gate=gate,
            leaving=leaving,
            record=RecordAuthority(
                people=asking.people, representatives=representatives, clock=asking.clock
            ),
        ),
    )
