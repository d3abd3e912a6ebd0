"""When a measure may be of: from the day of birth to five minutes from now (MEA-01)."""

import pytest

from gateway.mapping.measures.made import is_in_life, when_of

BIRTH = "2016-05-20"


@pytest.mark.parametrize(
    ("said", "fits"),
    [
        ("2016-05-20", True),
        ("2016-05-19", False),
        ("2016-05-19T22:00:00Z", True),
        ("2016-05-19T21:59:00Z", False),
        ("2026-03-01T08:05:00Z", True),
        ("2026-03-01T08:05:01Z", False),
        ("2026-03-01", True),
        ("2026-03-02", False),
    ],
)
def test_a_day_or_an_instant_lies_between_birth_and_now_in_paris(said: str, *, fits: bool) -> None:
    when, now = when_of(said), when_of("2026-03-01T08:00:00Z")
    assert when is not None
    assert now is not None
    assert is_in_life(when, birth=BIRTH, now=now.time) is fits
