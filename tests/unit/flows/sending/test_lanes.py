"""Lanes in memory: order, a receiver that is away, dead letters, bugs, the end."""

import asyncio
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from gateway.errors import DeferredError, DeniedError, RefusedError
from gateway.flows.sending.lanes import Lanes
from gateway.flows.sending.outcome import FORWARD_RETRY, Outcome
from gateway.ports.metrics import Metrics, NoMetrics
from gateway.records.patients.account import NewTrace
from gateway.records.task import EVERY_KIND, NewTask, Task, TaskKind

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
LEASE = timedelta(minutes=1)


class FixedClock:
    at = NOW

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return 0.0


class MemoryLanes:
    """Satisfies `LaneTasks`; tasks by lane, in order."""

    def __init__(self, *tasks: Task) -> None:
        self.waiting = list(tasks)
        self.claimed: set[int] = set()
        self.ended: list[tuple[int, str, bool]] = []
        self.later: dict[int, datetime] = {}
        self.then: list[NewTask] = []

    async def add(self, tasks: list[NewTask]) -> None:
        raise AssertionError

    async def claim(
        self,
        now: datetime,
        *,
        lease: timedelta,
        limit: int,
        kinds: Collection[TaskKind] = EVERY_KIND,
    ) -> list[Task]:
        raise AssertionError

    async def claim_heads(self, now: datetime, *, lease: timedelta) -> list[Task]:
        heads: dict[str | None, Task] = {}
        for task in self.waiting:
            heads.setdefault(task.lane, task)
        free = [one for one in heads.values() if one.id not in self.claimed]
        self.claimed |= {one.id for one in free}
        return free

    async def settle(
        self,
        task: Task,
        *,
        outcome: str,
        at: datetime,
        dead: bool = False,
        then: Sequence[NewTask] = (),
        acts: Sequence[NewTrace] = (),
    ) -> None:
        self.ended.append((task.id, outcome, dead))
        self.waiting.remove(task)
        self.then += then

    async def advance(
        self,
        task: Task,
        *,
        outcome: str,
        at: datetime,
        lease: timedelta,
        dead: bool = False,
        then: Sequence[NewTask] = (),
    ) -> Task | None:
        await self.settle(task, outcome=outcome, at=at, dead=dead, then=then)
        return next((one for one in self.waiting if one.lane == task.lane), None)

    async def postpone(
        self, task: Task, *, due_at: datetime, reason: str, unheard: bool = False
    ) -> None:
        self.later[task.id] = due_at
        self.claimed.discard(task.id)

    async def keep(self, task: Task, *, until: datetime) -> bool:
        raise AssertionError

    async def hand_back(self, tasks: Sequence[Task], *, at: datetime) -> None:
        raise AssertionError

    async def depth(self) -> dict[TaskKind, int]:
        return {}


class Receiver:
    """Takes what is sent; says what it was told to for some."""

    def __init__(self, **says: Exception) -> None:
        self.says = says
        self.sent: list[str] = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def __call__(self, task: Task) -> Outcome | str:
        await self.gate.wait()
        if task.subject in self.says:
            raise self.says[task.subject]
        self.sent.append(task.subject)
        return "AA"


def task(number: int, lane: str = "a", *, days: int = 0, attempts: int = 1) -> Task:
    return Task(
        id=number,
        kind=TaskKind.FORWARD,
        subject=f"m{number}",
        patient=None,
        payload=b"{}",
        attempts=attempts,
        created_at=NOW - timedelta(days=days),
        lane=lane,
    )


class Counted(NoMetrics):
    """Remembers what became of each try."""

    def __init__(self) -> None:
        self.tries: list[tuple[str, str]] = []

    def delivered(self, *, kind: str, outcome: str) -> None:
        self.tries.append((kind, outcome))


def lanes(tasks: MemoryLanes, receiver: Receiver, metrics: Metrics | None = None) -> Lanes:
    counted = metrics or NoMetrics()
    return Lanes(tasks, FixedClock(), {TaskKind.FORWARD: receiver}, LEASE, metrics=counted)


async def test_a_lane_leaves_in_order_to_its_end() -> None:
    tasks, receiver = MemoryLanes(*(task(n) for n in range(1, 6))), Receiver()
    moving = lanes(tasks, receiver)
    assert await moving() == 1
    await moving.idle()
    assert receiver.sent == ["m1", "m2", "m3", "m4", "m5"]
    assert await moving() == 0


async def test_a_receiver_that_is_away_keeps_its_own_lane_waiting_and_no_other() -> None:
    tasks = MemoryLanes(task(1), task(2), task(3, "b"), task(4, "b"))
    receiver = Receiver(m1=DeferredError("away"))
    moving = lanes(tasks, receiver)
    await moving()
    await moving.idle()
    assert receiver.sent == ["m3", "m4"]
    assert tasks.later == {1: NOW + FORWARD_RETRY.first}
    receiver.says.clear()
    await moving()
    await moving.idle()
    assert receiver.sent == ["m3", "m4", "m1", "m2"]


async def test_a_receiver_that_hangs_delays_nobody_else() -> None:
    tasks = MemoryLanes(task(1), task(2, "b"))
    slow, moving = Receiver(), None
    slow.gate.clear()

    async def either(one: Task) -> Outcome | str:
        return await slow(one) if one.lane == "a" else "AA"

    moving = Lanes(tasks, FixedClock(), {TaskKind.FORWARD: either}, LEASE)
    assert await moving() == 2
    for _ in range(5):
        await asyncio.sleep(0)
    assert [number for number, _, _ in tasks.ended] == [2]
    await moving.close(seconds=0)
    assert [one.id for one in tasks.waiting] == [1]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (RefusedError("AE 207 904"), "refused: AE 207 904"),
        (DeniedError("no", rule="F60"), "denied: F60"),
    ],
)
async def test_what_is_refused_is_a_dead_letter_and_the_next_one_leaves(
    error: Exception, words: str
) -> None:
    tasks, receiver = MemoryLanes(task(1), task(2)), Receiver(m1=error)
    moving = lanes(tasks, receiver)
    await moving()
    await moving.idle()
    assert tasks.ended == [(1, words, True), (2, "AA", False)]


async def test_patience_ends_and_the_next_one_is_tried() -> None:
    tasks = MemoryLanes(task(1, days=8, attempts=90), task(2))
    moving = lanes(tasks, Receiver(m1=DeferredError("away")))
    await moving()
    await moving.idle()
    assert tasks.ended == [(1, "given-up: away", True), (2, "AA", False)]


async def test_a_bug_of_ours_postpones_its_task() -> None:
    tasks = MemoryLanes(task(1))
    moving = lanes(tasks, Receiver(m1=KeyError("x")))
    await moving()
    await moving.idle()
    assert list(tasks.later) == [1]


async def test_what_became_of_each_try_is_counted_and_a_dead_letter_is_said_in_the_log() -> None:
    tasks, counted = MemoryLanes(task(1), task(2), task(3)), Counted()
    receiver = Receiver(m1=RefusedError("AE 207 904"), m3=DeferredError("away"))
    moving = lanes(tasks, receiver, counted)
    with capture_logs() as said:
        await moving()
        await moving.idle()

    assert counted.tries == [("forward", "refused"), ("forward", "AA"), ("forward", "postponed")]
    dead = {"event": "task.dead", "task": 1, "kind": "forward", "name": "a", "log_level": "warning"}
    assert said == [dead]


async def test_the_end_waits_for_what_is_under_way_and_leaves_nothing_running() -> None:
    tasks, receiver = MemoryLanes(task(1), task(2, "b")), Receiver()
    receiver.gate.clear()
    moving = lanes(tasks, receiver)
    await moving()
    asyncio.get_running_loop().call_soon(receiver.gate.set)
    await moving.close(seconds=60)
    assert receiver.sent == ["m1", "m2"]

    receiver.gate.clear()
    tasks.waiting = [task(3)]
    await moving()
    await moving.close(seconds=0)
    assert asyncio.all_tasks() == {asyncio.current_task()}
    assert [one.id for one in tasks.waiting] == [3]
