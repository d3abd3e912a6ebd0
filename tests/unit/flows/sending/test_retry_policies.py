"""When a task is tried again: the retry arithmetic."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from gateway.flows.sending.retry import GiveUp, RetryPolicy, next_attempt

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
POLICY = RetryPolicy()


@given(st.integers(1, 10_000), st.integers(0, 100))
def test_the_next_attempt_is_never_now_nor_beyond_the_longest_wait(
    attempts: int, days: int
) -> None:
    match next_attempt(attempts, NOW - timedelta(days=days), NOW, POLICY):
        case GiveUp():
            assert timedelta(days=days) + POLICY.longest > POLICY.patience
        case due:
            assert POLICY.first <= due - NOW <= POLICY.longest


def test_waits_double_up_to_the_longest() -> None:
    waits: Sequence[object] = [next_attempt(n, NOW, NOW, POLICY) for n in (1, 2, 3, 30)]
    assert waits == [NOW + POLICY.first * n for n in (1, 2, 4)] + [NOW + POLICY.longest]
