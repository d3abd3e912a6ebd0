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


async def test_what_may_take_long_comes_last_and_is_not_begun_where_another_worker_has_it() -> None:
    tasks = TaskList([task(1), task(2), task(3, TaskKind.RELEASE)])
    tasks.lost, tried = {1}, []

    async def one(claimed: Task) -> str:
        tried.append(claimed.id)
        return "sent"

    carriers = {TaskKind.MAIL: one, TaskKind.RELEASE: one}
    leases = {TaskKind.MAIL: MAIL_LEASE}
    await Deliver(tasks, FixedClock(), carriers, {}, leases=leases)()

    assert tried == [3, 2]
    assert tasks.outcomes == {3: "sent", 2: "sent"}
