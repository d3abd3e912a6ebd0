"""The labelled set of tests/data/labels, and how the gateway fares on it.

Shared by the tests that hold a floor and by the benchmark that prints the figures.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from gateway.mapping.labels import Labelled, label_of
from gateway.mapping.labels.clues import Origin, Signs
from gateway.records.documents.document import Author, Label

FOLDER = Path(__file__).parents[2] / "data" / "labels"
PARTS = ("written_for_rules", "held_out", "first_sight", "unseen", "senders", "last_check")
WITHOUT_TYPE = ("missing", "local")
SECTION = re.compile(r"(?:(\d+-\d) )?(.*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One line: what a sender would say of a document, and the label a person would give it."""

    expected: Label
    kind: str
    title: str | None
    type_code: str | None
    type_display: str | None
    class_code: str | None
    authors: tuple[Author, ...]
    signs: Signs

    def label(self) -> Labelled:
        return label_of(
            self.type_code,
            self.class_code,
            self.title,
            type_display=self.type_display,
            origin=Origin(authors=self.authors),
            gather=lambda: self.signs,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Counts of right answers and of answers, by what the gateway said of its confidence."""

    right: Counter[str]
    all: Counter[str]
    confusion: Counter[tuple[Label, Label]]

    @property
    def accuracy(self) -> float:
        return self.right.total() / self.all.total()

    def accuracy_of(self, *confidences: str) -> float:
        answers = sum(self.all[one] for one in confidences)
        return sum(self.right[one] for one in confidences) / answers if answers else 1.0


def cases(part: str) -> list[Case]:
    text = (FOLDER / f"{part}.csv").read_text("utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return [_case(row) for row in csv.DictReader(lines, delimiter="|", quoting=csv.QUOTE_NONE)]


def _case(row: dict[str, str]) -> Case:
    found = (SECTION.fullmatch(one) for one in row["sections"].split(" / ") if one)
    sections = tuple((one.group(1), one.group(2) or None) for one in found if one)
    author = row.get("author")
    return Case(
        expected=Label(row["expected"]),
        kind=row["kind"],
        title=row["title"] or row.get("file_name") or None,
        type_code=row["type_code"] or None,
        type_display=row["type_display"] or None,
        class_code=row["class_code"] or None,
        authors=(Author(kind="person", specialty=author),) if author else (),
        signs=Signs(sections=sections, words=row["words"], results=int(row["results"] or 0)),
    )


def score(those: Iterable[Case]) -> Score:
    """Of documents whose type is missing or the sender's own."""
    result = Score(right=Counter(), all=Counter(), confusion=Counter())
    for case in those:
        found = case.label()
        result.all[found.confidence] += 1
        result.right[found.confidence] += found.label is case.expected
        result.confusion[case.expected, found.label] += 1
    return result


def without_type(part: str) -> list[Case]:
    return [one for one in cases(part) if one.kind in WITHOUT_TYPE]


def doubts(those: Iterable[Case]) -> tuple[int, int, int, int]:
    """Wrong types doubted, wrong types, right types doubted all the same, right types."""
    counts: Counter[tuple[str, bool]] = Counter(
        (case.kind, case.label().doubt is not None) for case in those
    )
    caught, false = counts["wrong", True], counts["right", True]
    return caught, caught + counts["wrong", False], false, false + counts["right", False]
