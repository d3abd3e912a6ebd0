"""Tasks that are over are forgotten after a while; what alone proves that something left is not."""

from datetime import timedelta

import pytest
from store_house import NOW

from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import DESK
from gateway.records.task import NewTask, Task, TaskKind
from gateway.store import Store
from gateway.store.work import ended_tasks

LEASE = timedelta(minutes=1)
LATER = NOW + timedelta(days=400)
KEPT = timedelta(days=396)
ACT = NewTrace(
    patient=DESK,
    action="letter",
    permitted=True,
    rule="r",
    kind="operator",
    actor="1",
    actor_name="",
)


async def made(store: Store, *kinds: TaskKind) -> dict[str, Task]:
    """A task of each kind, in hand, by its subject: its kind and place."""
    news = [
        NewTask(kind=kind, subject=f"{kind.value}-{place}", due_at=NOW)
        for place, kind in enumerate(kinds)
    ]
    await store.tasks.add(news)
    return {one.subject: one for one in await store.tasks.claim(NOW, lease=LEASE, limit=99)}


async def forgotten(store: Store) -> None:
    while await store.ended_tasks.drop(settled_by=LATER - KEPT):
        pass


async def left(store: Store, tasks: dict[str, Task]) -> set[str]:
    return {name for name in tasks if await store.task_desk.lines(subject=name)}


@pytest.mark.parametrize("looked_at", [1, 1_000])
async def test_what_is_done_goes_and_what_proves_or_waits_stays(
    store: Store, monkeypatch: pytest.MonkeyPatch, looked_at: int
) -> None:
    monkeypatch.setattr(ended_tasks, "LOOKED_AT", looked_at)
    kinds = (TaskKind.MAIL, TaskKind.NOTICE, TaskKind.BUSINESS_ACK, TaskKind.FORWARD)
    tasks = await made(store, *kinds, TaskKind.MAIL)
    for name, task in tasks.items():
        if name != "mail-4":
            await store.tasks.settle(task, outcome="sent", at=NOW)
    await forgotten(store)
    assert await left(store, tasks) == {"business-ack-2", "forward-3", "mail-4"}


async def test_a_dead_letter_stays_until_it_is_given_up(store: Store) -> None:
    tasks = await made(store, TaskKind.MAIL)
    (task,) = tasks.values()
    await store.tasks.settle(task, outcome="refused", at=NOW, dead=True)
    await forgotten(store)
    assert await left(store, tasks) == {"mail-0"}
    assert await store.letters.abandon(task.id, ACT)
    await forgotten(store)
    assert await left(store, tasks) == set()


async def test_what_ended_of_late_stays_however_long_it_waited(store: Store) -> None:
    tasks = await made(store, TaskKind.MAIL)
    (task,) = tasks.values()
    await store.tasks.settle(task, outcome="sent", at=LATER - KEPT + timedelta(seconds=1))
    await forgotten(store)
    assert await left(store, tasks) == {"mail-0"}
