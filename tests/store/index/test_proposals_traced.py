"""What is proposed or dropped is in the log once, and only where it was done."""

import asyncio
from datetime import datetime

import pytest
from papers import adt
from ward_house import ALIX, Ward, desk, numbered

from gateway.access.grid import read_grid, shipped_bytes
from gateway.errors import DeniedError, RefusedError
from gateway.flows.desk.agent import DeskGate, agent_reader, auditor_reader
from gateway.flows.desk.held import Attachment, HeldDesk
from gateway.flows.identity.propose import TURN
from gateway.flows.identity.why import CannotBeError, Why
from gateway.records.intake.finding import Verdict
from gateway.records.patients.account import NewTrace
from gateway.records.patients.index import DeskAct, Proposal
from gateway.records.readers.operator import Operator, OperatorRole
from gateway.records.readers.switches import Switches
from gateway.store.index.proposals import DatabaseProposals

ROLES = (OperatorRole.TECHNIQUE, OperatorRole.VALIDEUR)
FIRST, SECOND, AUDITOR = (
    Operator(number=number, login=number, name="Lou", password_hash="x", roles=ROLES)
    for number in ("101", "102", "103")
)


class Halted(DatabaseProposals):
    """Of a node that stands still when it is about to write."""

    def __init__(self, ward: Ward) -> None:
        super().__init__(ward.store.database)
        self.begun, self.go_on = asyncio.Event(), asyncio.Event()

    async def add(self, proposal: Proposal, *, act: NewTrace | None = None) -> bool:
        await self._halt()
        return await super().add(proposal, act=act)

    async def settle(
        self, identifier: str, *, outcome: str, at: datetime, act: NewTrace | None = None
    ) -> bool:
        await self._halt()
        return await super().settle(identifier, outcome=outcome, at=at, act=act)

    async def _halt(self) -> None:
        self.begun.set()
        await self.go_on.wait()


def held_desk(ward: Ward, proposals: DatabaseProposals | None = None) -> HeldDesk:
    store = ward.store
    proposals = proposals or store.proposals
    gate = DeskGate(
        traces=store.traces,
        clock=ward.clock,
        grid=read_grid(shipped_bytes()),
        switches=Switches(),
    )
    return HeldDesk(
        gate=gate,
        journal=store.journal,
        proposals=proposals,
        names=store.keys,
        two=desk(ward, proposals=proposals),
    )


@pytest.fixture
async def said(ward: Ward) -> Attachment:
    """What a first person says of a receipt that is held."""
    key = await ward.open(ALIX)
    answer = await ward.send(numbered(ALIX, "R1", "IPP1"))
    assert answer.verdict is Verdict.HOLD
    return Attachment(
        receipt=answer.receipt,
        act=DeskAct.QUALIFY,
        reason="papers seen",
        candidate=key.hex(),
        despite_differences=True,
    )


async def acts(ward: Ward) -> list[tuple[str, bool]]:
    """Those of operators on proposals, the newest first."""
    log = await ward.store.traces.of_patient(ward.key(ALIX), limit=99)
    found = [one.trace for one in log if one.trace.action.startswith("identity")]
    return [(one.action, one.permitted) for one in found]


async def test_a_form_that_is_sent_twice_is_one_proposal_and_one_act(
    ward: Ward, said: Attachment
) -> None:
    agent = agent_reader(FIRST)
    first, again = [await held_desk(ward).propose(agent, said) for _ in range(2)]
    assert first == again
    assert await acts(ward) == [("identity-proposed", True)]


async def test_who_may_not_propose_proposes_nothing_and_the_try_is_traced(
    ward: Ward, said: Attachment
) -> None:
    with pytest.raises(DeniedError):
        await held_desk(ward).propose(auditor_reader(AUDITOR), said)
    assert await ward.store.proposals.open(limit=9) == []
    assert await acts(ward) == [("identity-proposed", False)]


async def test_what_its_sender_settles_meanwhile_is_not_said_to_be_proposed(
    ward: Ward, said: Attachment
) -> None:
    halted = Halted(ward)
    proposing = asyncio.create_task(held_desk(ward, halted).propose(agent_reader(FIRST), said))
    await halted.begun.wait()
    await ward.send(adt(ALIX, "A1", local="IPP1"))
    halted.go_on.set()
    with pytest.raises(CannotBeError) as told:
        await proposing
    assert told.value.why is Why.NOT_HELD
    assert await acts(ward) == []


async def test_what_was_validated_first_is_not_said_to_be_dropped(
    ward: Ward, said: Attachment
) -> None:
    """By a node that stood still so long that another one took its turn."""
    made = await held_desk(ward).propose(agent_reader(FIRST), said)
    halted = Halted(ward)
    dropping = asyncio.create_task(held_desk(ward, halted).refuse(agent_reader(FIRST), made.id))
    await halted.begun.wait()
    ward.clock.at += TURN
    ((_, answer),) = await held_desk(ward).validate(agent_reader(SECOND), made.id)
    assert answer.verdict is Verdict.ACCEPT
    halted.go_on.set()
    with pytest.raises(RefusedError):
        await dropping
    assert await acts(ward) == [("identity", True), ("identity-proposed", True)]


async def test_what_is_dropped_is_in_the_log_once(ward: Ward, said: Attachment) -> None:
    made = await held_desk(ward).propose(agent_reader(FIRST), said)
    await held_desk(ward).refuse(agent_reader(SECOND), made.id)
    with pytest.raises(RefusedError):
        await held_desk(ward).refuse(agent_reader(SECOND), made.id)
    assert await acts(ward) == [("identity-declined", True), ("identity-proposed", True)]
