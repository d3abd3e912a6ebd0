"""When to try again: pure arithmetic, the same for every kind of task."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """Doubles from `first` up to `longest`; gives up when the task is older than `patience`."""

    first: timedelta = timedelta(seconds=30)
    longest: timedelta = timedelta(hours=1)
    patience: timedelta = timedelta(days=3)


MAIL_RETRY = RetryPolicy(patience=timedelta(days=5))
NOTICE_RETRY = RetryPolicy()


@dataclass(frozen=True, slots=True)
class GiveUp:
    """The task is parked, with an alarm for the operator."""


def next_attempt(
    attempts: int, created_at: datetime, now: datetime, policy: RetryPolicy
) -> datetime | GiveUp:
    """The next time to try after `attempts` failures (1 or more), or the end of patience."""
    wait = min(policy.first * 2 ** min(attempts - 1, 20), policy.longest)
    due = now + wait
    return GiveUp() if due - created_at > policy.patience else due
