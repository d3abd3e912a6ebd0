"""Tasks: settled, postponed or given up; notices that leave together."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from task_list import NOW, FixedClock, SteppingClock, TaskList, task

from gateway.errors import DeferredError, DeniedError, RefusedError
from gateway.flows.sending.deliver import LEASE, Deliver
from gateway.flows.sending.outcome import Outcome
from gateway.flows.sending.retry import RetryPolicy
from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import PatientKey
from gateway.records.task import NewTask, Task, TaskKind

POLICY = RetryPolicy()


def deliver(tasks: TaskList, result: str | Exception) -> Deliver:
    async def one(_task: Task) -> str:
        if isinstance(result, Exception):
            raise result
        return result

    async def together(group: list[Task]) -> list[str]:
        if isinstance(result, Exception):
            raise result
        return [f"{result} of {len(group)}"] * len(group)

    return Deliver(tasks, FixedClock(), {TaskKind.MAIL: one}, {TaskKind.NOTICE: together})


async def test_a_task_that_went_well_is_settled_with_its_outcome() -> None:
    tasks = TaskList([task(1)])

    assert await deliver(tasks, "250 ok")() == 1
    assert tasks.outcomes == {1: "250 ok"}
    assert tasks.lease == LEASE


@pytest.mark.parametrize(
    ("error", "days", "said"),
    [
        (RefusedError("550"), 0, ["refused: 550"]),
        (DeferredError("away"), 6, ["given-up: away"]),
        (DeferredError("away"), 0, []),
    ],
)
async def test_a_dead_end_is_told_to_the_log_with_its_outcome(
    error: Exception, days: int, said: list[str]
) -> None:
    def say(one: Task, outcome: str) -> list[NewTrace]:
        told = NewTrace(
            patient=PatientKey(b"p"),
            action="mail-failed",
            permitted=True,
            rule=outcome,
            kind="professional",
            actor=one.subject,
            actor_name="",
        )
        return [told]

    tasks = TaskList([task(1, days=days)])
    await replace(deliver(tasks, error), say=say)()
    assert [one.rule for one in tasks.acts] == said
    well = TaskList([task(1)])
    await replace(deliver(well, "sent"), say=say)()
    assert well.acts == []


async def test_nothing_due_is_nothing_done() -> None:
    assert await deliver(TaskList([]), "sent")() == 0


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (RefusedError("no such mailbox"), "refused: no such mailbox"),
        (DeniedError("no", rule="F60"), "denied: F60"),
    ],
)
async def test_a_final_no_is_settled_and_not_tried_again(error: Exception, outcome: str) -> None:
    tasks = TaskList([task(1)])

    await deliver(tasks, error)()

    assert tasks.outcomes == {1: outcome}
    assert not tasks.later


async def test_a_task_that_cannot_be_done_now_is_postponed() -> None:
    tasks = TaskList([task(1, attempts=3)])

    await deliver(tasks, DeferredError("relay away"))()

    assert tasks.later == {1: NOW + POLICY.first * 4}


async def test_patience_ends_and_the_task_is_given_up() -> None:
    tasks = TaskList([task(1, attempts=50, days=6)])

    await deliver(tasks, DeferredError("relay away"))()

    assert tasks.outcomes == {1: "given-up: relay away"}


async def test_notices_of_one_batch_are_carried_together() -> None:
    tasks = TaskList([task(1, TaskKind.NOTICE), task(2), task(3, TaskKind.NOTICE)])

    await deliver(tasks, "sent")()

    assert tasks.outcomes == {1: "sent of 2", 3: "sent of 2", 2: "sent"}


async def test_a_group_that_cannot_leave_now_is_postponed_whole() -> None:
    tasks = TaskList([task(1, TaskKind.NOTICE), task(3, TaskKind.NOTICE)])

    await deliver(tasks, DeferredError("outbox away"))()

    assert set(tasks.later) == {1, 3}


async def test_of_a_group_only_what_did_not_leave_is_tried_again() -> None:
    tasks = TaskList([task(1, TaskKind.NOTICE), task(3, TaskKind.NOTICE)])

    async def together(_group: list[Task]) -> list[str | DeferredError]:
        return ["sent", DeferredError("outbox away")]

    await Deliver(tasks, FixedClock(), {}, {TaskKind.NOTICE: together})()

    assert tasks.outcomes == {1: "sent"}
    assert set(tasks.later) == {3}


async def test_what_is_left_of_one_of_a_group_is_made_with_its_settling() -> None:
    tasks = TaskList([task(1, TaskKind.NOTICE), task(3, TaskKind.NOTICE)])
    rest = NewTask(kind=TaskKind.NOTICE, subject="r1", due_at=NOW)

    async def together(_group: list[Task]) -> list[str | Outcome]:
        return [Outcome(words="sent", then=(rest,)), "grouped"]

    await Deliver(tasks, FixedClock(), {}, {TaskKind.NOTICE: together})()

    assert tasks.outcomes == {1: "sent", 3: "grouped"}
    assert tasks.then == [rest]


async def test_a_bug_in_a_group_keeps_that_group_and_no_other_task_waiting() -> None:
    tasks = TaskList([task(1, TaskKind.NOTICE), task(2)])

    async def one(_task: Task) -> str:
        return "sent"

    async def together(_group: list[Task]) -> list[str]:
        raise LookupError("a card that is gone")

    flow = Deliver(tasks, FixedClock(), {TaskKind.MAIL: one}, {TaskKind.NOTICE: together})

    assert await flow() == 2
    assert set(tasks.later) == {1}
    assert tasks.outcomes == {2: "sent"}


async def test_what_has_not_begun_in_half_of_its_lease_is_handed_back() -> None:
    clock, tried = SteppingClock(), []

    async def slow(one: Task) -> str:
        tried.append(one.id)
        clock.seconds += LEASE.total_seconds() * 0.3
        return "sent"

    tasks = TaskList([task(number) for number in (1, 2, 3, 4)])
    assert await Deliver(tasks, clock, {TaskKind.MAIL: slow}, {})() == 4

    assert tried == [1, 2]
    assert tasks.outcomes == {1: "sent", 2: "sent"}
    assert tasks.back == [3, 4]
    assert not tasks.later


async def test_a_try_that_outlasts_its_lease_is_cut_off_and_postponed() -> None:
    async def stuck(_task: Task) -> str:
        await asyncio.Event().wait()
        return "never"

    tasks = TaskList([task(1)])
    lease = timedelta(milliseconds=20)
    await Deliver(tasks, FixedClock(), {TaskKind.MAIL: stuck}, {}, lease=lease)()

    assert set(tasks.later) == {1}
