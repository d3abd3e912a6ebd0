"""The emergency view in words: a few short lines a subject, each with its document (EMG-01)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from gateway.flows.reading.coded.urgent import Said, Urgent
from gateway.records.documents.fact import Fact
from gateway.records.documents.observation import Observation
from gateway.records.documents.relative import Relative
from gateway.records.documents.shelved import Card
from gateway.vault import words
from gateway.vault.document.coded import ABSENT
from gateway.vault.document.posology import posology

T = TypeVar("T")
AT_ONCE, PEOPLE_AT_ONCE = 3, 2
PEOPLE = frozenset({"Contacts d'urgence", "Personne de confiance"})
"""Lines of a subject that stand open, so that all stand on one screen; the rest is behind
« Tout voir »."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """`document` is "" where it was written into the profile."""

    text: str
    more: str
    document: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """`nothing` is what stands where no readable document says anything: never that there is
    nothing."""

    title: str
    items: list[Item]
    rest: list[Item]
    nothing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UrgentPage:
    """`left` documents more were not opened for it."""

    subjects: list[Subject]
    left: int


def urgent_page(view: Urgent) -> UrgentPage:
    """In the order of VAULT EMG-01."""
    return UrgentPage(subjects=_subjects(view), left=view.left)


def _subjects(view: Urgent) -> list[Subject]:
    return [
        _subject("Problèmes de santé en cours", view.problems, _problem, "Aucun problème codé."),
        _subject("Médicaments pris", view.medicines, _medicine, "Aucun médicament codé."),
        _subject("Allergies", view.allergies, _allergy, "Aucune allergie codée."),
        _subject("Groupe sanguin", view.blood, _blood, "Non trouvé."),
        _people("Contacts d'urgence", view.contacts, "Aucun contact trouvé."),
        _people("Personne de confiance", view.trusted, "Non trouvée."),
        _cards("Directives anticipées", view.directives, "Aucune directive accessible."),
        _cards("Derniers comptes rendus", view.reports, "Aucun compte rendu accessible."),
    ]


def _subject(
    title: str, found: Iterable[Said[T]], text: Callable[[T], tuple[str, str]], nothing: str
) -> Subject:
    items = [_item(*text(one.what), one.card) for one in found]
    return cut(title, items, nothing)


def _people(title: str, found: Iterable[Said[Relative]], nothing: str) -> Subject:
    items = [_item(*_relative(one.what), one.card) for one in found]
    return cut(title, items, nothing)


def _cards(title: str, cards: Iterable[Card], nothing: str) -> Subject:
    items = [_item(card.title or words.UNTITLED, "", card) for card in cards]
    return cut(title, items, nothing)


def cut(title: str, items: list[Item], nothing: str) -> Subject:
    at_once = PEOPLE_AT_ONCE if title in PEOPLE else AT_ONCE
    return Subject(title=title, items=items[:at_once], rest=items[at_once:], nothing=nothing)


def _item(text: str, more: str, card: Card) -> Item:
    date = words.day(card.act_date) if card.act_date else words.date_of(card.deposited_at)
    return Item(text=text, more=more, document=card.id, source=date)


def _problem(fact: Fact) -> tuple[str, str]:
    since = f"depuis {fact.start[:4]}" if fact.start else ""
    return _name(fact), ABSENT if fact.negated else since


def _medicine(fact: Fact) -> tuple[str, str]:
    return _name(fact), posology(fact)


def _allergy(fact: Fact) -> tuple[str, str]:
    reactions = ", ".join(one.text or one.code for one in fact.reactions)
    said = (reactions, f"gravité : {fact.severity.text}" if fact.severity.text else "")
    return _name(fact), ABSENT if fact.negated else ", ".join(part for part in said if part)


def _blood(one: Observation) -> tuple[str, str]:
    return one.value, one.text


def _relative(one: Relative) -> tuple[str, str]:
    more = " · ".join(part for part in (one.relation, *one.phones) if part)
    return one.name or one.relation, more


def _name(fact: Fact) -> str:
    return fact.what.text or fact.what.code
