"""What a clue to a label is, what it weighs, and how the tables of rules are read.

Each clue names the rule that gave it, never the words themselves. All rules are data
(`gateway/mapping/tables/*_rules.csv`); every text is cut at a named limit before it is looked at.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from gateway.mapping.identity import in_capitals
from gateway.mapping.tables import rows
from gateway.records.documents.document import Author, Label

MAX_TITLE_CHARACTERS = 500
MAX_SECTIONS = 40
MAX_NARRATIVE_CHARACTERS = 400

HINT, LOW, MEDIUM, HIGH = 0, 1, 2, 3
WEIGHTS = {"hint": HINT, "low": LOW, "medium": MEDIUM, "high": HIGH}
"""A hint (« Compte rendu », class 10) is believed only where nothing else speaks."""


class Clue(NamedTuple):
    """`rule` is "<where it was found>:<name of the rule>"; `weight` is HINT, LOW, MEDIUM or HIGH.

    `allows` are the labels that it does not speak against, though it names another.
    """

    label: Label
    weight: int
    rule: str
    allows: frozenset[Label] = frozenset()


class Signs(NamedTuple):
    """What a document says beside its codes and its title.

    `sections` are the code and the title of each, `words` how its text begins, `results` how
    many discrete results it holds.
    """

    sections: tuple[tuple[str | None, str | None], ...] = ()
    words: str = ""
    results: int = 0


class Origin(NamedTuple):
    """What else comes with a document: its formatCode and its authors, the first one first."""

    format_code: str | None = None
    authors: tuple[Author, ...] = ()


NO_ORIGIN = Origin()
NO_SIGNS = Signs()
Gather = Callable[[], Signs]
"""Asked only where codes and title do not settle it: most documents are never looked into."""


def no_signs() -> Signs:
    return NO_SIGNS


class Rule(NamedTuple):
    """One row of a table of rules; `paper` where its words name the paper, not what it is about."""

    name: str
    label: Label
    weight: int
    pattern: re.Pattern[str] | None
    codes: frozenset[str]
    paper: bool


def rules(table: str) -> tuple[Rule, ...]:
    return tuple(
        Rule(
            row["rule"],
            Label(row["label"]),
            WEIGHTS[row["confidence"]],
            re.compile(row["pattern"]) if row["pattern"] else None,
            frozenset((row.get("code") or "").split()),
            row.get("names") == "paper",
        )
        for row in rows(table)
    )


def first_rule(table: tuple[Rule, ...], words: str) -> Rule | None:
    if not words:
        return None
    return next((rule for rule in table if rule.pattern and rule.pattern.search(words)), None)


_SIGNS = re.compile(r"[\W_]+")


def plain(text: str) -> str:
    """Capitals without accents nor signs, words divided by single blanks."""
    return _SIGNS.sub(" ", in_capitals(text)).strip()
