"""A power that was written with a bare caret is one value: `10^9/L`, and no component `10`."""

import pytest
from hl7_samples import results

from gateway.mapping.hl7v2 import understand
from gateway.mapping.hl7v2.results.carets import MAX_PARTS, unit_parts, worded_parts
from gateway.records.documents.observation import Observation
from gateway.records.intake.reading import DEFAULT_READING

HEAD = "OBR|1|P1|A1|58410-2^Hemogramme^LN"


def row(obx: str) -> Observation:
    return understand(results(HEAD, obx), DEFAULT_READING).observations[0][0]


@pytest.mark.parametrize(
    ("written", "unit"),
    [
        ("10^9/L", "10^9/L"),
        ("10^3/uL", "10^3/uL"),
        ("10^12/L", "10^12/L"),
        (r"10\S\9/L", "10^9/L"),
        ("x10^9/L", "x10^9/L"),
        ("10^9", "10^9"),
        ("10^3/mm^3", "10^3/mm^3"),
        ("/mm^3", "/mm^3"),
        ("kg/m^2", "kg/m^2"),
        ("mL/min/1.73m^2", "mL/min/1.73m^2"),
        ("mL/min/1,73 m^2", "mL/min/1,73 m^2"),
        ("10^9/L^10^9/L^UCUM", "10^9/L"),
        ("10^9/L^giga par litre^L", "10^9/L"),
        ("^10^9/L", "10^9/L"),
        ("10^3 UI/L", "10^3 UI/L"),
        ("Giga/L^Giga/L^L^10^9/L^^UCUM", "10^9/L"),
        (r"Giga/L^Giga/L^L^10\S\9/L^^UCUM", "10^9/L"),
    ],
)
def test_a_power_of_a_unit_stays_with_its_base(written: str, unit: str) -> None:
    assert row(f"OBX|1|NM|6690-2^Leucocytes^LN||6.2|{written}|||||F").unit == unit


@pytest.mark.parametrize(
    ("written", "unit"),
    [
        ("10*9/L^10^9/L^UCUM", "10*9/L"),
        ("10*9/L^giga/L^UCUM", "10*9/L"),
        ("mmol/L^9/L^L", "mmol/L"),
        ("g/dL^gramme par décilitre^UCUM", "g/dL"),
        ("m^mètre^UCUM", "m"),
        ("mm^3e heure^L", "mm"),
        ("10^dix^L", "10"),
    ],
)
def test_a_coded_unit_is_its_code_still(written: str, unit: str) -> None:
    assert row(f"OBX|1|NM|6690-2^Leucocytes^LN||6.2|{written}|||||F").unit == unit


@pytest.mark.parametrize("written", ["10^9/L", r"10\S\9/L", "10^3/uL"])
def test_such_a_unit_is_one_of_ucum(written: str) -> None:
    read = understand(
        results(HEAD, f"OBX|1|NM|6690-2^Leucocytes^LN||6.2|{written}|||||F"), DEFAULT_READING
    )
    assert "unit-text" not in {one.code for one in read.findings}


def test_other_separators_leave_a_caret_alone() -> None:
    raw = results(HEAD, "OBX|1|NM|6690-2^Leucocytes^LN||6.2|10#9/L#x|||||F")
    swapped = raw.replace(b"#", b"\0").replace(b"^", b"#").replace(b"\0", b"^")
    assert understand(swapped, DEFAULT_READING).observations[0][0].unit == "10^9/L^x"


@pytest.mark.parametrize(
    ("kind", "written", "value"),
    [
        ("ST", "10^5 UFC/mL", "10^5 UFC/mL"),
        ("ST", "10^5~10^6 UFC/mL", "10^5\n10^6 UFC/mL"),
        ("SN", ">^10^5", ">10^5"),
        ("SN", "^10^5", "10^5"),
        ("SN", "^10^3^-^10^4", "10^3-10^4"),
        ("SN", "^10^-^20", "10-20"),
        ("SN", "<^10", "<10"),
        ("SN", "^1^:^128", "1:128"),
        ("CWE", "^10^5 UFC/mL", "10^5 UFC/mL"),
        ("CWE", "G3^plus de 10^5 UFC/mL^L", "plus de 10^5 UFC/mL"),
        ("CE", "10^24 heures^L", "24 heures"),
    ],
)
def test_a_power_of_a_value_is_not_read_as_two_numbers(kind: str, written: str, value: str) -> None:
    assert row(f"OBX|1|{kind}|564-5^Germes^LN||{written}||||||F").value == value


def test_a_power_in_the_name_of_an_analysis_stays_in_it() -> None:
    one = row("OBX|1|NM|LEU^Leucocytes (10^9/L)^L^6690-2^^LN||6.2||||||F")
    assert (one.code, one.text) == ("6690-2", "Leucocytes (10^9/L)")


def test_a_unit_of_very_many_carets_is_parted_no_further_than_a_coded_value_goes() -> None:
    assert len(unit_parts("10^" * 1_000, "^")) == MAX_PARTS + 1
    assert len(worded_parts("10^" * 1_000, "^")) == MAX_PARTS + 1
