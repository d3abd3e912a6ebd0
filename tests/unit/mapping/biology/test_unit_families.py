"""Units that can be converted into one another, and those that never are (VAULT BIO-02)."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.mapping.biology.units import converted, measure_of

SAME = (
    ("mUI/L", "mIU/L", "m[IU]/L", "m[iU]/L", "µUI/mL", "u[IU]/mL", "mUI/l"),
    ("10*9/L", "10^9/L", "10E9/L", "10⁹/L", "G/L", "Giga/L", "10*3/uL", "10*3/mm3"),
    ("T/L", "10*12/L", "10*6/uL"),
    ("g/L", "mg/mL", "g.L-1"),
    ("mL/min/1,73m2", "mL/min/{1.73_m2}", "mL/min/1.73 m²"),
    ("mmHg", "mm[Hg]"),
    ("{cells}/uL", "/uL", "/mm3"),
)


@pytest.mark.parametrize("spellings", SAME, ids=lambda some: some[0])
def test_one_unit_however_it_is_written_is_one_measure(spellings: tuple[str, ...]) -> None:
    assert len({measure_of(one) for one in spellings}) == 1


@pytest.mark.parametrize(
    ("number", "of", "to", "made"),
    [
        ("12.4", "g/dL", "g/L", "124"),
        ("0.92", "g/L", "mg/dL", "92"),
        ("250000", "/mm3", "G/L", "250"),
        ("35", "U/L", "nkat/L", "583"),
        ("0.583", "ukat/L", "U/L", "34.98"),
        ("2.10", "mUI/L", "µUI/mL", "2.10"),
        ("-1.5", "mmol/L", "umol/L", "-1500"),
    ],
)
def test_a_number_is_converted_with_as_many_digits_as_it_had(
    number: str, of: str, to: str, made: str
) -> None:
    assert converted(Decimal(number), measure_of(of), measure_of(to)) == Decimal(made)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("g/L", "mmol/L"),
        ("%", "mmol/mol"),
        ("UI/L", "U/L"),
        ("mg/L{FEU}", "mg/L{DDU}"),
        ("mmol/L", "mmol/d"),
        ("10*9/L", "%"),
        ("meq/L", "mmol/L"),
        ("Mg/L", "mg/l/h"),
        ("points", "score"),
        ("", "1"),
    ],
)
def test_what_the_units_alone_cannot_tell_is_never_converted(one: str, other: str) -> None:
    assert measure_of(one).family != measure_of(other).family


def test_the_case_of_a_prefix_counts() -> None:
    assert measure_of("Mg/L").factor / measure_of("mg/L").factor == 10**9


@given(st.text(max_size=80) | st.text("10*^-{}/.gmolLUI[]%µ23 eE", max_size=70))
def test_whatever_is_written_as_a_unit_is_a_measure_above_nothing(unit: str) -> None:
    made = measure_of(unit)
    assert isinstance(made.factor, Fraction)
    assert made.factor > 0
    assert converted(Decimal("1.5"), made, made) == Decimal("1.5")
