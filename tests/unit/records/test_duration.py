"""ISO 8601 durations in the civil time of Paris (VAULT GEN-04)."""

from datetime import UTC, datetime

import pytest

from gateway.records.duration import Duration, read_duration


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("P14D", Duration(days=14)),
        ("P1Y2M3W4DT5H6M7.5S", Duration(months=14, days=25, seconds=18_367.5)),
        ("PT0,5H", Duration(seconds=1_800)),
        ("P0D", Duration()),
    ],
)
def test_a_duration_is_read_part_by_part(text: str, duration: Duration) -> None:
    assert read_duration(text) == duration


@pytest.mark.parametrize(
    "text",
    [
        *("", "P", "PT", "P1DT", "-P1D", "+P1D", "P-1D", "p1d", "1D", "P1D ", "P1.5M"),
        *("PT1.5H2M", "P1S", "P1H", "PT1D", "P1D1M", "P" + "9" * 70 + "D", "P\u0661D", "PT1H30"),
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"duration|fraction"):
        read_duration(text)


@pytest.mark.parametrize(
    ("start", "text", "end"),
    [
        ("2026-01-31T10:00:00+01:00", "P1M", "2026-02-28T10:00:00+01:00"),
        ("2024-01-31T10:00:00+01:00", "P1M", "2024-02-29T10:00:00+01:00"),
        ("2026-12-15T10:00:00+01:00", "P1M", "2027-01-15T10:00:00+01:00"),
        ("2026-03-28T10:00:00+01:00", "P1D", "2026-03-29T10:00:00+02:00"),
        ("2026-03-28T10:00:00+01:00", "PT24H", "2026-03-29T11:00:00+02:00"),
        ("2024-02-29T10:00:00+01:00", "P1Y", "2025-02-28T10:00:00+01:00"),
    ],
)
def test_months_and_days_are_civil(start: str, text: str, end: str) -> None:
    assert read_duration(text).after(at(start)) == at(end)


@pytest.mark.parametrize("text", ["P9999Y", "P999999999D", "PT999999999H", "P999999999M"])
def test_past_the_last_day_is_an_error_and_no_wrong_date(text: str) -> None:
    with pytest.raises(ValueError, match="calendar"):
        read_duration(text).after(at("2026-01-31T10:00:00+01:00"))
