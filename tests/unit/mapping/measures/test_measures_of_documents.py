"""Measures that documents tell in codes (VAULT MEA-08)."""

from gateway.mapping.measures.of_documents import is_unit_of, measures_in
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
