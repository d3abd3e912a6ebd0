"""The labelled set of tests/data/labels: the figures of benchmarks/RESULTS.md do not get worse."""

import csv
from collections.abc import Callable
from importlib.resources import files

import pytest
from labelled_cases import PARTS, cases, doubts, score, without_type

from gateway.mapping import tables
from gateway.mapping.labels import label_of
from gateway.mapping.tables import rows
from gateway.records.documents.document import Label

RULES = ["title_rules", "section_rules", "narrative_rules", "code_rules", "author_rules"]
FLOORS = {
    "written_for_rules": 206,
    "held_out": 189,
    "first_sight": 158,
    "unseen": 124,
    "senders": 277,
    "last_check": 59,
}
BLIND = ("senders", "last_check")
"""Right labels without a type code, as benchmarks/RESULTS.md has them."""


@pytest.mark.parametrize("part", PARTS)
def test_no_part_of_the_set_is_labelled_worse_than_it_was(part: str) -> None:
    assert score(without_type(part)).right.total() >= FLOORS[part]


@pytest.mark.parametrize("part", BLIND)
def test_a_confident_label_of_an_unseen_document_is_seldom_wrong(part: str) -> None:
    found = score(without_type(part))
    assert found.accuracy_of("high") >= 0.97
    assert found.accuracy_of("low") < found.accuracy_of("high")


def test_a_wrong_code_is_doubted_and_a_right_one_left_alone() -> None:
    caught, wrong, false, right = doubts([case for part in PARTS for case in cases(part)])
    assert (caught, wrong) >= (24, 29)
    assert false <= 1
    assert right == 58


def test_the_whole_table_of_types_bears_its_own_label() -> None:
    for row in rows("types"):
        found = label_of(row["type_code"], None, None, type_system=row["type_system"])
        assert (found.label, found.rule) == (Label(row["label"]), f"type:{row['type_code']}")
        assert found.confidence == row["confidence"]


def test_no_name_of_the_table_speaks_against_its_own_type() -> None:
    for row in rows("types"):
        assert label_of(row["type_code"], None, row["display"]).doubt is None, row["type_code"]


@pytest.mark.parametrize(
    "table",
    [*RULES, "title_openings", "format_labels", "loinc_documents"],
)
def test_every_rule_has_its_columns_and_says_where_it_comes_from(table: str) -> None:
    text = files(tables).joinpath(f"{table}.csv").read_text("utf-8")
    assert text.startswith("# ")
    found = list(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))
    assert found
    for row in found:
        assert None not in row, row
        assert None not in row.values(), row


@pytest.mark.parametrize("table", RULES)
def test_a_rule_has_a_name_of_its_own(table: str) -> None:
    names = [row["rule"] for row in rows(table)]
    assert len(names) == len(set(names))


OTHERS: dict[str, Callable[[dict[str, str]], bool]] = {
    "loinc_documents": lambda row: (
        row["type_code"] not in {one["type_code"] for one in rows("types")}
    ),
    "label_neighbours": lambda row: row["one"] != row["other"],
}


def test_a_rule_on_titles_says_whether_its_words_name_the_paper() -> None:
    assert {row["names"] for row in rows("title_rules")} == {"paper", "matter"}


def test_the_codes_of_the_author_rules_are_those_of_the_value_set() -> None:
    known = {row["code"] for row in rows("author_specialties")}
    assert {code for row in rows("author_rules") for code in row["code"].split()} <= known


@pytest.mark.parametrize("table", OTHERS)
def test_the_small_tables_hold_together(table: str) -> None:
    assert all(OTHERS[table](row) for row in rows(table))
