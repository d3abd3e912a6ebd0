"""What a title, the name of a code, or a code of the sender's own hints at.

The words that name the paper (« ordonnance », « courrier ») stand before those that say what it is
about (« IRM »), wherever a part of the title begins with them.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from gateway.mapping.labels.clues import (
    HIGH,
    LOW,
    MAX_TITLE_CHARACTERS,
    Clue,
    Rule,
    first_rule,
    plain,
    rules,
)
from gateway.mapping.labels.spelling import respelt
from gateway.mapping.tables import rows
from gateway.records.documents.document import Label

MAX_OPENINGS = 6
MAX_PARTS = 8
MAX_REMEMBERED_TITLES = 2_048

_TITLES = rules("title_rules")
_PAPERS = tuple(rule for rule in _TITLES if rule.paper)
_MATTERS = tuple(rule for rule in _TITLES if not rule.paper and rule.weight == HIGH)
_CODES = rules("code_rules")
_OPENINGS = tuple(re.compile(row["pattern"]) for row in rows("title_openings"))
_DIGITS_AT_END = re.compile(r"[\d ]+$")
_FILE_NAME = re.compile(r"\.(?:pdf|xml|jpe?g|png|tiff?|rtf|txt|docx?|zip)\s*$", re.IGNORECASE)
_PARTS = re.compile(r"\s[-–—]+\s|[:;()\[\]|/,.]\s*")
_GLUED = re.compile(r"(?<=[a-zà-ÿ]{3})(?=[A-Z])|(?<=[^\W\d_]{2})(?=\d{4})")


class _Read(NamedTuple):
    """The rule that a title matches, its clue, on which words, and what else it is about."""

    rule: Rule
    clue: Clue
    words: str
    matter: Rule | None = None


def title_clue(title: str) -> Clue | None:
    """The first rule of title_rules.csv that matches: on what the title is about, then on all.

    A title that none of them reads is read again with its misspellings mended, one weight less.
    """
    read = _read(title[:MAX_TITLE_CHARACTERS])
    return read.clue if read else None


def title_clues(title: str) -> tuple[Clue, ...]:
    """`title_clue` and, of little weight, what else in the title speaks for another label."""
    read = _read(title[:MAX_TITLE_CHARACTERS])
    if read is None:
        return ()
    rival = read.matter or _rival(read.rule, read.words)
    if rival is None:
        return (read.clue,)
    return read.clue, _clue(rival, "title")._replace(weight=min(LOW, rival.weight))


def name_clue(display: str) -> Clue | None:
    """The name that a sender gives to its own code, read like a title."""
    clue = title_clue(display)
    return clue._replace(rule=clue.rule.replace("title:", "display:")) if clue else None


def code_clue(code: str) -> Clue | None:
    """What a code of the sender's own abbreviates."""
    folded = _DIGITS_AT_END.sub("", plain(code[:MAX_TITLE_CHARACTERS]))
    found = first_rule(_CODES, folded)
    return _clue(found, "code") if found else None


def first_words_rule(words: str) -> Rule | None:
    """The rule that the beginning of a text, made `plain`, would match as a title."""
    return first_rule(_TITLES, _about(words))


@lru_cache(maxsize=MAX_REMEMBERED_TITLES)
def _read(title: str) -> _Read | None:
    spaced = _GLUED.sub(" ", _FILE_NAME.sub("", title))
    whole = plain(spaced)
    if found := _by_title(whole):
        return _paper_first(found, whole, spaced)
    mended = respelt(whole)
    guess = _by_title(mended) if mended != whole else None
    if guess is None:
        return None
    lighter = _clue(guess, "title")._replace(weight=max(LOW, guess.weight - 1))
    return _Read(guess, lighter, mended)


def _paper_first(found: Rule, whole: str, spaced: str) -> _Read:
    """A paper named later in the title is the paper: « Vaccin à acheter (ordonnance) »."""
    later = None if found.paper else _paper_of_a_part(spaced)
    if later is None or later.label is found.label:
        return _Read(found, _clue(found, "title"), whole)
    return _Read(later, _clue(later, "title"), whole, found)


@lru_cache(maxsize=MAX_REMEMBERED_TITLES)
def _rival(found: Rule, words: str) -> Rule | None:
    """The first word for another label. A paper has none, whatever it is about; nor has a
    screening in what it screens for."""
    if found.paper or found.label is Label.DEPISTAG:
        return None
    others = (rule for rule in _MATTERS if rule.label is not found.label)
    return next((one for one in others if one.pattern and one.pattern.search(words)), None)


def _paper_of_a_part(spaced: str) -> Rule | None:
    parts = _PARTS.split(spaced, MAX_PARTS)[1:]
    begun = (_begins(_about(plain(part))) for part in parts)
    return next((rule for rule in begun if rule), None)


def _begins(words: str) -> Rule | None:
    """Of a part only what it begins with tells that it names the paper."""
    return next((rule for rule in _PAPERS if rule.pattern and rule.pattern.match(words)), None)


def _by_title(words: str) -> Rule | None:
    return first_rule(_TITLES, _about(words)) or first_rule(_TITLES, words)


def _about(words: str) -> str:
    """A title without its openings."""
    for _ in range(MAX_OPENINGS):
        shorter = words
        for opening in _OPENINGS:
            shorter = opening.sub("", shorter, count=1).strip()
        if shorter == words:
            break
        words = shorter
    return words


def _clue(rule: Rule, where: str) -> Clue:
    return Clue(rule.label, rule.weight, f"{where}:{rule.name}")


def forget_titles() -> None:
    """For those who measure."""
    _read.cache_clear()
    _rival.cache_clear()
