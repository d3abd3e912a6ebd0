"""Every rule has its case, and the borders between rules hold."""

import pytest
from question_builder import OTHER, Json, consent, professional, rule_of, scenario
from rule_borders import BORDERS
from rule_cases import CASES, SYSTEM, mail

from gateway.access.decide import RULES


@pytest.mark.parametrize(("rule", "asked"), CASES, ids=[rule for rule, _ in CASES])
def test_the_first_rule_that_holds_is_the_answer(rule: str, asked: Json) -> None:
    assert rule_of(asked) == rule


def test_every_rule_of_the_tables_has_its_case() -> None:
    assert {rule for rule, _ in CASES} == {rule.id for rule in RULES}


def test_every_rule_tells_the_patient_something_in_french_and_has_a_source() -> None:
    for rule in RULES:
        assert rule.text.endswith(".")
        assert rule.source


@pytest.mark.parametrize(("rule", "asked"), BORDERS)
def test_the_borders_of_the_rules_hold(rule: str, asked: Json) -> None:
    assert rule_of(asked) == rule


def test_the_strict_mail_matrix_passes_its_three_rows_only() -> None:
    rows: list[dict[str, bool]] = [
        {"DESTMSSANTEPS": True, "DESTMSSANTEPAT": True},
        {"INVISIBLE_PATIENT": True, "DESTMSSANTEPS": True},
        {"DESTMSSANTEPAT": True},
    ]
    strict = {"strict_mail_matrix": True}
    for flags in rows:
        asked = scenario("mail", SYSTEM, circumstances=mail("sender", **flags), settings=strict)
        assert rule_of(asked) == "P30"
    both = mail("sender", DESTMSSANTEPS=True, DESTMSSANTEPAT=True, MASQUE_PS=True)
    assert rule_of(scenario("mail", SYSTEM, circumstances=both, settings=strict)) == "F62"


def test_nobody_is_known_by_another_ones_name() -> None:
    assert rule_of(scenario("open", professional(id=OTHER), record=consent())) == "F50"
