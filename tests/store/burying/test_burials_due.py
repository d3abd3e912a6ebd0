"""When the clock erases, whom it waits for, and who is told."""

from datetime import timedelta

import pytest
from burying_house import ASKED, close, erase_of, furnish, held, verified
from sqlalchemy import select
from store_house import NOW
from ward_house import ALIX, LOU, Ward

from gateway.errors import RefusedError
from gateway.records.intake.finding import Verdict
from gateway.records.patients.patient import DESK
from gateway.records.task import TaskKind
from gateway.store import schema


async def test_two_people_are_told_what_is_held_and_the_clock_waits_for_its_last_day(
    ward: Ward,
) -> None:
    alix = await furnish(ward)
    receipt = await held(ward, ALIX, "H1")
    await close(ward.store, alix)
    flow = erase_of(ward)
    with pytest.raises(RefusedError, match=f"1 held messages wait for this person .{receipt}"):
        await flow.propose(alix, by="Lou", login="", reason="asked")
    ward.clock.at = NOW + timedelta(days=58)  # 82 of some 90 days: in the clock's week
    assert await flow.due() == []
    ward.clock.at = NOW + timedelta(days=61)
    (done,) = await flow.due()
    assert (done.by, len(done.documents)) == ("", 2)
    assert await ward.store.people.person(alix) is None
    for task in await ward.store.tasks.claim(ward.clock.at, lease=timedelta(minutes=5), limit=99):
        if task.kind is TaskKind.RELEASE:
            await ward.release.carry(task)
    kept = await ward.store.journal.receipt(receipt)
    assert kept is not None
    assert kept.answer.verdict is Verdict.REFUSE
    waiting = await ward.store.database.read(lambda c: c.execute(select(schema.waiting)).all())
    assert list(waiting) == []
    assert (await verified(ward)).faults == []


async def test_the_clock_erases_a_week_before_three_months_are_over_and_nobody_else(
    ward: Ward,
) -> None:
    alix = await furnish(ward)
    await close(ward.store, alix)
    flow = erase_of(ward)
    ward.clock.at = NOW + timedelta(days=50)
    assert await flow.due() == []
    ward.clock.at = NOW + timedelta(days=58)
    assert len(await flow.due()) == 1
    assert await flow.due() == []
    assert await ward.count(LOU) == 2
    (receipt,) = await ward.store.erasures.receipts(alix)
    tasks = await ward.store.tasks.claim(ward.clock.at, lease=timedelta(minutes=5), limit=99)
    (told,) = [one for one in tasks if one.kind is TaskKind.ERASURE_RECEIPT]
    assert b"a@exemple.test" in told.payload
    assert told.patient is None
    await ward.store.erasures.forget_place(told.id)
    await ward.store.tasks.settle(told, outcome="sent", at=ward.clock.at)
    entries = [one.trace for one in (await ward.store.traces.entries(limit=9))[0]]
    (entry,) = [one for one in entries if one.action == "person-erased"]
    assert (entry.patient, receipt.id.encode() in entry.details) == (DESK, True)


async def test_an_archive_of_ten_years_ends_by_itself(ward: Ward) -> None:
    alix = await furnish(ward)
    await close(ward.store, alix, asked=False)
    flow = erase_of(ward)
    ward.clock.at = ASKED + timedelta(days=3_650)
    assert await flow.due() == []
    with pytest.raises(RefusedError, match="not asked for"):
        await flow.propose(alix, by="Lou", login="", reason="tidy")
    ward.clock.at = ASKED + timedelta(days=3_653)
    assert [one.cause for one in await flow.due()] == ["archive-ended"]


async def test_an_open_space_is_erased_by_nobody(ward: Ward) -> None:
    alix = await furnish(ward)
    with pytest.raises(RefusedError, match="is active: it must be closed"):
        await erase_of(ward).propose(alix, by="Lou", login="", reason="asked")
