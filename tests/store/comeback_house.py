"""Mails that leave from a store and are brought back."""

from datetime import datetime, timedelta

from store_house import NOW

from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import DESK
from gateway.records.task import Comeback, NewTask, Task, TaskKind
from gateway.store import Store

LEASE = timedelta(minutes=5)
HOUR = timedelta(hours=1)
TASK = NewTask(kind=TaskKind.MAIL, subject="s", due_at=NOW, payload=b'{"to":"x"}', name="r1.0")
BACK = "returned: 550"


async def left(store: Store, now: datetime = NOW, outcome: str = "sent") -> Task:
    """What is due is taken, and leaves."""
    (task,) = await store.tasks.claim(now, lease=LEASE, limit=9)
    await store.tasks.settle(task, outcome=outcome, at=now)
    return task


async def came_back(
    store: Store, date: datetime | None, name: str = "r1.0", *, tries: int = 0
) -> list[Comeback]:
    found = await store.sent.returned(
        name, left=date, tries=tries, outcome=BACK, at=NOW + HOUR, say=said
    )
    return [one.comeback for one in found]


def said(task: Task, outcome: str) -> list[NewTrace]:
    """In the log of the patient, else of the desk: what the task was to carry, and its end."""
    told = NewTrace(
        patient=task.patient or DESK,
        action="mail-returned",
        permitted=True,
        rule=outcome,
        kind="professional",
        actor=task.payload.decode(),
        actor_name="",
    )
    return [told]


async def dead(store: Store) -> dict[int, str | None]:
    return {one.id: one.outcome for one in await store.task_desk.lines(dead=True)}
