"""What is held for an identity that is qualified now: one that cannot be read keeps no other, and
none is forgotten that another node holds meanwhile."""

import asyncio
from datetime import timedelta

import pytest
from laid import lay
from papers import adt, message, msh, pid
from sqlalchemy import Connection, select, text, update
from store_house import FixedClock
from ward_house import ALIX, AUTHORITY, Ward, numbered

from gateway.clock import SystemIds
from gateway.errors import DeferredError
from gateway.flows.filing import FilingJudge
from gateway.records.intake.filing import Answer, Facts, Filing, Intake
from gateway.records.intake.finding import Verdict
from gateway.records.task import TaskKind
from gateway.store import Keys, open_store
from gateway.store.engine.waiting import Limits
from gateway.store.schema import raw, receipt

PATIENT = Limits(answer_seconds=600, act_seconds=600)
WAITING = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")


async def test_a_damaged_held_input_does_not_keep_the_others_held(ward: Ward) -> None:
    await ward.open(ALIX)
    damaged, sound = [await ward.send(numbered(ALIX, f"R{n}", "IPP1")) for n in (1, 2)]
    number = select(receipt.c.number).where(receipt.c.id == damaged.receipt).scalar_subquery()
    change = update(raw).where(raw.c.number == number).values(sealed=bytes(60))
    await ward.store.database.write(lambda connection: connection.execute(change).rowcount)
    with pytest.raises(DeferredError, match="1 held"):
        await ward.send(adt(ALIX, "A1", local="IPP1"))
    assert await ward.fate(sound) is Verdict.ACCEPT
    assert await ward.fate(damaged) is Verdict.HOLD
    assert await ward.count(ALIX) == 1
    later = ward.clock.now() + timedelta(hours=1)
    tasks = await ward.store.tasks.claim(later, lease=timedelta(minutes=5), limit=99)
    (task,) = [one for one in tasks if one.kind is TaskKind.RELEASE]
    with pytest.raises(DeferredError, match="1 held"):
        await ward.release.carry(task)
    assert await ward.count(ALIX) == 1


@pytest.mark.postgresql
async def test_what_one_node_holds_while_another_qualifies_where_its_name_leads_is_released(
    postgresql_address: str, keys: Keys, ids: SystemIds
) -> None:
    """IPP2 leads to IPP1: whoever says whose IPP1 is does not name IPP2."""
    await asyncio.to_thread(lay, postgresql_address)
    judge, clock = FilingJudge(keys, ids), FixedClock()
    loop, came = asyncio.get_running_loop(), list[asyncio.Future[Answer]]()

    def judged(intake: Intake, facts: Facts) -> Filing:
        """By the first node, which stores it when the other one has qualified and released, or
        waits for this one."""
        filing = judge(intake, facts)
        if b"|R1|" in intake.raw and not came:
            sent = later.send(adt(ALIX, "A1", local="IPP1"))
            other = asyncio.run_coroutine_threadsafe(sent, loop)
            came.append(asyncio.wrap_future(other, loop=loop))
            while not other.done() and not is_awaited():
                pass
        return filing

    def is_awaited() -> bool:
        def count(connection: Connection) -> int:
            return int(connection.execute(WAITING).scalar_one())

        asked = asyncio.run_coroutine_threadsafe(stores[0].database.read(count), loop)
        return asked.result() > 0

    stores = [
        open_store(postgresql_address, keys=keys, judge=each, clock=clock, limits=PATIENT)
        for each in (judged, judge)
    ]
    first, later = (Ward(store, clock) for store in stores)
    await first.open(ALIX)
    bare = pid(ALIX, local="IPP1", with_ins=False)
    await first.send(message(msh("ADT^A40^ADT_A39", "M1"), bare, f"MRG|IPP2^^^{AUTHORITY}^PI"))
    held = await first.send(numbered(ALIX, "R1", "IPP2"))
    await came[0]
    assert await first.fate(held) is Verdict.ACCEPT
    assert await first.count(ALIX) == 1
    for store in stores:
        await store.close()
