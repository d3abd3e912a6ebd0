"""A mail takes the time that its relay takes, and keeps nothing else waiting."""

import asyncio
from datetime import timedelta

from task_list import NOW, FixedClock, TaskList, task

from gateway.flows.sending.deliver import MAIL_LEASE, Deliver
from gateway.records.task import Task, TaskKind


async def test_a_mail_may_take_longer_than_the_lease_that_it_was_claimed_by() -> None:
    """Its relay scans it for minutes before its last word: cut off before, it would leave again."""
    tasks, over = TaskList([task(1)]), timedelta()

    async def slow(_task: Task) -> str:
        for _turn in range(9):
            await asyncio.sleep(0)
        return "sent"

    leases = {TaskKind.MAIL: MAIL_LEASE}
    flow = Deliver(tasks, FixedClock(), {TaskKind.MAIL: slow}, {}, lease=over, leases=leases)
    assert await flow() == 1

    assert tasks.outcomes == {1: "sent"}
    assert tasks.kept == [(1, NOW + MAIL_LEASE)]


async def test_one_that_another_worker_has_by_now_is_not_begun() -> None:
    tasks, tried = TaskList([task(1), task(2)]), []
    tasks.lost = {1}

    async def one(claimed: Task) -> str:
        tried.append(claimed.id)
        return "sent"

    leases = {TaskKind.MAIL: MAIL_LEASE}
    await Deliver(tasks, FixedClock(), {TaskKind.MAIL: one}, {}, leases=leases)()

    assert tried == [2]
    assert tasks.outcomes == {2: "sent"}


async def test_nothing_is_claimed_that_another_has_to_carry() -> None:
    """So that a mail which takes minutes keeps no notice waiting."""
    tasks = TaskList([task(1), task(2, TaskKind.RELEASE)])

    async def one(_task: Task) -> str:
        return "filed"

    assert await Deliver(tasks, FixedClock(), {TaskKind.RELEASE: one}, {})() == 1

    assert tasks.outcomes == {2: "filed"}
    assert [left.kind for left in tasks.due] == [TaskKind.MAIL]
