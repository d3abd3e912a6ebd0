"""What is held for an identity that is qualified now: one that cannot be read keeps no other."""

from datetime import timedelta

import pytest
from papers import adt
from sqlalchemy import select, update
from ward_house import ALIX, Ward, numbered

from gateway.errors import DeferredError
from gateway.records.intake.finding import Verdict
from gateway.records.task import TaskKind
from gateway.store.schema import raw, receipt


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
