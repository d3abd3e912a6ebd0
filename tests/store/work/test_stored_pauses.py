"""Paused lanes, on every engine: nothing of them leaves, nothing is lost, patience waits."""

from datetime import timedelta

import pytest
from store_house import NOW, FixedClock, PlainJudge, act_at_desk

from gateway.clock import SystemIds
from gateway.errors import DeferredError
from gateway.flows.sending.outcome import FORWARD_RETRY, Outcome, later
from gateway.records.patients.patient import DESK
from gateway.records.task import NewTask, Pause, Task, TaskKind
from gateway.store import Keys, Store, migrate, open_store
from gateway.store.engine.engines import writing_engine

LEASE = timedelta(minutes=1)
LIS = "forward:lis"
HOUR = timedelta(hours=1)


def forward(subject: str, lane: str = LIS) -> NewTask:
    return NewTask(kind=TaskKind.FORWARD, subject=subject, due_at=NOW, lane=lane)


def subjects(tasks: list[Task]) -> list[str]:
    return [task.subject for task in tasks]


async def pause(store: Store, lane: str = LIS) -> bool:
    return await store.pauses.pause(lane, NOW, by="101", reason="maintenance", act=act_at_desk("p"))


async def resume(store: Store, hours: int = 0) -> bool:
    return await store.pauses.resume(LIS, NOW + hours * HOUR, act_at_desk("r"))


async def log_of(store: Store) -> list[str]:
    return [one.trace.action for one in await store.traces.of_patient(DESK, limit=9)]


async def test_nothing_of_a_paused_lane_leaves_until_it_is_resumed(store: Store) -> None:
    assert await pause(store)
    await store.tasks.add([forward("a1"), forward("a2"), forward("b1", "forward:b")])
    (other,) = await store.tasks.claim_heads(NOW + HOUR, lease=LEASE)
    assert other.subject == "b1"
    await store.tasks.settle(other, outcome="AA", at=NOW + HOUR)
    assert await resume(store, hours=2)
    (first,) = await store.tasks.claim_heads(NOW + 2 * HOUR, lease=LEASE)
    second = await store.tasks.advance(first, outcome="AA", at=NOW + 2 * HOUR, lease=LEASE)
    assert (first.subject, second and second.subject) == ("a1", "a2")


async def test_what_is_in_hand_ends_and_the_next_one_waits(store: Store) -> None:
    await store.tasks.add([forward("a1"), forward("a2")])
    (first,) = await store.tasks.claim_heads(NOW, lease=LEASE)
    await pause(store)
    assert await store.tasks.advance(first, outcome="AA", at=NOW, lease=LEASE) is None
    assert await store.tasks.claim_heads(NOW + HOUR, lease=LEASE) == []
    await resume(store, hours=1)
    assert subjects(await store.tasks.claim_heads(NOW + HOUR, lease=LEASE)) == ["a2"]


async def test_a_head_that_was_put_off_leaves_when_its_lane_is_resumed(store: Store) -> None:
    await store.tasks.add([forward("a1")])
    (first,) = await store.tasks.claim_heads(NOW, lease=LEASE)
    await store.tasks.postpone(first, due_at=NOW + 9 * HOUR, reason="away")
    await pause(store)
    await resume(store, hours=1)
    (again,) = await store.tasks.claim_heads(NOW + HOUR, lease=LEASE)
    assert (again.subject, again.attempts) == ("a1", 2)


async def test_a_head_that_somebody_has_in_hand_is_not_sent_twice(store: Store) -> None:
    await store.tasks.add([forward("a1")])
    await store.tasks.claim_heads(NOW, lease=LEASE)
    await pause(store)
    await resume(store)
    assert await store.tasks.claim_heads(NOW + LEASE / 2, lease=LEASE) == []


async def test_patience_does_not_run_out_in_a_pause(store: Store) -> None:
    """And is no longer for a lane that never was paused."""
    days = FORWARD_RETRY.patience + HOUR
    await store.tasks.add([forward("a1"), forward("b1", "forward:b")])
    await pause(store)
    assert await store.pauses.resume(LIS, NOW + days, act_at_desk("r"))
    now = NOW + days
    paused, other = sorted(
        await store.tasks.claim_heads(now, lease=LEASE), key=lambda one: one.subject
    )
    assert (paused.created_at, paused.waits_since, other.waits_since) == (NOW, now, NOW)
    assert later(paused, DeferredError("away"), now) == now + FORWARD_RETRY.first
    assert isinstance(later(other, DeferredError("away"), now), Outcome)


async def test_a_pause_is_made_and_ended_once_and_told_each_time(store: Store) -> None:
    assert [await pause(store) for _ in range(2)] == [True, False]
    assert await store.pauses.paused() == [
        Pause(lane=LIS, since=NOW, by="101", reason="maintenance")
    ]
    assert [await resume(store) for _ in range(2)] == [True, False]
    assert await store.pauses.paused() == []
    assert await pause(store)
    assert await log_of(store) == ["p", "r", "p"]


async def test_a_pause_holds_on_every_node_and_after_a_restart(
    url: str, keys: Keys, judge: PlainJudge, ids: SystemIds
) -> None:
    migrate(url)
    nodes = [open_store(url, keys=keys, judge=judge, clock=FixedClock(), ids=ids) for _ in "12"]
    try:
        await nodes[0].tasks.add([forward("a1")])
        await pause(nodes[0])
        assert await nodes[1].tasks.claim_heads(NOW, lease=LEASE) == []
        assert [one.lane for one in await nodes[1].pauses.paused()] == [LIS]
        assert not await pause(nodes[1])
        await nodes[0].close()
        assert await resume(nodes[1])
        assert subjects(await nodes[1].tasks.claim_heads(NOW, lease=LEASE)) == ["a1"]
    finally:
        for node in nodes:
            await node.close()


@pytest.mark.parametrize("to", ["0026", "head"])
def test_after_a_migration_no_lane_is_paused(url: str, to: str) -> None:
    migrate(url, to=to)
    migrate(url)
    engine = writing_engine(url)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT lane FROM lane_pause").all() == []
    engine.dispose()
