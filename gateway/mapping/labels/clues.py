"""What the words of a document hint at: its title, the name of its code, its sections, its text.

Each clue names the rule that gave it, never the words themselves. All rules are data
(`gateway/mapping/tables/*_rules.csv`); every text is cut at a named limit before it is looked at.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from gateway.mapping.identity import fold
from gateway.mapping.labels.spelling import respelt
from gateway.mapping.tables import rows
from gateway.records.document import Label

max_title_characters = 500
max_sections = 40
max_narrative_characters = 400
max_first_words_characters = 80
max_openings = 6
max_remembered_titles = 2_048

LOW, MEDIUM, HIGH = 1, 2, 3
WEIGHTS = {"low": LOW, "medium": MEDIUM, "high": HIGH}


class Clue(NamedTuple):
    """`rule` is "<where it was found>:<name of the rule>"; `weight` is LOW, MEDIUM or HIGH."""

    label: Label
    weight: int
    rule: str


class Signs(NamedTuple):
    """What a document says beside its codes and its title.

    `sections` are the code and the title of each, `words` how its text begins, `results` how
    many discrete results it holds.
    """

    sections: tuple[tuple[str | None, str | None], ...] = ()
    words: str = ""
    results: int = 0


NO_SIGNS = Signs()
Gather = Callable[[], Signs]
"""Asked only where codes and title do not settle it: most documents are never looked into."""


def no_signs() -> Signs:
    return NO_SIGNS


class _Rule(NamedTuple):
    name: str
    label: Label
    weight: int
    pattern: re.Pattern[str] | None
    codes: frozenset[str]


def _rules(table: str) -> tuple[_Rule, ...]:
    return tuple(
        _Rule(
            row["rule"],
            Label(row["label"]),
            WEIGHTS[row["confidence"]],
            re.compile(row["pattern"]) if row["pattern"] else None,
            frozenset((row.get("code") or "").split()),
        )
        for row in rows(table)
    )


_TITLES = _rules("title_rules")
_SECTIONS = _rules("section_rules")
_NARRATIVES = _rules("narrative_rules")
_CODES = _rules("code_rules")
_OPENINGS = tuple(re.compile(row["pattern"]) for row in rows("title_openings"))
_SIGNS = re.compile(r"[\W_]+")
_DIGITS_AT_END = re.compile(r"[\d ]+$")
_FILE_NAME = re.compile(r"\.(?:pdf|xml|jpe?g|png|tiff?|rtf|txt|docx?|zip)\s*$", re.IGNORECASE)


def plain(text: str) -> str:
    """Capitals without accents nor signs, words divided by single blanks."""
    return _SIGNS.sub(" ", fold(text)).strip()


@lru_cache(maxsize=max_remembered_titles)
def title_clue(title: str) -> Clue | None:
    """The first rule of title_rules.csv that matches: on what the title is about, then on all.

    A title that none of them reads is read again with its misspellings mended, one weight less.
    """
    whole = plain(_FILE_NAME.sub("", title[:max_title_characters]))
    if found := _by_title(whole):
        return found
    mended = respelt(whole)
    guess = _by_title(mended) if mended != whole else None
    return guess._replace(weight=max(LOW, guess.weight - 1)) if guess else None


def _by_title(words: str) -> Clue | None:
    return _first(_TITLES, _about(words), "title") or _first(_TITLES, words, "title")


def name_clue(display: str) -> Clue | None:
    """The name that a sender gives to its own code, read like a title."""
    clue = title_clue(display)
    return clue._replace(rule=clue.rule.replace("title:", "display:")) if clue else None


def code_clue(code: str) -> Clue | None:
    """What a code of the sender's own abbreviates."""
    folded = _DIGITS_AT_END.sub("", plain(code[:max_title_characters]))
    return _first(_CODES, folded, "code") if folded else None


def section_clues(sections: Iterable[tuple[str | None, str | None]]) -> list[Clue]:
    """One clue a label: the weights of its sections together, HIGH at most."""
    found: dict[Label, Clue] = {}
    for rule in _section_rules(sections):
        former = found.get(rule.label)
        weight = min(HIGH, rule.weight + (former.weight if former else 0))
        name = former.rule if former else f"section:{rule.name}"
        found[rule.label] = Clue(rule.label, weight, name)
    return list(found.values())


def _section_rules(sections: Iterable[tuple[str | None, str | None]]) -> Iterator[_Rule]:
    for (code, title), _ in zip(sections, range(max_sections), strict=False):
        words = plain(title[:max_title_characters]) if title else ""
        for rule in _SECTIONS:
            if code in rule.codes or (rule.pattern and words and rule.pattern.search(words)):
                yield rule
                break


def narrative_clues(words: str) -> list[Clue]:
    """How the text begins, and what its first words would say as a title (one weight less)."""
    text = plain(words[:max_narrative_characters])
    found = {
        rule.label: Clue(rule.label, rule.weight, f"text:{rule.name}")
        for rule in reversed(_NARRATIVES)
        if rule.pattern and rule.pattern.search(text)
    }
    first = _first(_TITLES, _about(text[:max_first_words_characters]), "text")
    if first and first.weight > LOW:
        known = found.get(first.label)
        if known is None or known.weight < first.weight - 1:
            found[first.label] = first._replace(weight=first.weight - 1)
    return list(found.values())


def _about(words: str) -> str:
    """A title without its openings."""
    for _ in range(max_openings):
        shorter = words
        for opening in _OPENINGS:
            shorter = opening.sub("", shorter, count=1).strip()
        if shorter == words:
            break
        words = shorter
    return words


def _first(table: tuple[_Rule, ...], words: str, where: str) -> Clue | None:
    if not words:
        return None
    for rule in table:
        if rule.pattern and rule.pattern.search(words):
            return Clue(rule.label, rule.weight, f"{where}:{rule.name}")
    return None
