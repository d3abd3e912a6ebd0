"""An operator's invented case is a line that `gateway grid decide` reads, whatever is ticked."""

from dataclasses import replace
from datetime import UTC, date, datetime

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.access.grid import shipped_grid
from gateway.access.lines.scenario import decide_line, parse
from gateway.access.lines.synthetic import Case, born, scenario_of
from gateway.flows.desk.explain import explain
from gateway.vault.desk.rules import simulator_words as said

NOW = datetime(2026, 3, 12, 11, 0, tzinfo=UTC)
DOCTOR = Case(now=NOW, profession="G15_10", type_code="11502-2", agreement="professional")
GRID = shipped_grid()


def rule(case: Case) -> str:
    return decide_line(orjson.dumps(scenario_of(case)), GRID).rule


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        (DOCTOR, "P11"),
        (replace(DOCTOR, agreement=""), "F50"),
        (replace(DOCTOR, agreement="team"), "P11"),
        (replace(DOCTOR, blocked=True), "F44"),
        (replace(DOCTOR, codes=("MASQUE_PS",)), "F51"),
        (replace(DOCTOR, codes=("MASQUE_PS",), treating=True), "P09"),
        (replace(DOCTOR, codes=("MASQUE_PS",), administrator=True), "P10"),
        (replace(DOCTOR, codes=("MASQUE_PS",), own_deposit=True), "P08"),
        (replace(DOCTOR, hidden=True), "F63"),
        (replace(DOCTOR, profession=""), "F54"),
        (replace(DOCTOR, type_code="nothing"), "F55"),
        (replace(DOCTOR, mode="bris_de_glace"), "F48"),
        (replace(DOCTOR, mode="bris_de_glace", reason="coma", agreement=""), "P06"),
        (replace(DOCTOR, mode="bris_de_glace", reason="coma", professionals_off=True), "F49"),
        (replace(DOCTOR, mode="samu", centre15=True), "P05"),
        (replace(DOCTOR, mode="samu", centre15=True, samu_off=True), "F46"),
        (replace(DOCTOR, account="closed"), "F10"),
        (replace(DOCTOR, qualified=False), "F12"),
        (replace(DOCTOR, status="held"), "F06"),
        (replace(DOCTOR, kind="operator", action="list", status="held"), "P12"),
        (replace(DOCTOR, kind="auditor", action="trace"), "P53"),
        (replace(DOCTOR, kind="third_party"), "F02"),
        (replace(DOCTOR, kind="patient", age=17), "F20"),
        (replace(DOCTOR, kind="patient", age=18), "P01"),
        (replace(DOCTOR, kind="representative", age=17), "P02"),
        (replace(DOCTOR, kind="representative", age=18), "F22"),
        (replace(DOCTOR, kind="caregiver", tied=False), "F23"),
        (replace(DOCTOR, kind="application"), "F26"),
        (replace(DOCTOR, kind="application", switches={"application_reading": True}), "P04"),
        (replace(DOCTOR, kind="patient", codes=("INVISIBLE_PATIENT",)), "X00"),
        (
            replace(
                DOCTOR,
                kind="patient",
                codes=("INVISIBLE_PATIENT",),
                deposited=date(2026, 3, 1),
            ),
            "F27",
        ),
        (replace(DOCTOR, function="FON-29", agreement="occupational"), "P07"),
    ],
)
def test_each_field_of_the_form_reaches_its_rule(case: Case, expected: str) -> None:
    assert rule(case) == expected


def options(values: object) -> st.SearchStrategy[str]:
    return st.sampled_from(sorted(values))  # type: ignore[call-overload]


CASES = st.builds(
    Case,
    now=st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)).map(  # noqa: DTZ001
        lambda at: at.replace(microsecond=0, tzinfo=UTC)
    ),
    action=options(said.ACTIONS),
    kind=options(said.READERS),
    profession=st.sampled_from(["", "G15_10", "R94_41", "x"]),
    activity=st.sampled_from(["", "GENR08", "GENR04"]),
    function=st.sampled_from(["", "FON-19", "FON-29"]),
    type_code=st.text(min_size=1, max_size=12),
    codes=st.lists(options(said.CODES), unique=True).map(tuple),
    status=options(said.STATUSES),
    deposited=st.dates(date(2000, 1, 1), date(2030, 1, 1)),
    own_deposit=st.booleans(),
    by_patient=st.booleans(),
    hidden=st.booleans(),
    agreement=options(said.AGREEMENTS),
    blocked=st.booleans(),
    treating=st.booleans(),
    administrator=st.booleans(),
    tied=st.booleans(),
    mode=options(said.MODES),
    reason=st.text(max_size=9),
    samu_off=st.booleans(),
    masked_in_emergency=st.booleans(),
    age=st.integers(0, 120),
    account=options(said.ACCOUNTS),
    qualified=st.booleans(),
    switches=st.fixed_dictionaries(
        {},
        optional={
            name: options(values).map(lambda one: said.VALUES.get(one, one))
            for name, values in said.SWITCHES.items()
        },
    ),
)


@given(CASES)
def test_whatever_is_ticked_is_a_scenario(case: Case) -> None:
    parse(orjson.dumps(scenario_of(case)))


@given(st.integers(0, 120), st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)))  # noqa: DTZ001
def test_somebody_has_the_age_that_was_said(age: int, at: datetime) -> None:
    now = at.replace(tzinfo=UTC)
    birth = born(age, now)
    assert (birth.year + age, birth.month) == (now.year, birth.month) or now.day >= 28
    assert now.year - birth.year in (age, age - 1)


def test_an_explanation_says_the_source_and_the_status_of_each_cell() -> None:
    found = explain(orjson.dumps(scenario_of(DOCTOR)), GRID)
    assert (found.decision.rule, found.source) == ("P11", "A1 C1")
    (column,) = found.columns
    assert (column.code, column.name, len(column.cells)) == ("G15_10", "Médecin", 1)
    midwife = replace(DOCTOR, profession="G15_50")
    (column,) = explain(orjson.dumps(scenario_of(midwife)), GRID).columns
    assert [cell.status for cell in column.cells] == ["placeholder"]


def test_two_columns_are_both_explained_and_a_broken_line_says_why() -> None:
    social = replace(DOCTOR, activity="GENR08")
    found = explain(orjson.dumps(scenario_of(social)), GRID)
    assert [one.code for one in found.columns] == ["GENR08", "G15_10"]
    broken = explain(b"{", GRID)
    assert (broken.decision.rule, broken.columns) == ("X00", ())
    assert broken.unreadable
