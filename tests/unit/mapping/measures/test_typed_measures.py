"""What people type becomes a measure, or is refused for one reason (VAULT section 8)."""

from decimal import Decimal

import pytest

from gateway.mapping.datatypes.units import is_loinc, is_ucum
from gateway.mapping.measures.judged import Wrong, WrongPart
from gateway.mapping.measures.kinds import DIASTOLIC, KINDS, SYSTOLIC, kind_of
from gateway.mapping.measures.typed import Typed, read_typed

WEIGHT, PRESSURE, GLUCOSE, PAIN = "29463-7", "85354-9", "2345-7", "72514-3"


def typed(code: str, value: str, value2: str = "", unit: str = "") -> Typed | WrongPart:
    kind = kind_of(code)
    assert kind is not None
    return read_typed(kind, value, value2, unit)


def numbers(code: str, value: str, value2: str = "", unit: str = "") -> list[str]:
    found = typed(code, value, value2, unit)
    assert isinstance(found, Typed)
    return [f"{one:f}" for one in found.numbers]


def test_the_table_has_sixteen_measures_with_codes_and_units_of_their_standards() -> None:
    assert len(KINDS) == 16
    codes = [code for one in KINDS for code in (one.code, *one.also)] + [SYSTOLIC, DIASTOLIC]
    assert len(set(codes)) == len(codes)
    assert all(map(is_loinc, codes))
    assert all(is_ucum(unit) for one in KINDS for unit in one.units)
    assert all(one.bounds or one.is_computed for one in KINDS)


@pytest.mark.parametrize(
    ("written", "unit"),
    [("13/8", ""), ("13/8", "cmHg"), ("13 / 8", "mm[Hg]"), ("130/80", "mmHg"), ("130-80", "")],
)
def test_a_tension_is_typed_in_either_unit_and_kept_in_millimetres(written: str, unit: str) -> None:
    assert numbers(PRESSURE, written, unit=unit) == ["130", "80"]


def test_a_tension_of_two_fields_keeps_what_was_typed_beside_it() -> None:
    found = typed(PRESSURE, "13,5", "8", "cm[Hg]")
    assert found == Typed((Decimal(135), Decimal(80)), (Decimal("13.5"), Decimal(8)), "cm[Hg]")


@pytest.mark.parametrize(
    ("code", "value", "unit", "made"),
    [
        (GLUCOSE, "7,0", "mmol/L", "126"),
        (GLUCOSE, "7.0", "mmol/l", "126"),
        (GLUCOSE, "1,12", "g/L", "112"),
        (GLUCOSE, "112", "", "112"),
        (WEIGHT, "6500", "g", "6.5"),
        (WEIGHT, "65,25", "kg", "65.25"),
        ("8302-2", "1,755", "m", "175.5"),
        ("8280-0", "84.3", "", "84.3"),
        ("41950-7", "10 000", "", "10000"),
        ("41950-7", "0", "pas/jour", "0"),
        ("8310-5", "37,2", "°C", "37.2"),
    ],
)
def test_a_comma_is_a_point_and_other_units_are_converted(
    code: str, value: str, unit: str, made: str
) -> None:
    assert numbers(code, value, unit=unit) == [made]


@pytest.mark.parametrize(
    ("code", "value", "value2", "unit", "wrong"),
    [
        (WEIGHT, "6500", "", "", WrongPart(Wrong.OUTSIDE)),
        (WEIGHT, "65", "", "lb", WrongPart(Wrong.UNIT)),
        (WEIGHT, "soixante", "", "", WrongPart(Wrong.NOT_A_NUMBER)),
        (WEIGHT, "", "", "", WrongPart(Wrong.NOT_A_NUMBER)),
        (WEIGHT, "1e2", "", "", WrongPart(Wrong.NOT_A_NUMBER)),
        (WEIGHT, "NaN", "", "", WrongPart(Wrong.NOT_A_NUMBER)),
        (WEIGHT, "6" * 5000, "", "", WrongPart(Wrong.NOT_A_NUMBER)),
        (WEIGHT, "0,1", "", "", WrongPart(Wrong.OUTSIDE)),
        (PAIN, "4.5", "", "", WrongPart(Wrong.NOT_WHOLE)),
        (PAIN, "11", "", "", WrongPart(Wrong.OUTSIDE)),
        (PRESSURE, "80", "130", "", WrongPart(Wrong.ORDER, 1)),
        (PRESSURE, "90", "90", "", WrongPart(Wrong.ORDER, 1)),
        (PRESSURE, "130", "", "", WrongPart(Wrong.NOT_A_PAIR, 1)),
        (PRESSURE, "130", "bas", "", WrongPart(Wrong.NOT_A_NUMBER, 1)),
        (PRESSURE, "130", "210", "", WrongPart(Wrong.OUTSIDE, 1)),
        (PRESSURE, "13", "8", "kPa", WrongPart(Wrong.UNIT)),
        (PRESSURE, "13/" * 5000, "", "", WrongPart(Wrong.NOT_A_PAIR, 1)),
        ("39156-5", "22", "", "", WrongPart(Wrong.COMPUTED)),
        ("99504-3", "7", "", "mmol/L", WrongPart(Wrong.UNIT)),
    ],
)
def test_what_cannot_be_a_measure_is_refused_for_one_reason(
    code: str, value: str, value2: str, unit: str, wrong: WrongPart
) -> None:
    assert typed(code, value, value2, unit) == wrong
