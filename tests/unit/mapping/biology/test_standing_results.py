"""Which rows are results, when they were, and which two are one (BIO-01, BIO-04, BIO-05)."""

from typing import Any

import pytest
from result_samples import DAY, result

from gateway.mapping.biology.standing import dated, instant_in, is_given, once, same_as
from gateway.records.documents.document import Label


@pytest.mark.parametrize(
    ("said", "given"),
    [
        ({}, True),
        ({"status": "P"}, True),
        ({"status": "C"}, True),
        ({"status": "D"}, False),
        ({"status": "W"}, False),
        ({"status": "X"}, False),
        ({"status": "I"}, False),
        ({"value": ""}, False),
        ({"category": "vital-signs"}, False),
        ({"category": ""}, True),
        ({"category": "", "of": {"label": Label.CPT_REND}}, False),
    ],
)
def test_a_result_is_a_value_of_biology_that_its_laboratory_stands_by(
    said: dict[str, Any], given: bool
) -> None:
    value = said.pop("value", "2.1")
    assert is_given(result(value, **said)) is given


@pytest.mark.parametrize(
    ("time", "act", "told"),
    [
        (DAY, "2026-03-01", DAY),
        ("2026-03", "2026-03-01", "2026-03"),
        (None, "2026-02", "2026-02"),
        ("2026-13-45", "2026-02-03", "2026-02-03"),
        ("hier", None, "2026-03-10"),
    ],
)
def test_a_result_without_a_date_of_its_own_has_that_of_its_document(
    time: str | None, act: str | None, told: str
) -> None:
    assert dated(result(time=time, of={"act_date": act})) == told


def test_a_month_or_a_year_stands_at_its_first_day() -> None:
    assert instant_in("2026-03") == instant_in("2026-03-01")
    assert instant_in("2026") == instant_in("2026-01-01T00:00:00Z")
    assert instant_in("2026-02-30") is None


def test_the_same_result_by_two_doors_counts_once_whatever_its_unit() -> None:
    of_message = result("2.10", "2026-03-12T07:15Z", unit="mUI/L", of={"id": "new"})
    of_cda = result("2.1", "2026-03-12T08:15:00+01:00", unit="u[IU]/mL", of={"id": "old"})
    assert [one.card.id for one in once([of_message, of_cda])] == ["new"]


@pytest.mark.parametrize(
    "other",
    [
        {"value": "2.2"},
        {"value": "<2.1"},
        {"time": "2026-03-12T07:16:00Z"},
        {"code": "3051-0"},
        {"unit": "mUI/mL"},
    ],
)
def test_another_value_moment_or_analysis_is_another_result(other: dict[str, Any]) -> None:
    assert len(once([result(), result(**other)])) == 2


def test_a_day_is_no_moment() -> None:
    assert same_as(result(time="2026-03-12").row) == ""
    assert len(once([result(time="2026-03-12"), result(time="2026-03-12")])) == 2
