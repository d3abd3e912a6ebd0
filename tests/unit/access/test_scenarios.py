"""The scenario format is read strictly, and the published scenarios get their answers."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from question_builder import GRID, Json, document, professional, rule_of, scenario

from gateway.access.decide import DECISIONS, MALFORMED
from gateway.access.grid import shipped_grid
from gateway.access.lines.scenario import MAX_LINE_BYTES, decide_line

PUBLISHED = Path(__file__).resolve().parents[4] / "shared" / "access" / "scenarios.jsonl"
PATIENT: Json = {"kind": "patient", "id": "p"}


@pytest.mark.skipif(not PUBLISHED.exists(), reason="the published scenarios are not here")
def test_the_published_scenarios_get_their_answers() -> None:
    grid, wrong = shipped_grid(), []
    for line in PUBLISHED.read_bytes().splitlines():
        expected = json.loads(line)
        decision = decide_line(line, grid)
        if {"permitted": decision.permitted, "rule": decision.rule} != expected["expect"]:
            wrong.append((expected["id"], expected["title"], decision.rule))
    assert wrong == []


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b" ",
        b"{",
        b"null",
        b"[]",
        b"7",
        b'"open"',
        b"\xff{}",
        b"{}{}",
        b'{"now": NaN}',
        b"[" * 100_000,
        b" " * (MAX_LINE_BYTES + 1),
    ],
)
def test_a_line_that_is_no_object_is_x00(line: bytes) -> None:
    assert decide_line(line, GRID) == MALFORMED


BASE = scenario("open", PATIENT)


@pytest.mark.parametrize(
    "changes",
    [
        {"now": None},
        {"now": "2026-03-15"},
        {"now": "2026-03-15T24:00:00Z"},
        {"now": "2026-03-15T10:00:60Z"},
        {"now": "2026-03-15T10:00:00+00:00"},
        {"now": "2026-03-15 10:00:00Z"},
        {"now": "2026-W03-1T10:00:00Z"},
        {"now": "0000-01-01T00:00:00Z"},
        {"now": "٢026-03-15T10:00:00Z"},
        {"action": "read"},
        {"action": None},
        {"reader": None},
        {"reader": {"kind": "patient", "name": "x"}},
        {"reader": {"kind": "patient", "id": 7}},
        {"reader": {"kind": "patient", "authenticated": 1}},
        {"reader": {"kind": "patient", "scopes": [None]}},
        {"document": []},
        {"document": {}},
        {"document": {"type": ""}},
        {"document": {"type": None}},
        {"document": document(codes=[])},
        {"document": document(codes=["X"])},
        {"document": document(codes="N")},
        {"document": document(status="archived")},
        {"document": document(by_patient=None)},
        {"document": document(title="x")},
        {"document": document(hides=[{"to": "professional"}])},
        {"document": {"type": "x", "codes": ["INVISIBLE_PATIENT"]}},
        {"record": None},
        {"record": {"birth_date": "2026-02-29"}},
        {"record": {"birth_date": None}},
        {"record": {"birth_date": "20260228"}},
        {"record": {"identity": "unknown"}},
        {"record": {"consents": {}}},
        {"record": {"consents": [{"id": "x"}]}},
        {"record": {"consents": [{"to": "team", "id": "x", "kind": None}]}},
        {"record": {"blocks": [{"id": None}]}},
        {"record": {"blocks": [{"id": "x", "since": None}]}},
        {"record": {"representatives": [{"id": "x"}]}},
        {"record": {"applications": [{"id": "x", "scopes": None}]}},
        {"record": {"treating": {}}},
        {"record": {"emergency": None}},
        {"record": {"emergency": {"all": True}}},
        {"circumstances": None},
        {"circumstances": {"mode": "urgent"}},
        {"circumstances": {"mode": None}},
        {"circumstances": {"flags": {"MASQUE_PS": "Y"}}},
        {"circumstances": {"flags": {"MASK": True}}},
        {"circumstances": {"notice": "all"}},
        {"settings": {"administrators": None}},
        {"settings": {"minor_account_age": "16"}},
        {"settings": {"minor_account_age": 15.0}},
        {"settings": {"administrators": [{"from": None, "value": True}]}},
        {"settings": {"administrators": [{"from": "2026-01-01T00:00:00Z"}]}},
        {"settings": {"administrators": [True]}},
        {"grid": None},
        {"grid": {}},
        {"grid": [[]]},
        {"grid": [{"profession_code": "x", "type_code": "y"}]},
        {"grid": [{"profession_code": "x", "type_code": "y", "consultation": True}]},
        {"grid": [{"profession_code": 1, "type_code": "y", "consultation": "Y"}]},
        {"unknown": None},
    ],
)
def test_a_scenario_outside_the_format_is_x00(changes: Json) -> None:
    assert rule_of({**BASE, **changes}) == "X00"


@pytest.mark.parametrize("key", ["now", "action", "reader"])
def test_a_required_key_that_is_missing_is_x00(key: str) -> None:
    assert rule_of({name: value for name, value in BASE.items() if name != key}) == "X00"


@pytest.mark.parametrize(
    ("action", "circumstances", "rule"),
    [
        ("open", {}, "X00"),
        ("export", {}, "X00"),
        ("notify", {"notice": "access"}, "P40"),
        ("notify", {"notice": "emergency_access"}, "P40"),
        ("notify", {"notice": "new_document"}, "X00"),
        ("notify", {"notice": "waiting"}, "X00"),
        ("notify", {}, "X00"),
        ("trace", {}, "P52"),
        ("manage", {"manage": "masking"}, "P60"),
        ("manage", {}, "X00"),
        ("sync", {}, "D00"),
    ],
)
def test_only_some_questions_need_no_document(action: str, circumstances: Json, rule: str) -> None:
    assert rule_of(scenario(action, PATIENT, document=None, circumstances=circumstances)) == rule


def test_titles_and_expectations_are_not_looked_at() -> None:
    ignored: Json = {
        "id": 1,
        "title": None,
        "covers": "x",
        "expect": [],
        "record": {},
        "settings": {},
    }
    assert rule_of({**BASE, **ignored}) == "P01"


def test_a_dated_switch_takes_the_latest_entry_and_before_it_the_value_before() -> None:
    doctor = professional(activity="GENR08")
    record = {"consents": [{"to": "professional", "id": doctor["id"]}]}

    def at(now: str) -> str:
        dated = [
            {"from": "2026-03-01T00:00:00Z", "value": "suspended"},
            {"from": "2026-02-01T00:00:00Z", "value": "in_force"},
        ]
        settings = {"social_columns": dated}
        return rule_of({**scenario("open", doctor, record=record, settings=settings), "now": now})

    assert at("2026-01-31T23:59:59Z") == "F53"
    assert at("2026-02-01T00:00:00Z") == "P11"
    assert at("2026-03-01T00:00:00Z") == "F53"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
parts = st.sampled_from(["now", "action", "reader", "document", "record", "circumstances", "grid"])
KNOWN = {"X00", *DECISIONS}


@given(st.binary(max_size=200))
@settings(deadline=None)
def test_any_bytes_get_an_answer(line: bytes) -> None:
    assert decide_line(line, GRID).rule in KNOWN


@given(st.dictionaries(parts, json_values, max_size=3))
@settings(deadline=None)
def test_any_change_of_a_scenario_gets_an_answer_that_names_its_rule(changes: Json) -> None:
    decision = decide_line(json.dumps({**BASE, **changes}).encode(), GRID)
    assert decision.rule in KNOWN
    assert decision.permitted is decision.rule.startswith("P")
