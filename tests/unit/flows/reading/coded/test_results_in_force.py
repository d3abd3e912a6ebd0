"""Results of one order as they stand: corrections, deletions, provisional rows, several groups."""

from typing import Any

import pytest

from gateway.flows.reading.coded.corrections import corrected_by, in_force, oldest_first, shown
from gateway.records.documents.observation import Observation

FIELDS = dict.fromkeys(Observation._fields, "") | {"time": None}


def row(code: str, value: str, status: str = "F", **more: Any) -> Observation:
    named = {"code": code, "value": value, "status": status, "group_id": "A1"}
    fields: dict[str, Any] = FIELDS | named | more
    return Observation(**fields)


def values(rows: list[Observation]) -> list[tuple[str, str, str]]:
    return [(one.code, one.value, one.status) for one in rows]


def test_a_corrected_row_replaces_its_own_and_the_others_stay() -> None:
    first = [row("718-7", "13.4"), row("2951-2", "134")]
    second = [row("2951-2", "136", "C")]
    assert values(in_force([first, second])) == [("718-7", "13.4", "F"), ("2951-2", "136", "C")]


@pytest.mark.parametrize(
    ("before", "after", "stands"),
    [("P", "F", "F"), ("F", "P", "F"), ("F", "C", "C"), ("C", "D", "D"), ("P", "X", "X"),
     ("I", "P", "P"), ("F", "W", "W"), ("C", "F", "F"), ("F", "I", "F")],
)  # fmt: skip
def test_the_later_status_stands_unless_it_is_less_final(
    before: str, after: str, stands: str
) -> None:
    made = in_force([[row("1", "a", before)], [row("1", "b", after)]])
    assert [one.status for one in made] == [stands]


@pytest.mark.parametrize("other", [{"group_id": "B2"}, {"sub_id": "2"}, {"code": "2"}])
def test_another_order_sub_id_or_analysis_is_another_row(other: dict[str, Any]) -> None:
    assert len(in_force([[row("1", "a")], [row("1", "b", "C")._replace(**other)]])) == 2


def test_rows_without_an_order_number_are_never_the_same() -> None:
    assert len(in_force([[row("1", "a", group_id="")], [row("1", "b", "C", group_id="")]])) == 2


def test_a_row_without_a_code_is_known_by_its_words() -> None:
    made = in_force([[row("", "a", text="Aspect")], [row("", "b", "C", text="Aspect")]])
    assert values(made) == [("", "b", "C")]


def test_the_same_analysis_twice_in_one_message_stays_twice() -> None:
    twice = [row("1", "a"), row("1", "b")]
    assert values(in_force([twice])) == [("1", "a", "F"), ("1", "b", "F")]
    assert values(in_force([twice, [row("1", "c", "C"), row("1", "d", "C")]])) == [
        ("1", "c", "C"),
        ("1", "d", "C"),
    ]


def test_new_rows_join_the_table_of_their_order() -> None:
    first = [row("1", "a"), row("9", "z", group_id="B2")]
    made = in_force([first, [row("2", "b")]])
    assert [(one.group_id, one.code) for one in made] == [("A1", "1"), ("A1", "2"), ("B2", "9")]


@pytest.mark.parametrize(
    ("first", "second", "stands"),
    [("2026-01-15T09:00:00Z", "2026-01-15T10:00:00Z", "late"),
     ("2026-01-15T10:00:00Z", "2026-01-15T09:00:00Z", "early"),
     ("", "2026-01-15T09:00:00Z", "late"),
     ("2026-01-15T09:00:00Z", "2026-01-15T09:00:00Z", "late")],
)  # fmt: skip
def test_a_message_that_comes_late_is_no_later_word(first: str, second: str, stands: str) -> None:
    versions = [(first, [row("1", "early", "C")]), (second, [row("1", "late")])]
    assert in_force(oldest_first(versions))[0].value == stands


def test_another_message_corrects_without_adding() -> None:
    own = [row("1", "a"), row("9", "z", group_id="B2")]
    later = [row("9", "y", "C", group_id="B2"), row("3", "new", group_id="B2")]
    assert values(corrected_by(own, later)) == [("1", "a", "F"), ("9", "y", "C")]


@pytest.mark.parametrize(("status", "value"), [("D", ""), ("W", ""), ("C", "5"), ("X", "5")])
def test_what_its_laboratory_took_back_has_no_value(status: str, value: str) -> None:
    taken = shown(row("1", "5", status, flag="H", note="n"))
    assert (taken.value, taken.flag == "") == (value, value == "")


def test_a_value_that_was_deleted_is_taken_back() -> None:
    assert values([shown(row("1", '""'))]) == [("1", "", "D")]
