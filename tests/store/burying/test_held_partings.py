"""What two people say of a message that keeps a person from being erased."""

import pytest
from burying_house import close, erase_of, furnish, held
from sqlalchemy import select
from ward_house import ALIX, LOU, WORD, Ward, desk

from gateway.errors import RefusedError
from gateway.flows.identity.propose import SamePersonError
from gateway.records.intake.finding import Verdict
from gateway.records.patients.account import NewTrace
from gateway.records.patients.index import DeskAct, Proposal
from gateway.store import schema


def told(_one: Proposal) -> NewTrace:
    return WORD


async def settled(ward: Ward, receipt: str, act: DeskAct) -> Verdict:
    two = desk(ward)
    made = await two.propose_word(act, receipt, by="Lou", reason="seen", login="", told=told)
    with pytest.raises(SamePersonError):
        await two.validate(made.id, by="lou")
    ((_, answer),) = await two.validate(made.id, by="Camille")
    return answer.verdict


async def test_a_message_that_is_not_theirs_waits_on_and_keeps_nobody_from_being_erased(
    ward: Ward,
) -> None:
    alix = await furnish(ward)
    receipt = await held(ward, ALIX, "H1")
    await close(ward.store, alix)
    assert await ward.store.erasures.held(alix) == [receipt]
    assert await settled(ward, receipt, DeskAct.APART) is Verdict.HOLD
    assert await ward.store.erasures.held(alix) == []
    flow = erase_of(ward)
    await flow.propose(alix, by="Lou", login="", reason="asked")
    await flow.confirm(alix, by="Camille", login="")
    kept = await ward.store.journal.receipt(receipt)
    assert kept is not None
    assert kept.answer.verdict is Verdict.HOLD
    assert await ward.store.journal.raw(receipt)
    entries = [one.trace.action for one in (await ward.store.traces.entries(limit=99))[0]]
    assert "held-apart" in entries


async def test_a_message_that_is_theirs_ends_with_the_space_and_nothing_of_it_is_kept(
    ward: Ward,
) -> None:
    alix = await furnish(ward)
    receipt = await held(ward, ALIX, "H1")
    await close(ward.store, alix)
    assert await settled(ward, receipt, DeskAct.ENDS) is Verdict.REFUSE
    assert await ward.store.erasures.held(alix) == []
    kept = await ward.store.journal.receipt(receipt)
    assert kept is not None
    assert kept.answer.findings[-1].code == "vault-closed"
    assert await ward.store.journal.raw(receipt) is None
    waiting = await ward.store.database.read(lambda c: c.execute(select(schema.waiting)).all())
    assert list(waiting) == []


@pytest.mark.parametrize("act", [DeskAct.APART, DeskAct.ENDS])
async def test_a_message_for_an_open_space_parts_from_nobody(ward: Ward, act: DeskAct) -> None:
    await furnish(ward)
    receipt = await held(ward, LOU, "H1")
    with pytest.raises(RefusedError, match="nobody whose space is closed"):
        await desk(ward).propose_word(act, receipt, by="Lou", reason="x", login="", told=told)
