"""What the sections, the first words, the results and the author of a document hint at."""

from collections.abc import Iterable, Iterator
from itertools import islice

from gateway.mapping.labels.clues import (
    HIGH,
    LOW,
    MAX_NARRATIVE_CHARACTERS,
    MAX_SECTIONS,
    MAX_TITLE_CHARACTERS,
    MEDIUM,
    Clue,
    Rule,
    first_rule,
    plain,
    rules,
)
from gateway.mapping.labels.titles import first_words_rule
from gateway.records.documents.document import Author, Label

MAX_FIRST_WORDS_CHARACTERS = 80
many_results = 5

_SECTIONS = rules("section_rules")
_NARRATIVES = rules("narrative_rules")
_AUTHORS = rules("author_rules")


def section_clues(sections: Iterable[tuple[str | None, str | None]]) -> list[Clue]:
    """One clue a label: the weights of its sections together, HIGH at most.

    The sections of a laboratory's report are its chapters (IHE XD-LAB): a few among others say
    little.
    """
    found: dict[Label, Clue] = {}
    listed = list(islice(sections, MAX_SECTIONS))
    rules_met = list(_section_rules(listed))
    for rule in rules_met:
        former = found.get(rule.label)
        weight = min(HIGH, rule.weight + (former.weight if former else 0))
        name = former.rule if former else f"section:{rule.name}"
        found[rule.label] = Clue(rule.label, weight, name)
    chapters = sum(rule.label is Label.BIOLOGIE for rule in rules_met)
    if chapters and 2 * chapters < len(listed):
        found[Label.BIOLOGIE] = found[Label.BIOLOGIE]._replace(weight=LOW)
    return list(found.values())


def _section_rules(sections: Iterable[tuple[str | None, str | None]]) -> Iterator[Rule]:
    for code, title in sections:
        words = plain(title[:MAX_TITLE_CHARACTERS]) if title else ""
        for rule in _SECTIONS:
            if code in rule.codes or (rule.pattern and words and rule.pattern.search(words)):
                yield rule
                break


def narrative_clues(words: str) -> list[Clue]:
    """How the text begins, and what its first words would say as a title (one weight less)."""
    text = plain(words[:MAX_NARRATIVE_CHARACTERS])
    found = {
        rule.label: Clue(rule.label, rule.weight, f"text:{rule.name}")
        for rule in reversed(_NARRATIVES)
        if rule.pattern and rule.pattern.search(text)
    }
    first = first_words_rule(text[:MAX_FIRST_WORDS_CHARACTERS])
    if first and first.weight > LOW:
        known = found.get(first.label)
        if known is None or known.weight < first.weight - 1:
            found[first.label] = Clue(first.label, first.weight - 1, f"text:{first.name}")
    return list(found.values())


def result_clue(results: int) -> Clue | None:
    """Discrete results are a laboratory's, unless they are few (a pulse, a weight)."""
    if not results:
        return None
    return Clue(Label.BIOLOGIE, MEDIUM if results >= many_results else LOW, "results")


def author_clue(authors: tuple[Author, ...]) -> Clue | None:
    """What the first author who tells writes most: by specialty (JDV_J01), else by organization."""
    for author in authors[:1]:
        rule = _by_specialty(author.specialty) or _by_organization(author.organization_name)
        if rule:
            return Clue(rule.label, rule.weight, f"author:{rule.name}")
    return None


def _by_specialty(specialty: str | None) -> Rule | None:
    return next((rule for rule in _AUTHORS if specialty in rule.codes), None) if specialty else None


def _by_organization(name: str | None) -> Rule | None:
    return first_rule(_AUTHORS, plain(name[:MAX_TITLE_CHARACTERS])) if name else None
