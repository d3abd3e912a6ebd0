"""An in-memory twin of the ports `Activations` and `Invited`, on the people and log of the rest."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from session_twins import MemorySessions
from vault_twins import MemoryPeople, MemoryTraces, MovedClock, PlainHasher, PlainNames

from gateway.flows.entering.entrance import Entrance
from gateway.flows.reading.read import ReadShelf
from gateway.flows.signing_in.signin import SignIn
from gateway.records.patients.account import AccountState, Choice, ChoiceKind, Login, NewTrace, Tie
from gateway.records.patients.activation import Activated, Activation
from gateway.records.patients.invitation import Invitation, OpeningPolicy
from gateway.records.patients.patient import PatientKey
from gateway.records.task import NewTask

WAITS = (AccountState.INVITED, AccountState.OPPOSED, AccountState.CREATED)
SHUT_FOR_GOOD = (AccountState.UNKNOWN, AccountState.ERASING, AccountState.ERASED)


@dataclass
class MemoryActivations:
    people: MemoryPeople
    sessions: MemorySessions
    traces: MemoryTraces
    clock: MovedClock
    kept: dict[PatientKey, Activation] = field(default_factory=dict)
    then: list[NewTask] = field(default_factory=list)
    sent: dict[PatientKey, Invitation] = field(default_factory=dict)
    policy: OpeningPolicy = field(default_factory=OpeningPolicy)

    async def invitation(self, patient: PatientKey) -> Invitation | None:
        return self.sent.get(patient)

    async def end(
        self,
        invitation: Invitation,
        *,
        at: datetime,
        created: bool,
        act: NewTrace,
        then: Sequence[NewTask] = (),
    ) -> bool:
        person = self.people.persons[invitation.patient]
        if person.state is not AccountState.INVITED:
            return False
        if created:
            made = replace(person, state=AccountState.CREATED)
            self.people.persons[invitation.patient] = made
        self.then.extend(then)
        await self.traces.write([act])
        return True

    async def proposed(
        self, kinds: Sequence[ChoiceKind], now: datetime, *, limit: int
    ) -> list[Tie]:
        found = [
            Tie(patient=patient, choice=one)
            for patient, chosen in self.people.chosen.items()
            for one in chosen
            if one.kind in kinds and one.until and one.until > now
        ]
        return sorted(found, key=lambda one: one.choice.since)[:limit]

    async def represent(
        self,
        patient: PatientKey,
        facts: Sequence[Choice],
        proposed: Choice,
        *,
        opens: bool,
        act: NewTrace,
        then: Sequence[NewTask] = (),
    ) -> bool:
        now, person = self.clock.now(), self.people.persons[patient]
        if proposed not in await self.people.choices(patient):
            return False
        if opens:
            self.people.persons[patient] = replace(person, state=AccountState.ACTIVE)
        for one in (*facts, replace(proposed, since=now, until=now)):
            await self.people.choose(patient, one, act=act)
        self.then.extend(then)
        return True

    async def hand_over(self, activation: Activation, *, act: NewTrace) -> None:
        self.kept[activation.patient] = activation
        await self.traces.write([act])

    async def handed_over(self, patient: PatientKey) -> Activation | None:
        return self.kept.get(patient)

    async def is_free(self, login: str, patient: PatientKey) -> bool:
        known = self.people.logins.get(login)
        return known is None or known.patient == patient

    async def activate(
        self,
        login: Login,
        *,
        digest: bytes,
        by_code: bool = True,
        act: NewTrace,
        then: Sequence[NewTask] = (),
    ) -> Activated:
        code, now = self.kept.get(login.patient), self.clock.now()
        if code is None or code.digest != digest:
            return Activated.GONE
        if by_code and (code.spent_at or now >= code.expires_at):
            return Activated.GONE
        if not await self.is_free(login.login, login.patient):
            return Activated.TAKEN
        if self.people.persons[login.patient].state in SHUT_FOR_GOOD:
            return Activated.GONE
        self.kept[login.patient] = replace(code, spent_at=now)
        await self._change(login, act, then)
        return Activated.DONE

    async def activate_child(
        self, child: PatientKey, *, digest: bytes, act: NewTrace, then: Sequence[NewTask] = ()
    ) -> bool:
        code, now, person = self.kept.get(child), self.clock.now(), self.people.persons[child]
        if code is None or code.digest != digest or code.spent_at or now >= code.expires_at:
            return False
        if person.state not in WAITS:
            return False
        self.kept[child] = replace(code, spent_at=now)
        self.people.persons[child] = replace(person, state=AccountState.ACTIVE)
        self.then.extend(then)
        await self.traces.write([act])
        return True

    async def renew(self, login: Login, *, act: NewTrace, then: Sequence[NewTask] = ()) -> bool:
        if self.people.persons[login.patient].state is not AccountState.ACTIVE:
            return False
        await self._change(login, act, then)
        return True

    async def _change(self, login: Login, act: NewTrace, then: Sequence[NewTask]) -> None:
        person = self.people.persons[login.patient]
        self.people.persons[login.patient] = replace(
            person, state=AccountState.ACTIVE, closed_at=None, deletion_asked_at=None
        )
        former = [name for name, one in self.people.logins.items() if one.patient == login.patient]
        for name in former:
            del self.people.logins[name]
        self.people.logins[login.login] = login
        mine = login.patient.hex()
        gone = [
            key
            for key, one in self.sessions.kept.items()
            if (one.who, one.subject) == ("patient", mine)
        ]
        for key in gone:
            del self.sessions.kept[key]
        self.then.extend(then)
        await self.traces.write([act])


def entrance_of(
    read: ReadShelf,
    sign_in: SignIn,
    activations: MemoryActivations,
    hasher: PlainHasher,
    names: PlainNames,
) -> Entrance:
    return Entrance(
        asking=read,
        activations=activations,
        invited=activations,
        names=names,
        sessions=sign_in.sessions,
        outbox=sign_in.outbox,
        hasher=hasher,
        turns=sign_in.turns,
        ids=sign_in.ids,
        oids=("1.2.250.1.213.1.4.10",),
        policy=activations.policy,
    )
