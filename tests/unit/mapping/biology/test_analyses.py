"""Results by analysis and in series: one curve a code, kind of specimen and family of units."""

from decimal import Decimal

import pytest
from result_samples import result

from gateway.mapping.biology.analyses import Series, analyses_of, series_of
from gateway.mapping.biology.values import Bounds, bounds_in, quantity_in
from gateway.records.documents.result import Result


def series(*results: Result) -> list[Series]:
    (analysis,) = analyses_of(results)
    return series_of(analysis.placed)


def numbers(one: Series) -> list[str]:
    return [f"{p.quantity.comparator}{p.quantity.number}" for p in one.points if p.quantity]


def test_three_tsh_in_two_spellings_of_one_unit_are_one_curve_of_three_points() -> None:
    (one,) = series(
        result("6.8", "2025-03-12", unit="mUI/L"),
        result("4.6", "2025-09-12", unit="mUI/L"),
        result("3.1", "2026-03-12", unit="mIU/L"),
    )
    assert numbers(one) == ["3.1", "4.6", "6.8"]
    assert (one.unit, one.units) == ("mIU/L", ["mUI/L"])


def test_values_and_intervals_are_converted_into_the_unit_of_the_newest_result() -> None:
    (one,) = series(
        result("0.92", "2026-01-02", unit="g/L", range="0.74-1.06"),
        result("101", "2026-03-02", unit="mg/dL", range="74-106"),
    )
    assert [point.bounds for point in one.points] == [Bounds(Decimal(74), Decimal(106))] * 2
    assert numbers(one) == ["101", "92"]
    assert [point.was_converted for point in one.points] == [False, True]


def test_what_cannot_be_converted_stands_in_a_series_of_its_own() -> None:
    found = series(
        result("5.1", "2026-03-02", unit="mmol/L"), result("0.92", "2026-01-02", unit="g/L")
    )
    assert [(one.unit, numbers(one)) for one in found] == [("mmol/L", ["5.1"]), ("g/L", ["0.92"])]


def test_each_kind_of_specimen_has_its_series_whatever_it_is_called() -> None:
    found = series(
        result("1", specimen="SER"),
        result("2", specimen="Sérum"),
        result("3", specimen="urine"),
    )
    assert [(one.specimen, len(one.points)) for one in found] == [("SER", 2), ("urine", 1)]


def test_an_unsaid_specimen_is_the_only_one_that_others_name() -> None:
    (one,) = series(result("1", specimen=""), result("2", specimen="Plasma"))
    assert (one.specimen, len(one.points)) == ("Plasma", 2)
    assert len(series(result(), result(specimen="SER"), result(specimen="UR"))) == 3


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("1e999", "NM"),
        ("NaN", "NM"),
        ("trop peu", "NM"),
        ("2,4", "NM"),
        ("1234567890123", "NM"),
        ("1:80", "SN"),
        ("10-20", "SN"),
        ("Négatif", "ST"),
        ("2.1", "ST"),
        ("A", "CE"),
    ],
)
def test_what_is_no_number_is_kept_and_makes_no_point(value: str, kind: str) -> None:
    plain, told = series(result("2.1", "2026-03-02"), result(value, value_type=kind))
    assert (numbers(plain), numbers(told)) == (["2.1"], [])
    assert (told.is_drawn, told.points[0].row.value) == (False, value)


def test_a_comma_in_a_cda_is_a_number() -> None:
    (one,) = series(result("2,4", of={"mime_type": "text/xml"}))
    assert numbers(one) == ["2.4"]


def test_a_result_without_a_code_stands_by_its_own_laboratorys_label() -> None:
    own = {"code": "TSHU", "system": "L"}
    found = analyses_of(
        [
            result("1", **own, of={"organization_name": "Charmes"}),
            result("2", **own, of={"organization_name": "Charmes"}),
            result("3", **own, of={"organization_name": "Port"}),
            result("4"),
            result("5", code="3016-4"),
        ]
    )
    assert sorted(len(one.placed) for one in found) == [1, 1, 1, 2]
    assert {one.laboratory for one in found} == {"Charmes", "Port", "Laboratoire des Essais", ""}
    assert all(one.key.startswith("l-") == bool(one.laboratory) for one in found)


def test_analyses_and_their_results_stand_newest_first() -> None:
    found = analyses_of(
        [
            result("1", "2025-01-02"),
            result("2", "2026-01-02", code="718-7", text="Hémoglobine"),
            result("3", "2026-02"),
        ]
    )
    assert [one.name for one in found] == ["TSH", "Hémoglobine"]
    assert [one.dated for one in found[0].placed] == ["2026-02", "2025-01-02"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("0.4-4.0", ("0.4", "4.0")),
        ("0,4 à 4,0", ("0.4", "4.0")),
        ("-2--1", ("-2", "-1")),
        ("<5.0", (None, "5.0")),
        ("≥ 60", ("60", None)),
    ],
)
def test_the_bounds_of_an_interval_are_read_where_they_are_numbers(
    text: str, found: tuple[str | None, str | None]
) -> None:
    assert bounds_in(text) == Bounds(*(None if one is None else Decimal(one) for one in found))


@pytest.mark.parametrize("text", ["", "5", "négatif", "voir le compte rendu", "1e5-1e6", "4-"])
def test_an_interval_in_words_has_no_bounds(text: str) -> None:
    assert bounds_in(text) is None


def test_a_comparator_is_part_of_a_number() -> None:
    assert quantity_in("<0,05") == ("<", Decimal("0.05"))
    assert quantity_in("≤ 3") == ("<=", Decimal(3))
