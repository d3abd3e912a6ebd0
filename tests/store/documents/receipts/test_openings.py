"""« Octets »: opened by two people, for an hour, and never what was filed, held or opposed."""

from dataclasses import replace
from datetime import timedelta

import pytest
from papers import results
from store_house import NOW
from ward_house import ALIX, HOUSE, READING, Ward, numbered

from gateway.access.grid import read_grid, shipped_bytes
from gateway.clock import SystemIds
from gateway.errors import RefusedError
from gateway.flows.desk.agent import DeskGate, agent_reader
from gateway.flows.desk.messages.listing import MessageDesk
from gateway.flows.desk.messages.opening import LASTS, WAITS, OpeningDesk, Shut, ShutError
from gateway.flows.identity.propose import SamePersonError
from gateway.flows.receive import Delivery
from gateway.mapping.files.octets import Piece
from gateway.records.intake.filing import Answer, Door, IdentityChange
from gateway.records.intake.finding import Verdict
from gateway.records.patients.account import AccountState
from gateway.records.patients.index import DeskWord
from gateway.records.patients.patient import DESK
from gateway.records.readers.operator import Operator, OperatorRole
from gateway.records.readers.switches import Switches

FIRST, SECOND = (
    agent_reader(
        Operator(
            number=number, login=number, name="Lou", password_hash="x", roles=tuple(OperatorRole)
        )
    )
    for number in ("101", "102")
)
KEPT = timedelta(days=30)
BROKEN = f"MSH|^~\\&|LABO\rPID|1||{ALIX.ins}".encode()


def desk_of(ward: Ward) -> OpeningDesk:
    store = ward.store
    gate = DeskGate(
        traces=store.traces, clock=ward.clock, grid=read_grid(shipped_bytes()), switches=Switches()
    )
    return OpeningDesk(
        messages=MessageDesk(gate=gate, messages=store.messages),
        again=ward.release.again,
        openings=store.openings,
        people=store.people,
        names=store.keys,
        clock=ward.clock,
        ids=SystemIds(),
    )


async def acts(ward: Ward, patient: bytes) -> list[tuple[str, str, bool]]:
    """Those about bytes, the oldest first."""
    log = await ward.store.traces.of_patient(patient, limit=99)  # type: ignore[arg-type]  # a key
    found = [one.trace for one in reversed(log) if one.trace.action.startswith("bytes")]
    return [(one.action, one.actor, one.permitted) for one in found]


async def refused(ward: Ward, control: str = "R1") -> Answer:
    """About a person whose space is open: a key that was used with other bytes."""
    await ward.open(ALIX)
    await ward.send(results(ALIX, control))
    answer = await ward.send(results(ALIX, control, value="9.9"))
    assert answer.verdict is Verdict.REFUSE
    return answer


async def opened(ward: Ward, receipt: str) -> OpeningDesk:
    desk = desk_of(ward)
    await desk.ask(FIRST, receipt, reason="MSH-18 faux")
    (waits,) = await desk.waiting()
    await desk.agree(SECOND, waits.id)
    return desk


async def shut(ward: Ward, receipt: str) -> Shut:
    with pytest.raises(ShutError) as told:
        await desk_of(ward).ask(FIRST, receipt, reason="x")
    with pytest.raises(ShutError) as again:
        await desk_of(ward).show(FIRST, receipt, page=1)
    assert told.value.why is again.value.why
    return told.value.why


async def close(ward: Ward, state: AccountState) -> None:
    person = await ward.store.people.person(ward.key(ALIX))
    assert person is not None
    change = IdentityChange(key=person.key, identity=person.identity, qualified=True, state=state)
    await ward.store.people.change_identity(change)


async def test_bytes_open_for_who_asked_once_another_person_agreed_and_each_step_is_traced(
    ward: Ward,
) -> None:
    receipt = (await refused(ward)).receipt
    desk = desk_of(ward)
    assert (await desk.show(FIRST, receipt, page=1)).mine is None
    for _ in range(2):
        await desk.ask(FIRST, receipt, reason="MSH-18 faux")
    (waits,) = await desk.waiting()
    assert (await desk.show(FIRST, receipt, page=1)).shown is None
    with pytest.raises(SamePersonError):
        await desk.agree(FIRST, waits.id)
    await desk.agree(SECOND, waits.id)
    assert await desk.waiting() == []
    shown = (await desk.show(FIRST, receipt, page=1)).shown
    assert shown is not None
    assert shown.lines[0].text == (Piece("MSH|^~\\&|LABO|CH"),)
    assert (await desk.show(SECOND, receipt, page=1)).shown is None
    assert await acts(ward, ward.key(ALIX)) == [
        ("bytes-asked", "101", True),
        ("bytes-agreed", "102", True),
        ("bytes", "101", True),
    ]


async def test_an_opening_is_over_after_its_hour_whatever_a_clock_far_ahead_wrote(
    ward: Ward,
) -> None:
    receipt = (await refused(ward)).receipt
    desk = await opened(ward, receipt)
    ward.clock.at = NOW + LASTS
    assert (await desk.show(FIRST, receipt, page=1)).shown is None
    ward.clock.at = NOW - timedelta(days=1)
    assert (await desk.show(FIRST, receipt, page=1)).shown is None
    ward.clock.at = NOW + LASTS
    assert await ward.store.openings.drop_ended(ward.clock.at, asked_before=NOW) == 1


async def test_of_two_who_answer_one_request_only_the_first_is_heard(ward: Ward) -> None:
    desk, receipt = desk_of(ward), (await refused(ward)).receipt
    await desk.ask(FIRST, receipt, reason="x")
    (waits,) = await desk.waiting()
    await desk.decline(SECOND, waits.id)
    for late in (desk.agree, desk.decline):
        with pytest.raises(RefusedError):
            await late(SECOND, waits.id)
    assert [name for name, _, _ in await acts(ward, ward.key(ALIX))] == [
        "bytes-asked",
        "bytes-declined",
    ]


async def test_what_nobody_agreed_to_for_a_week_waits_no_more(ward: Ward) -> None:
    desk, receipt = desk_of(ward), (await refused(ward)).receipt
    await desk.ask(FIRST, receipt, reason="x")
    (waits,) = await desk.waiting()
    ward.clock.at += WAITS
    assert await desk.waiting() == []
    with pytest.raises(RefusedError):
        await desk.agree(SECOND, waits.id)
    assert (await desk.show(FIRST, receipt, page=1)).mine is None


async def test_bytes_of_a_message_that_is_filed_or_held_stay_shut(ward: Ward) -> None:
    await ward.open(ALIX)
    filed = await ward.send(results(ALIX, "R1"))
    held = await ward.send(numbered(ALIX, "R2", "IPP1"))
    assert (filed.verdict, held.verdict) == (Verdict.ACCEPT, Verdict.HOLD)
    for one in (filed, held):
        assert await shut(ward, one.receipt) is Shut.NOT_REFUSED
    assert (await ward.decide(held, DeskWord.SET_ASIDE)).verdict is Verdict.REFUSE
    assert await shut(ward, held.receipt) is Shut.NOT_REFUSED
    tries = await acts(ward, DESK)
    assert tries == [("bytes-asked", "101", False)] * 3


async def test_bytes_that_were_refused_and_then_taken_when_they_came_again_stay_shut(
    ward: Ward,
) -> None:
    raw = results(ALIX, "R1")
    first = await ward.send(raw)
    assert first.verdict is Verdict.REFUSE
    desk = await opened(ward, first.receipt)
    await ward.open(ALIX)
    assert (await ward.send(raw)).verdict is Verdict.ACCEPT
    with pytest.raises(ShutError) as told:
        await desk.show(FIRST, first.receipt, page=1)
    assert told.value.why is Shut.NOT_REFUSED


@pytest.mark.parametrize("state", [AccountState.OPPOSED, AccountState.CLOSED, AccountState.ERASING])
async def test_who_opposes_or_closes_meanwhile_has_the_bytes_shut_at_the_next_look(
    ward: Ward, state: AccountState
) -> None:
    receipt = (await refused(ward)).receipt
    desk = await opened(ward, receipt)
    await close(ward, state)
    with pytest.raises(ShutError) as told:
        await desk.show(FIRST, receipt, page=1)
    assert told.value.why is Shut.PERSON
    with pytest.raises(ShutError):
        await desk.ask(SECOND, receipt, reason="x")


async def test_bytes_too_broken_to_be_understood_are_looked_through_for_who_opposed(
    ward: Ward,
) -> None:
    await ward.open(ALIX)
    delivery = Delivery(
        sender="labo", door=Door.HTTP, raw=BROKEN, organization=HOUSE, reading=READING
    )
    (received,) = await ward.receive(delivery)
    assert received.answer.verdict is Verdict.REFUSE
    await opened(ward, received.answer.receipt)
    assert [name for name, _, _ in await acts(ward, ward.key(ALIX))] == [
        "bytes-asked",
        "bytes-agreed",
    ]
    await close(ward, AccountState.OPPOSED)
    assert await shut(ward, received.answer.receipt) is Shut.PERSON


async def test_bytes_are_gone_when_their_days_are_over_and_of_a_receipt_of_before(
    ward: Ward,
) -> None:
    receipt = (await refused(ward)).receipt
    ward.clock.at += KEPT
    assert await shut(ward, receipt) is Shut.GONE
    with pytest.raises(RefusedError):
        await desk_of(ward).show(FIRST, "0" * 32, page=1)
    standing = await ward.store.openings.standing(receipt)
    assert standing is not None
    told = replace(standing, was_held=None, keep_until=ward.clock.at + KEPT)

    class Before:
        async def standing(self, _receipt: str) -> object:
            return told

    older = replace(desk_of(ward), openings=Before())  # type: ignore[arg-type]  # its twin
    assert await older.is_shut(receipt) is Shut.NOT_REFUSED
