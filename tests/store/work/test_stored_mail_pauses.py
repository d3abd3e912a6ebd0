"""Secure mail that is paused as a whole, on every engine: nothing is lost, doubled or given up."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from store_house import NOW, FixedClock, PlainJudge, act_at_desk

from gateway.clock import SystemIds
from gateway.errors import DeferredError
from gateway.flows.sending.outcome import Outcome, later
from gateway.flows.sending.retry import MAIL_RETRY
from gateway.records.task import MAIL_LANE, NewTask, Task, TaskKind
from gateway.store import Keys, Store, open_store

LEASE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
MAIL = NewTask(kind=TaskKind.MAIL, subject="m1", due_at=NOW)
DOCTOR = NewTask(kind=TaskKind.DOCTOR_NOTICE, subject="d1", due_at=NOW)
NOTICE = NewTask(kind=TaskKind.NOTICE, subject="n1", due_at=NOW)


async def pause(store: Store) -> bool:
    return await store.pauses.pause(MAIL_LANE, NOW, by="101", reason="relay", act=act_at_desk("p"))


async def resume(store: Store, now: datetime) -> bool:
    return await store.pauses.resume(MAIL_LANE, now, act_at_desk("r"))


async def taken(store: Store, now: datetime) -> list[Task]:
    return sorted(await store.tasks.claim(now, lease=LEASE, limit=9), key=lambda task: task.subject)


def subjects(tasks: list[Task]) -> list[str]:
    return [task.subject for task in tasks]


async def test_no_mail_leaves_while_it_is_paused_and_what_is_no_mail_does(store: Store) -> None:
    assert await pause(store)
    await store.tasks.add([MAIL, DOCTOR, NOTICE])
    assert subjects(await taken(store, NOW)) == ["n1"]
    assert not await store.tasks.anything_due(NOW)
    assert await taken(store, NOW + LEASE / 2) == []
    assert await resume(store, NOW + LEASE / 2)
    assert await store.tasks.anything_due(NOW + LEASE / 2)
    assert subjects(await taken(store, NOW + LEASE / 2)) == ["d1", "m1"]


async def test_a_pause_outlives_a_restart(
    store: Store, url: str, keys: Keys, ids: SystemIds
) -> None:
    await pause(store)
    await store.tasks.add([MAIL])
    again = open_store(url, keys=keys, judge=PlainJudge(keys, ids), clock=FixedClock())
    try:
        assert await taken(again, NOW) == []
        assert [one.lane for one in await again.pauses.paused()] == [MAIL_LANE]
        await resume(again, NOW)
        assert subjects(await taken(again, NOW)) == ["m1"]
        assert await taken(store, NOW) == []
    finally:
        await again.close()


async def test_what_is_in_hand_ends_and_is_not_sent_twice(store: Store) -> None:
    await store.tasks.add([MAIL])
    (mail,) = await taken(store, NOW)
    await pause(store)
    await resume(store, NOW)
    assert await taken(store, NOW + LEASE / 2) == []
    await store.tasks.settle(mail, outcome="sent", at=NOW)
    assert await taken(store, NOW + HOUR) == []


async def test_each_mail_that_was_put_off_leaves_when_mail_is_resumed(store: Store) -> None:
    await store.tasks.add([MAIL, replace(MAIL, subject="m2"), replace(NOTICE, due_at=NOW)])
    for one in await taken(store, NOW):
        await store.tasks.postpone(one, due_at=NOW + 9 * HOUR, reason="away")
    await store.tasks.add([replace(MAIL, subject="later", due_at=NOW + 9 * HOUR)])
    await pause(store)
    await resume(store, NOW + HOUR)
    assert subjects(await taken(store, NOW + HOUR)) == ["m1", "m2"]


@pytest.mark.parametrize("paused", [True, False])
async def test_patience_begins_anew_with_the_resumption_and_its_end_is_told(
    store: Store, *, paused: bool
) -> None:
    now = NOW + MAIL_RETRY.patience + HOUR
    await store.tasks.add([MAIL])
    if paused:
        await pause(store)
        await resume(store, now)
    (mail,) = await taken(store, now)
    away = DeferredError("The mail server cannot be reached now.")
    assert isinstance(later(mail, away, now), Outcome) is not paused
    end = later(mail, away, now + MAIL_RETRY.patience + HOUR)
    assert isinstance(end, Outcome)
    assert end.dead
