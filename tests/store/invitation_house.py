"""A node of the daemon that invites, sends and ends windows, and the command beside it."""

import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from store_house import OID, FixedClock, identity

from gateway.clock import SystemIds
from gateway.errors import DeferredError
from gateway.flows.inviting.bounce import Bounced
from gateway.flows.inviting.end import EndWindows
from gateway.flows.inviting.invite import Invite, Listed
from gateway.flows.inviting.send import SendInvitations
from gateway.records.duration import PARIS
from gateway.records.patients.account import AccountState, Trace
from gateway.records.patients.invitation import Invitation, OpeningPolicy
from gateway.records.patients.patient import PatientKey, Profile
from gateway.records.task import Task, TaskKind
from gateway.store import Store

MARCH = datetime(2026, 3, 2, 9, tzinfo=UTC)
MIDNIGHT = datetime(2026, 4, 14, tzinfo=PARIS).astimezone(UTC)
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
SERIAL, EMAIL = "60123456789", "zoltan@exemple.test"
PARENT = "284037511604282"


@dataclass
class Box:
    """An outbox that takes everything, but fails while `fails` is set."""

    letters: list[dict[str, str]] = field(default_factory=list)
    fails: bool = False

    async def send(self, **letter: str) -> None:
        if self.fails:
            raise DeferredError("the disk is full")
        self.letters.append(letter)

    def templates(self) -> list[str]:
        return [one["template"] for one in self.letters]

    def code(self) -> str:
        found = re.search(r"code : (\w{4} \w{4})", self.letters[-1]["body"])
        assert found is not None
        return found[1]


@dataclass
class Node:
    """A node of the daemon with the operator's command beside it."""

    store: Store
    policy: OpeningPolicy = field(default_factory=OpeningPolicy)
    box: Box = field(default_factory=Box)

    @property
    def clock(self) -> FixedClock:
        clock = self.store.database.clock
        assert isinstance(clock, FixedClock)
        return clock

    async def invite(self, listed: Listed, at: datetime = MARCH) -> AccountState | None:
        self.clock.at = at
        flow = Invite(
            people=self.store.people,
            invitations=self.store.invitations,
            names=self.store.keys,
            clock=self.clock,
            profile=Profile.TEST,
        )
        return await flow(listed, by="Lou", reason="wave 1")

    async def carried(self, at: datetime | None = None) -> list[str]:
        """What came of the tasks that are due."""
        self.clock.at = at or self.clock.at
        store = self.store
        send = SendInvitations(
            people=store.people,
            invitations=store.invitations,
            activations=store.activations,
            traces=store.traces,
            outbox=self.box,
            clock=self.clock,
            ids=SystemIds(),
            policy=self.policy,
        )
        tasks = await self.due()
        told = await send.carry(tasks)
        for task, outcome in zip(tasks, told, strict=True):
            if isinstance(outcome, str):
                await store.tasks.settle(task, outcome=outcome, at=self.clock.at)
        return [str(one) for one in told]

    async def due(self) -> list[Task]:
        kinds = frozenset({TaskKind.INVITATION})
        return await self.store.tasks.claim(self.clock.at, lease=SECOND, limit=50, kinds=kinds)

    async def end(self, at: datetime) -> int:
        self.clock.at = at
        windows = EndWindows(
            invitations=self.store.invitations, clock=self.clock, policy=self.policy
        )
        return await windows()

    async def bounced(self, key: PatientKey) -> None:
        store = self.store
        flow = Bounced(people=store.people, invitations=store.invitations, clock=self.clock)
        await flow(key, by="Lou", reason="550")

    async def state(self, key: PatientKey) -> AccountState:
        known = await self.store.people.person(key)
        assert known is not None
        return known.state

    async def kept(self, key: PatientKey) -> Invitation:
        kept = await self.store.invitations.invitation(key)
        assert kept is not None
        return kept

    async def acts(self, key: PatientKey) -> list[Trace]:
        return (await self.store.traces.of_patient(key, limit=50))[::-1]


def listed(
    serial: int = 1, *, email: str = EMAIL, parent: str = "", born: str = "1970-01-02"
) -> Listed:
    who = identity(serial, birth_date=born, birth_givens="Zoltan")
    return Listed(
        identity=replace(who, other_ids=()),
        serial=SERIAL,
        email=email,
        postal="3 rue Basse",
        parent=parent,
    )


def key_of(store: Store, one: Listed) -> PatientKey:
    return store.keys.patient_key(OID, one.identity.ins or "")
