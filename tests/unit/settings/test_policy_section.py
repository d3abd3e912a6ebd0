"""`[policy]` and `[invitation]`: how spaces begin (VAULT POL-01, POL-02)."""

from datetime import datetime, timedelta

import pytest

from gateway.records.duration import PARIS
from gateway.settings import SettingsError
from gateway.settings.explain import explain
from gateway.settings.load import parse_settings

SECOND = timedelta(seconds=1)
DAY = datetime(2026, 7, 1, tzinfo=PARIS)


def said(text: str, at: datetime) -> tuple[object, object]:
    told = parse_settings(text).opening_policy().said(at)
    return told["opposition_window"], told["automatic_creation"]


def test_a_switch_is_a_value_or_changes_at_midnight_of_its_days() -> None:
    assert said("", DAY) == ("P6W", True)
    assert said('[policy]\nopposition_window = "P1M"\nautomatic_creation = false', DAY) == (
        "P1M",
        False,
    )
    for day in ("2026-07-01", '"2026-07-01"'):
        dated = (
            f'[policy]\nopposition_window = [{{from = {day}, value = "P1M"}}]\n'
            f"automatic_creation = [{{from = {day}, value = false}}]\n"
        )
        assert said(dated, DAY - SECOND) == ("P6W", True)
        assert said(dated, DAY) == ("P1M", False)


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ('opposition_window = "P2W"', "write one of P6W, P1M"),
        ('automatic_creation = "true"', "write one of true, false"),
        ("automatic_creation = 1", "write one of true, false"),
        ('opposition_window = [{from = "2026-02-30", value = "P1M"}]', "changes on a day"),
        ('opposition_window = [{from = 2026-01-01T00:00:00Z, value = "P1M"}]', "changes on a day"),
        ('opposition_window = [{value = "P1M"}]', "2022-01-01"),
    ],
)
def test_what_is_no_switch_is_named_with_what_to_write(line: str, wrong: str) -> None:
    with pytest.raises(SettingsError) as caught:
        parse_settings(f"[policy]\n{line}\n")
    assert wrong in str(caught.value.problems[0])


def test_who_invites_and_how_long_a_letter_takes_are_settings() -> None:
    text = '[invitation]\nsender = "la Mutualité sociale agricole"\nletter_days = 3\n'
    policy = parse_settings(text).opening_policy()
    assert (policy.sender, policy.letter_days) == ("la Mutualité sociale agricole", 3)
    assert 'Default: "P6W"' in (explain("policy.opposition_window") or "")
