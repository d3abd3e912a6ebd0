"""What became of a task: done, failed for good, or to be tried again; and what follows from it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from gateway.errors import DeferredError, DeniedError, RefusedError
from gateway.flows.sending.retry import MAIL_RETRY, NOTICE_RETRY, GiveUp, RetryPolicy, next_attempt
from gateway.records.intake.finding import Finding
from gateway.records.patients.account import NewTrace
from gateway.records.task import NewTask, Task, TaskKind

log = structlog.get_logger()

FORWARD_RETRY = RetryPolicy(
    first=timedelta(seconds=5), longest=timedelta(minutes=5), patience=timedelta(days=7)
)
EXPORT_RETRY = RetryPolicy(
    first=timedelta(seconds=10), longest=timedelta(minutes=5), patience=timedelta(hours=1)
)
"""Somebody waits for it, and may ask again."""
ANSWER_RETRY = RetryPolicy(first=timedelta(seconds=10), longest=timedelta(minutes=10))
POLICIES: Mapping[TaskKind, RetryPolicy] = {
    TaskKind.MAIL: MAIL_RETRY,
    TaskKind.MESSAGE: MAIL_RETRY,
    TaskKind.READ_RECEIPT: MAIL_RETRY,
    TaskKind.FORWARD: FORWARD_RETRY,
    TaskKind.BUSINESS_ACK: ANSWER_RETRY,
    TaskKind.EXPORT: EXPORT_RETRY,
}
PART_OF_LEASE = 0.8
"""How much of a lease a try may use: nobody else may hold the task meanwhile."""
LONGEST_PATIENCE = max(policy.patience for policy in POLICIES.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """`words` for an operator: the first is counted, none is a patient's. `dead` when the work was
    not done and will not be without a person; `finding` bears the codes a receiver gave for it.
    """

    words: str
    dead: bool = False
    finding: Finding | None = None
    then: tuple[NewTask, ...] = ()


Carry = Callable[[Task], Awaitable[str | Outcome]]
"""Carries out one task; returns its outcome. Raises DeferredError to be tried again."""

Told = Sequence[str | Outcome | DeferredError]
"""Of tasks that left as one: in order, the outcome of each, or why it is to be tried again."""

Follow = Callable[[Task, Outcome], tuple[NewTask, ...]]
"""What must follow from how a task ended, in the same commit. Pure."""


def nothing_follows(_task: Task, _outcome: Outcome) -> tuple[NewTask, ...]:
    return ()


def nothing_said(_task: Task, _outcome: str) -> tuple[NewTrace, ...]:
    return ()


async def carried(carry: Carry, task: Task) -> Outcome | DeferredError:
    """One try. A bug of ours is logged, and keeps its task but no other task waiting."""
    try:
        done = await carry(task)
    except DeferredError as error:
        return error
    except RefusedError as error:
        return Outcome(words=f"refused: {error}", dead=True, finding=error.finding)
    except DeniedError as error:
        return Outcome(words=f"denied: {error.rule}", dead=True)
    except Exception:
        log.exception("task.failed", task=task.id, kind=task.kind.value)
        return DeferredError("internal error", unheard=True)
    return done if isinstance(done, Outcome) else Outcome(words=done)


async def carried_within(seconds: float, carry: Carry, task: Task) -> Outcome | DeferredError:
    """One try that is cut off where it outlasts its lease."""
    try:
        async with asyncio.timeout(seconds):
            return await carried(carry, task)
    except TimeoutError:
        return DeferredError("The receiver takes too long.", unheard=True)


def later(task: Task, error: DeferredError, now: datetime) -> datetime | Outcome:
    """When to try again; the last outcome where patience is over."""
    policy = POLICIES.get(task.kind, NOTICE_RETRY)
    match next_attempt(task.attempts, task.waits_since, now, policy):
        case GiveUp():
            return Outcome(words=f"given-up: {error}", dead=True, finding=error.finding)
        case due_at:
            return due_at
