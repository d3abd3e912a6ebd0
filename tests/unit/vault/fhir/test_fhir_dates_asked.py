"""Dates of a FHIR search: prefixes, precisions, offsets and periods (R4 search, date)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.mapping.fhir.dates import date_agrees, span_of

DAY, LATER = "2026-03-15", "2026-03-16"


@pytest.mark.parametrize(
    ("have", "asked", "found"),
    [
        ("2026-03", "2026", True),
        ("2026-03", "2026-03-15", False),
        ("2026-03", "ge2026-03-15", True),
        ("2026-03", "gt2026-03-15", True),
        ("2026-03", "le2026-03-15", True),
        ("2026-03", "sa2026-03-15", False),
        ("2026-03", "eb2026-04-01", True),
        (DAY, "ge2026-03-15T08:00:00Z", True),
        (DAY, "ge2026-03-16", False),
        (DAY, "gt2026-03-15", False),
        (DAY, "ne2026-03-15", False),
        ("2026-03-15T09:00:00Z", "2026-03-15T10:00+01:00", True),
        ("2026-03-15T09:00:00Z", "2026-03-15T09:00:00.000Z", False),
        ("2026-03-15T09:00:00Z", "", True),
        ("2026-03-14T23:30:00Z", DAY, True),
        ("2026-03-15T23:30:00Z", DAY, False),
        ("2026-07-14T22:30:00Z", "2026-07-15", True),
        ("2026-03-15T09:00:00Z", "2026-03-15T10:00:00", True),
        ("2026-03-15T09:00:00Z", "2026-03-15T09:00:00", False),
        ("9999-12-31", "ge9999", True),
        ("0001-01-01", "0001", True),
        ("no date", "ge2026", False),
    ],
)
def test_a_date_is_as_long_as_it_is_written(have: str, asked: str, *, found: bool) -> None:
    assert date_agrees(have, asked) is found


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("ge2026-01-05", True),
        ("gt2026-01-10", False),
        ("le2026-01-05", True),
        ("lt2026-01-01", False),
        ("sa2025-12-31", True),
        ("eb2026-01-05", False),
        ("eb2026-01-11", True),
        ("2026-01-01", True),
        ("2026", True),
        ("2026-01-05", False),
    ],
)
def test_a_stay_lasts_until_its_end(asked: str, *, found: bool) -> None:
    assert date_agrees("2026-01-01", asked, until="2026-01-10") is found


@pytest.mark.parametrize("text", ["2026-02-30", "2026-03-12T24:00:00Z", "2026-03-12T10:60Z"])
def test_what_is_no_moment_of_the_calendar_is_not_asked(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        span_of(text)


instants = st.datetimes().map(lambda at: f"{at.isoformat(timespec='seconds')}Z")


@given(instants, instants)
def test_of_two_instants_each_is_before_or_after_or_equal(one: str, other: str) -> None:
    told = [date_agrees(one, f"{prefix}{other}") for prefix in ("lt", "eq", "gt")]
    assert told.count(True) == 1
    assert date_agrees(one, f"le{other}") is (told[0] or told[1])
    assert date_agrees(one, f"ge{other}") is (told[1] or told[2])
    assert date_agrees(one, f"ne{other}") is not told[1]
