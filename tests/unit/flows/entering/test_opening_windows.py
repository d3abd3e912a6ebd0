"""The window of an invitation, in civil days of Paris (VAULT ACC-02, ACC-03, ACC-23; POL-01)."""

from datetime import UTC, datetime

import pytest

from gateway.records.duration import PARIS
from gateway.records.patients.invitation import (
    Channel,
    OpeningPolicy,
    code_end,
    last_day,
    reminder_at,
)
from gateway.records.readers.switches import Switch

WEEKS, MONTH = OpeningPolicy(), OpeningPolicy(opposition_window=Switch("P1M"))
EMAIL, LETTER = Channel.EMAIL, Channel.LETTER


def paris(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=PARIS).astimezone(UTC)


@pytest.mark.parametrize(
    ("policy", "channel", "sent", "ends"),
    [
        (WEEKS, EMAIL, paris(2026, 3, 2, 10), paris(2026, 4, 14)),
        (WEEKS, EMAIL, paris(2026, 3, 2), paris(2026, 4, 14)),
        (WEEKS, EMAIL, paris(2026, 3, 2, 23, 59), paris(2026, 4, 14)),
        (WEEKS, LETTER, paris(2026, 3, 2, 10), paris(2026, 4, 19)),
        (WEEKS, EMAIL, paris(2026, 10, 1, 12), paris(2026, 11, 13)),
        (MONTH, EMAIL, paris(2026, 1, 31, 9), paris(2026, 3, 1)),
        (MONTH, EMAIL, paris(2028, 1, 31, 9), paris(2028, 3, 1)),
        (MONTH, EMAIL, paris(2028, 1, 29, 9), paris(2028, 3, 1)),
        (MONTH, EMAIL, paris(2026, 1, 28, 9), paris(2026, 3, 1)),
        (MONTH, LETTER, paris(2026, 12, 29, 9), paris(2027, 2, 4)),
        (MONTH, EMAIL, paris(2026, 2, 28, 2, 30), paris(2026, 3, 29)),
        (MONTH, EMAIL, paris(2026, 2, 27, 2, 30), paris(2026, 3, 28)),
    ],
)
def test_a_window_ends_at_midnight_of_its_last_civil_day(
    policy: OpeningPolicy, channel: Channel, sent: datetime, ends: datetime
) -> None:
    assert policy.window_end(channel, sent) == ends


def test_the_length_of_the_day_of_reception_counts() -> None:
    changed = Switch("P6W", ((paris(2026, 3, 7), "P1M"),))
    policy = OpeningPolicy(opposition_window=changed)
    assert policy.window_end(EMAIL, paris(2026, 3, 6, 23, 59)) == paris(2026, 4, 18)
    assert policy.window_end(EMAIL, paris(2026, 3, 7)) == paris(2026, 4, 8)
    assert policy.window_end(LETTER, paris(2026, 3, 2)) == paris(2026, 4, 8)
    assert policy.said(paris(2026, 3, 7)) == {
        "opposition_window": "P1M",
        "automatic_creation": True,
    }


def test_a_letter_takes_as_long_as_the_setting_says() -> None:
    assert OpeningPolicy(letter_days=0).window_end(LETTER, paris(2026, 3, 2)) == paris(2026, 4, 14)


def test_code_reminder_and_last_day_follow_from_the_end_over_a_change_of_clocks() -> None:
    ends = paris(2026, 4, 3)
    assert reminder_at(ends) == paris(2026, 3, 27)
    assert code_end(paris(2026, 10, 1)) == paris(2026, 11, 12)
    assert last_day(ends).astimezone(PARIS).date().isoformat() == "2026-04-02"
