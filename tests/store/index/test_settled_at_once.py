"""Two operators settle one held receipt on two nodes, or on one that died in the act."""

import asyncio
from datetime import datetime, timedelta

import pytest
from papers import adt
from ward_house import ALIX, LOU, Ward, desk, numbered

from gateway.errors import DeferredError
from gateway.flows.identity.decide import Word
from gateway.flows.identity.propose import TURN, BeingSettledError
from gateway.flows.identity.qualify import Claim
from gateway.flows.identity.why import CannotBeError, Why
from gateway.records.intake.filing import Answer, IdentityChange, Intake
from gateway.records.intake.finding import Verdict
from gateway.records.patients.account import NewTrace
from gateway.records.patients.index import DeskWord, Proposal
from gateway.records.patients.patient import DESK, PatientIdentity
from gateway.store.documents.receipts.journal import DatabaseJournal
from gateway.store.people.parties import DatabasePeople

FIRST, SECOND = "Lou Testeur", "Sam Valideur"


class Halted(DatabasePeople):
    """Of a node that stands still when it is about to act."""

    def __init__(self, ward: Ward) -> None:
        super().__init__(ward.store.database)
        self.begun, self.go_on = asyncio.Event(), asyncio.Event()

    async def change_identity(
        self, change: IdentityChange, *, act: NewTrace | None = None, held: str | None = None
    ) -> bool:
        self.begun.set()
        await self.go_on.wait()
        return await super().change_identity(change, act=act, held=held)


class HaltedJournal(DatabaseJournal):
    """As `Halted`, of a node that files again."""

    def __init__(self, ward: Ward) -> None:
        super().__init__(ward.store.database)
        self.begun, self.go_on = asyncio.Event(), asyncio.Event()

    async def refile(self, intake: Intake) -> Answer:
        self.begun.set()
        await self.go_on.wait()
        return await super().refile(intake)


class Away(DatabasePeople):
    """What cannot be written now."""

    async def change_identity(
        self, change: IdentityChange, *, act: NewTrace | None = None, held: str | None = None
    ) -> bool:
        raise DeferredError("the database is away")


def claim(held: Answer, who: PatientIdentity) -> Claim:
    """Both know who it is from the index; the paper differs for one of them."""
    identity = PatientIdentity(ins=who.ins, ins_oid=who.ins_oid)
    return Claim(
        receipt=held.receipt,
        identity=identity,
        by=FIRST,
        reason="papers seen",
        despite_differences=True,
    )


def proposed(proposal: Proposal) -> NewTrace:
    """What the command says of it."""
    return NewTrace(
        patient=DESK,
        action=proposal.act,
        permitted=True,
        rule="",
        kind="command",
        actor="",
        actor_name=FIRST,
    )


@pytest.fixture
async def held(ward: Ward) -> Answer:
    for who in (ALIX, LOU):
        await ward.open(who)
    answer = await ward.send(numbered(ALIX, "R1", "IPP1"))
    assert answer.verdict is Verdict.HOLD
    return answer


@pytest.fixture
async def both(ward: Ward, held: Answer) -> list[Proposal]:
    """One receipt, said to be of two persons."""
    one = desk(ward)
    return [
        await one.propose(claim(held, who.identity), login="", told=proposed) for who in (ALIX, LOU)
    ]


async def every_act(ward: Ward) -> list[NewTrace]:
    """Of operators, in whatever log."""
    rows, _ = await ward.store.traces.entries(limit=99)
    return [one.trace for one in rows if one.trace.kind == "operator"]


async def acts(ward: Ward) -> list[int]:
    """How often an operator's act stands in the log of each."""
    keys = [ward.key(who) for who in (ALIX, LOU)]
    logs = [await ward.store.traces.of_patient(key, limit=99) for key in keys]
    return [sum(one.trace.action == "identity" for one in log) for log in logs]


async def test_of_two_proposals_validated_at_once_on_two_nodes_one_is_carried_out(
    ward: Ward, held: Answer, both: list[Proposal]
) -> None:
    halted = Halted(ward)
    first = asyncio.create_task(desk(ward, halted).validate(both[0].id, by=SECOND))
    await halted.begun.wait()
    other = desk(ward)
    with pytest.raises(BeingSettledError):
        await other.validate(both[1].id, by=SECOND)
    with pytest.raises(BeingSettledError):
        await other.refuse(both[0].id, told=proposed)
    word = Word(receipt=held.receipt, word=DeskWord.SET_ASIDE, by=FIRST, reason="x")
    with pytest.raises(BeingSettledError):
        await other.set_aside(word)
    halted.go_on.set()
    ((receipt, answer),) = await first
    assert (receipt, answer.verdict) == (held.receipt, Verdict.ACCEPT)
    assert await ward.store.proposals.open(limit=9) == []
    assert (await acts(ward), await ward.count(ALIX), await ward.count(LOU)) == ([1, 0], 1, 0)


async def test_what_a_node_began_that_died_waits_again_for_a_second_person(
    ward: Ward, held: Answer, both: list[Proposal]
) -> None:
    halted, other = Halted(ward), desk(ward)
    first = asyncio.create_task(desk(ward, halted).validate(both[0].id, by=SECOND))
    await halted.begun.wait()
    assert await ward.store.proposals.of_receipt(held.receipt) == both
    ward.clock.at += TURN
    ((_, answer),) = await other.validate(both[0].id, by=SECOND)
    assert answer.verdict is Verdict.ACCEPT
    assert await ward.store.proposals.of_receipt(held.receipt) == []
    halted.go_on.set()  # it was only slow: nothing is done a second time, nor said to be
    with pytest.raises(CannotBeError) as told:
        await first
    assert told.value.why is Why.NOT_HELD
    assert (await acts(ward), await ward.count(ALIX), await ward.count(LOU)) == ([1, 0], 1, 0)


async def test_what_its_sender_settled_first_is_told_and_not_traced_as_decided(
    ward: Ward, held: Answer
) -> None:
    """The log said that it was set aside, and so did the page."""
    halted = HaltedJournal(ward)
    word = Word(receipt=held.receipt, word=DeskWord.SET_ASIDE, by=FIRST, reason="x")
    first = asyncio.create_task(desk(ward, journal=halted).set_aside(word))
    await halted.begun.wait()
    await ward.send(adt(ALIX, "A1", local="IPP1"))
    assert await ward.fate(held) is Verdict.ACCEPT
    halted.go_on.set()
    with pytest.raises(CannotBeError) as told:
        await first
    assert told.value.why is Why.NOT_HELD
    assert await every_act(ward) == []


async def test_what_is_set_aside_is_traced_once(ward: Ward, held: Answer) -> None:
    word = Word(receipt=held.receipt, word=DeskWord.SET_ASIDE, by=FIRST, reason="x")
    ((_, answer),) = await desk(ward).set_aside(word)
    assert answer.verdict is Verdict.REFUSE
    with pytest.raises(CannotBeError):
        await desk(ward).set_aside(word)
    (one,) = await every_act(ward)
    assert (one.action, one.permitted, one.actor) == ("identity", True, FIRST)


async def test_one_local_identifier_is_not_given_to_two_persons_by_two_receipts_at_once(
    ward: Ward, held: Answer
) -> None:
    other = await ward.send(numbered(LOU, "R2", "IPP1"))
    alix, lou = [
        await desk(ward).propose(claim(one, who.identity), login="", told=proposed)
        for one, who in ((held, ALIX), (other, LOU))
    ]
    halted = Halted(ward)
    first = asyncio.create_task(desk(ward, halted).validate(lou.id, by=SECOND))
    await halted.begun.wait()
    (_, answer), *_ = await desk(ward).validate(alix.id, by=SECOND)
    halted.go_on.set()
    with pytest.raises(CannotBeError) as told:
        await first
    assert told.value.why is Why.LOCAL_ID
    assert [answer.verdict, await ward.fate(other)] == [Verdict.ACCEPT, Verdict.HOLD]
    assert await acts(ward) == [1, 0]
    assert (await ward.count(ALIX), await ward.count(LOU)) == (1, 0)
    assert await ward.store.proposals.open(limit=9) == [lou]
    known = await ward.store.people.person(ward.key(LOU))
    assert known is not None
    assert known.identity.other_ids == LOU.identity.other_ids


async def test_what_could_not_be_written_waits_and_the_next_try_is_not_kept_away(
    ward: Ward, held: Answer, both: list[Proposal]
) -> None:
    one = desk(ward, Away(ward.store.database))
    with pytest.raises(DeferredError):
        await one.validate(both[0].id, by=SECOND)
    assert await ward.store.proposals.of_receipt(held.receipt) == both
    ((_, answer),) = await desk(ward).validate(both[0].id, by=SECOND)
    assert (answer.verdict, await acts(ward)) == (Verdict.ACCEPT, [1, 0])


async def test_a_clock_that_was_ahead_keeps_nobody_away_once_it_is_corrected(
    ward: Ward, held: Answer
) -> None:
    """And a node whose clock is a little ahead is believed."""
    proposals, now = ward.store.proposals, ward.clock.now()

    async def claims(at: datetime) -> bool:
        return await proposals.claim(held.receipt, at=at, until=at + TURN)

    assert await claims(now + timedelta(days=1))
    assert await claims(now + timedelta(seconds=30))
    assert not await claims(now)
    await proposals.give_back(held.receipt, until=now + TURN)
    assert not await claims(now)
    await proposals.give_back(held.receipt, until=now + timedelta(seconds=30) + TURN)
    assert await claims(now)
