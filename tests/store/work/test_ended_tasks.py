"""Tasks that are over are forgotten after a while; what alone proves that something left is not."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection
from store_house import NOW, intake

from gateway.clock import SystemIds
from gateway.records.messages.business_ack import AckEvent, BusinessAck, ReceivedAck
from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import DESK
from gateway.records.task import NewTask, Task, TaskKind
from gateway.store import Store
from gateway.store.work import ended_tasks
from gateway.store.work.business_acks import keep_ack

LEASE = timedelta(minutes=1)
LATER = NOW + timedelta(days=400)
KEPT = timedelta(days=396)
SENT = timedelta(days=3_653)
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


async def forgotten(store: Store, now: datetime = LATER) -> None:
    while await store.ended_tasks.drop(settled_by=now - KEPT, sent_by=now - SENT):
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


async def test_what_proves_that_something_left_ends_too_and_its_answers_with_it(
    store: Store, ids: SystemIds
) -> None:
    sent = await store.journal.file(intake(ids))
    news = [NewTask(kind=TaskKind.FORWARD, subject=one, due_at=NOW) for one in (sent.receipt, "b")]
    await store.tasks.add(news)
    for task in await store.tasks.claim(NOW, lease=LEASE, limit=99):
        if task.kind is TaskKind.FORWARD:
            at = NOW if task.subject == sent.receipt else NOW + timedelta(days=1)
            await store.tasks.settle(task, outcome="AA", at=at)
    ack = BusinessAck(event=AckEvent.RECEPTION_DMP, original="1", positive=True)
    for receipt, original in (("a1", sent.receipt), ("b1", "b")):
        one = ReceivedAck(receipt=receipt, original=original, ack=ack)
        await answered(store, one)
    await forgotten(store, NOW + SENT)
    kinds = [one.kind for one in await store.task_desk.lines(subject=sent.receipt)]
    assert TaskKind.FORWARD not in kinds
    assert await store.business_acks.of(sent.receipt) == []
    assert [one.receipt for one in await store.business_acks.of("b")] == ["b1"]
    assert await store.task_desk.lines(subject="b")


async def answered(store: Store, one: ReceivedAck) -> None:
    def work(connection: Connection) -> None:
        cipher = store.database.keyring.sealing(connection, [DESK])[DESK]
        keep_ack(connection, cipher, one, None, NOW)

    await store.database.write(work)


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
