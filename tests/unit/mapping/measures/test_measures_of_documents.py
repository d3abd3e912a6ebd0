"""Measures that documents tell in codes (VAULT MEA-08, BIO-07)."""

import pytest

from gateway.mapping.measures.of_documents import (
    is_unit_of,
    measure_of_laboratory,
    measures_in,
)
from gateway.records.documents.observation import Observation

LOINC = "2.16.840.1.113883.6.1"


def row(
    code: str, value: str, unit: str, time: str | None = "2021-05-03", **more: str
) -> Observation:
    return Observation(
        code=code, system=more.get("system", LOINC), text="", value=value, value_type="NM",
        unit=unit, range="", flag="", status=more.get("status", "F"), time=time, group="",
        group_text="", group_id="", sub_id="", producer="", note="",
        category=more.get("category", "vital-signs"),
    )  # fmt: skip


def told(*rows: Observation) -> list[tuple[str, str, str]]:
    return [(one.code, one.value, one.sent_value) for one in measures_in(rows)]


def test_a_certificate_of_a_newborn_gives_weight_height_and_head() -> None:
    found = measures_in(
        [row("3141-9", "3900", "g"), row("8302-2", "52", "cm"), row("9843-4", "35", "cm")]
    )
    assert [(one.code, one.value, one.is_day) for one in found] == [
        ("29463-7", "3.9", True),
        ("8302-2", "52", True),
        ("8287-5", "35", True),
    ]
    assert (found[0].sent_code, found[0].sent_value, found[0].sent_unit) == ("3141-9", "3900", "g")


def test_the_height_of_a_mother_is_no_measure_of_her_child() -> None:
    assert told(row("8302-2", "172", "cm", category="")) == []
    assert told(row("8302-2", "172", "cm", time=None)) == []


def test_both_parts_of_a_tension_make_one_measure() -> None:
    found = measures_in([row("8462-4", "80", "mm[Hg]"), row("8480-6", "130", "mm[Hg]")])
    assert [(one.code, one.value, one.value2) for one in found] == [("85354-9", "130", "80")]
    assert told(row("8480-6", "130", "mm[Hg]")) == []
    assert told(row("8480-6", "130", "mm[Hg]"), row("8462-4", "80", "mm[Hg]", "2021-05-04")) == []


def test_what_is_computed_unsure_or_out_of_bounds_stays_in_the_document() -> None:
    assert told(row("39156-5", "14.4", "kg/m2")) == []
    assert told(row("29463-7", "3900", "kg")) == []
    assert told(row("29463-7", "3900", "lb")) == []
    assert told(row("29463-7", "<4", "kg")) == []
    assert told(row("29463-7", "4", "kg", status="X")) == []
    assert told(row("29463-7", "4", "kg", "2021-05")) == []
    assert told(row("29463-7", "4", "kg", system="L")) == []


def test_one_value_told_twice_counts_once() -> None:
    assert told(row("29463-7", "3900", "g"), row("29463-7", "3.900", "kg")) == [
        ("29463-7", "3.9", "3900")
    ]


def test_a_unit_is_of_a_measure_or_not_and_what_is_no_measure_has_any() -> None:
    assert is_unit_of("29463-7", "g")
    assert is_unit_of("8480-6", "mmHg")
    assert is_unit_of("2345-7", "mmol/L")
    assert not is_unit_of("29463-7", "lb")
    assert not is_unit_of("8480-6", "")
    assert is_unit_of("3016-3", "?")


AT = "2026-03-01T07:15:00+01:00"
FOUND = {
    "glucose by mass": ("2345-7", "0.98", "g/L", ("2345-7", "98", "")),
    "glucose by moles": ("14749-6", "5.4", "mmol/L", ("2345-7", "97", "")),
    "glucose in mg": ("2345-7", "98", "mg/dL", ("2345-7", "98", "")),
    "of whole blood": ("15074-8", "7.0", "mmol/L", ("2345-7", "126", "")),
    "fasting by mass": ("1558-6", "1.10", "g/L", ("2345-7", "110", "53049-3")),
    "fasting by moles": ("14771-0", "6.1", "mmol/L", ("2345-7", "110", "53049-3")),
    "HbA1c": ("4548-4", "6.8", "%", ("4548-4", "6.8", "")),
    "HbA1c by chromatography": ("17856-6", "6.8", "%", ("4548-4", "6.8", "")),
}


@pytest.mark.parametrize("case", FOUND)
def test_what_a_laboratory_found_is_in_the_unit_of_the_measure(case: str) -> None:
    code, value, unit, wanted = FOUND[case]
    one = measure_of_laboratory(row(code, value, unit, AT, category="laboratory"), is_cda=False)
    assert one is not None
    assert (one.code, one.value, one.moment) == wanted
    assert (one.sent_code, one.sent_unit) == (code, unit)


LEFT = {
    "HbA1c in mmol/mol": row("59261-8", "48", "mmol/mol", AT),
    "HbA1c in mmol/mol under the code of %": row("4548-4", "48", "mmol/mol", AT),
    "glucose of urine": row("2350-7", "0.2", "g/L", AT),
    "glucose of cerebrospinal fluid": row("2342-4", "0.6", "g/L", AT),
    "a code of its own": row("2345-7", "0.98", "g/L", AT, system="L"),
    "no unit": row("2345-7", "0.98", "", AT),
    "below": row("2345-7", "<0.2", "g/L", AT),
    "a word": row("2345-7", "normal", "g/L", AT),
    "out of bounds": row("2345-7", "98", "g/L", AT),
    "preliminary": row("2345-7", "0.98", "g/L", AT, status="P"),
    "taken back": row("2345-7", "0.98", "g/L", AT, status="X"),
    "without a status": row("2345-7", "0.98", "g/L", AT, status=""),
    "without a day": row("2345-7", "0.98", "g/L", None),
    "of a month": row("2345-7", "0.98", "g/L", "2026-03"),
    "another analysis": row("3016-3", "2.1", "mUI/L", AT),
    "a weight": row("29463-7", "68", "kg", AT),
}


@pytest.mark.parametrize("case", LEFT)
def test_what_is_not_certain_stays_in_the_document(case: str) -> None:
    assert measure_of_laboratory(LEFT[case], is_cda=False) is None
