"""Lanes and dead letters, on every engine: order, leases, follow-ups, once more."""

import gc
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import func, select, update
from store_house import NOW

from gateway.ports.tasks import LaneTasks
from gateway.records.task import NewTask, Task, TaskKind
from gateway.store import Store
from gateway.store.schema import task
from gateway.store.work import lanes

LEASE = timedelta(minutes=1)
FEW = 100
"""Of objects; one look at the lanes left some hundreds."""


def forward(subject: str, lane: str = "forward:lis") -> NewTask:
    return NewTask(
        kind=TaskKind.FORWARD, subject=subject, due_at=NOW, lane=lane, payload=subject.encode()
    )


def subjects(tasks: list[Task]) -> list[str]:
    return [task.subject for task in tasks]


async def filled(store: Store, *tasks: NewTask) -> LaneTasks:
    await store.tasks.add(list(tasks))
    return store.tasks


async def test_only_the_oldest_task_of_each_lane_is_claimed(store: Store) -> None:
    tasks = await filled(
        store, forward("a1"), forward("a2"), forward("b1", "forward:b"), forward("b2", "forward:b")
    )
    assert subjects(await tasks.claim_heads(NOW, lease=LEASE)) == ["a1", "b1"]
    assert await tasks.claim_heads(NOW, lease=LEASE) == []
    assert await tasks.claim(NOW, lease=LEASE, limit=9) == []


async def test_a_settled_head_hands_the_lane_to_the_next_in_the_same_commit(store: Store) -> None:
    tasks = await filled(store, forward("a1"), forward("a2"))
    (first,) = await tasks.claim_heads(NOW, lease=LEASE)
    second = await tasks.advance(first, outcome="AA", at=NOW, lease=LEASE)
    assert second is not None
    assert (second.subject, second.payload, second.attempts) == ("a2", b"a2", 1)
    assert await tasks.claim_heads(NOW, lease=LEASE) == []
    assert await tasks.advance(second, outcome="AA", at=NOW, lease=LEASE) is None
    assert await tasks.depth() == {}


async def test_a_lane_waits_with_its_head_and_no_other_lane_does(store: Store) -> None:
    tasks = await filled(store, forward("a1"), forward("a2"), forward("b1", "forward:b"))
    one, _ = await tasks.claim_heads(NOW, lease=LEASE)
    await tasks.postpone(one, due_at=NOW + 5 * LEASE, reason="away")
    (other,) = await tasks.claim_heads(NOW + 2 * LEASE, lease=LEASE)
    assert other.subject == "b1"
    await tasks.settle(other, outcome="AA", at=NOW)
    assert subjects(await tasks.claim_heads(NOW + 5 * LEASE, lease=LEASE)) == ["a1"]


async def test_a_dead_workers_lane_comes_back_at_its_head(store: Store) -> None:
    tasks = await filled(store, forward("a1"), forward("a2"))
    (lost,) = await tasks.claim_heads(NOW, lease=LEASE)
    (again,) = await tasks.claim_heads(NOW + LEASE, lease=LEASE)
    assert (again.subject, again.attempts) == ("a1", 2)
    assert await tasks.advance(lost, outcome="AA", at=NOW, lease=LEASE) is None
    assert await tasks.depth() == {TaskKind.FORWARD: 2}


async def test_what_follows_is_made_with_the_settling_or_not_at_all(store: Store) -> None:
    tasks = await filled(store, forward("a1"))
    (lost,) = await tasks.claim_heads(NOW, lease=LEASE)
    (ours,) = await tasks.claim_heads(NOW + LEASE, lease=LEASE)
    told = replace(forward("told"), lane="answers:labo")
    await tasks.settle(lost, outcome="AA", at=NOW, then=[told])
    assert await tasks.depth() == {TaskKind.FORWARD: 1}
    await tasks.advance(ours, outcome="AA", at=NOW, lease=LEASE, then=[told])
    assert subjects(await tasks.claim_heads(NOW, lease=LEASE)) == ["told"]


async def test_a_dead_letter_is_listed_and_leaves_first_when_it_is_tried_again(
    store: Store,
) -> None:
    tasks = await filled(store, forward("a1"), forward("a2"))
    (first,) = await tasks.claim_heads(NOW, lease=LEASE)
    second = await tasks.advance(first, outcome="refused: AE 207", at=NOW, lease=LEASE, dead=True)
    assert second is not None
    await tasks.postpone(second, due_at=NOW, reason="away")

    desk = store.task_desk
    (line,) = await desk.lines(dead=True)
    assert (line.id, line.outcome, line.dead) == (first.id, "refused: AE 207", True)
    later = NOW + timedelta(days=9)
    assert await desk.retry([first.id, second.id, 99_999], later) == [first.id]
    assert await desk.lines(dead=True) == []
    assert {one.subject for one in await desk.lines()} == {"a1", "a2"}
    (again,) = await tasks.claim_heads(later, lease=LEASE)
    assert (again.subject, again.attempts, again.created_at) == ("a1", 1, later)


async def test_a_dead_letter_tried_again_waits_for_what_is_under_way_in_its_lane(
    store: Store,
) -> None:
    tasks = await filled(store, forward("a1"), forward("a2"), forward("b1", "forward:b"))
    first, aside = await tasks.claim_heads(NOW, lease=LEASE)
    second = await tasks.advance(first, outcome="refused: AE 207", at=NOW, lease=LEASE, dead=True)
    assert second is not None
    await tasks.postpone(aside, due_at=NOW, reason="away")
    assert await store.task_desk.retry([first.id], NOW) == [first.id]
    assert subjects(await tasks.claim_heads(NOW, lease=LEASE)) == ["b1"]
    again = await tasks.advance(second, outcome="AA", at=NOW, lease=LEASE)
    assert again is not None
    assert again.subject == "a1"


async def test_a_dead_letter_tried_again_leaves_while_the_one_behind_it_is_put_off(
    store: Store,
) -> None:
    tasks = await filled(store, forward("a1"), forward("a2"))
    (first,) = await tasks.claim_heads(NOW, lease=LEASE)
    second = await tasks.advance(first, outcome="refused: AE 207", at=NOW, lease=LEASE, dead=True)
    assert second is not None
    await tasks.postpone(second, due_at=NOW + LEASE, reason="away")
    (second,) = await tasks.claim_heads(NOW + LEASE, lease=LEASE)
    await store.task_desk.retry([first.id], NOW + LEASE)
    assert await tasks.claim_heads(NOW + LEASE, lease=LEASE) == []
    await tasks.postpone(second, due_at=NOW + 5 * LEASE, reason="still away")
    (again,) = await tasks.claim_heads(NOW + LEASE, lease=LEASE)
    assert again.subject == "a1"
    assert await tasks.advance(again, outcome="AA", at=NOW + LEASE, lease=LEASE) is None


async def test_what_a_dead_worker_held_keeps_its_lane_for_a_lease_at_most(store: Store) -> None:
    tasks = await filled(store, forward("a1"), forward("a2"))
    (first,) = await tasks.claim_heads(NOW, lease=LEASE)
    await tasks.advance(first, outcome="refused: AE 207", at=NOW, lease=LEASE, dead=True)
    await store.task_desk.retry([first.id], NOW)
    assert await tasks.claim_heads(NOW + LEASE / 2, lease=LEASE) == []
    assert subjects(await tasks.claim_heads(NOW + LEASE, lease=LEASE)) == ["a1"]


async def test_a_damaged_head_does_not_hold_its_lane(store: Store) -> None:
    tasks = await filled(store, forward("a1"), forward("a2"))
    broken = update(task).where(task.c.subject == "a1").values(sealed=bytes(60))
    await store.database.write(lambda connection: connection.execute(broken).rowcount)
    assert await tasks.claim_heads(NOW, lease=LEASE) == []
    assert subjects(await tasks.claim_heads(NOW, lease=LEASE)) == ["a2"]


async def test_the_tasks_of_one_receipt_are_listed_settled_or_not(store: Store) -> None:
    tasks = await filled(store, forward("a1"), forward("a1", "forward:b"), forward("a2"))
    one, _ = await tasks.claim_heads(NOW, lease=LEASE)
    await tasks.settle(one, outcome="AA", at=NOW)
    lines = await store.task_desk.lines(subject="a1")
    assert [(line.lane, line.outcome) for line in lines] == [
        ("forward:b", None),
        ("forward:lis", "AA"),
    ]
    assert len(await store.task_desk.lines(limit=1)) == 1


async def test_a_task_of_tomorrows_code_stops_no_other(store: Store) -> None:
    """Two versions run beside each other, or somebody went back to this one."""
    alone = NewTask(kind=TaskKind.NOTICE, subject="n", due_at=NOW, payload=b"")
    tasks = await filled(store, forward("a1"), forward("b1", "forward:b"), alone, alone)
    first = select(func.min(task.c.id)).where(task.c.kind == TaskKind.NOTICE.value)
    of_tomorrow = (task.c.subject == "a1") | (task.c.id == first.scalar_subquery())
    later = update(task).where(of_tomorrow).values(kind="of-tomorrow")
    await store.database.write(lambda connection: connection.execute(later))
    assert subjects(await tasks.claim_heads(NOW, lease=LEASE)) == ["b1"]
    assert subjects(await store.tasks.claim(NOW, lease=LEASE, limit=9)) == ["n"]
    assert await store.tasks.depth() == {TaskKind.FORWARD: 1, TaskKind.NOTICE: 1}
    assert [one.lane for one in await store.queues.lanes(NOW)] == ["forward:b"]
    kinds, _ = await store.queues.kinds(NOW, most=9)
    assert [(one.kind, one.size) for one in kinds] == [(TaskKind.NOTICE, 1)]


async def test_a_task_of_tomorrows_code_is_shown_by_its_own_name(store: Store) -> None:
    """Also where it is a dead letter, and where a mail that it sent comes back."""
    named = NewTask(kind=TaskKind.MAIL, subject="m", due_at=NOW, payload=b"", name="m@here")
    await store.tasks.add([named])
    (one,) = await store.tasks.claim(NOW, lease=LEASE, limit=9)
    await store.tasks.settle(one, outcome="refused: x", at=NOW, dead=True)
    later = update(task).values(kind="of-tomorrow")
    await store.database.write(lambda connection: connection.execute(later))
    assert [line.kind for line in await store.task_desk.lines(dead=True)] == ["of-tomorrow"]
    assert [line.kind for line in await store.task_desk.lines(subject="m")] == ["of-tomorrow"]
    (failed,) = await store.letters.failed(limit=9)
    assert failed.line.kind == "of-tomorrow"
    assert await store.letters.one(one.id) == failed
    assert await store.sent.bearing("m@here") == {}


def test_a_look_at_what_is_due_leaves_the_collector_nothing_to_do() -> None:
    """It is taken every second, and the collector comes seldom."""
    lanes.free_lanes(NOW), lanes.alone(NOW)
    gc.collect()
    gc.disable()
    try:
        lanes.free_lanes(NOW), lanes.alone(NOW)
        assert gc.collect() < FEW
    finally:
        gc.enable()
