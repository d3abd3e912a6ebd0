"""What a list or a search answers: permitted cards only, their order, filters and counts.

Pure: whoever calls this has asked `access.decide` for each card already (VAULT DOC-02, DOC-03).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from gateway.mapping.labels import LABEL_TEXTS
from gateway.mapping.labels.own import ADMINISTRATIVE
from gateway.records.days import iso_day, iso_day_of
from gateway.records.documents.document import Label
from gateway.records.documents.shelved import Card
from gateway.records.readers.access import Decision
from gateway.records.words import MAX_WORD_CHARACTERS, fold

MAX_WORDS = 10
MIN_NAME_CHARACTERS = 3
NAMES = {
    label: [word for word in fold(text).split() if len(word) >= MIN_NAME_CHARACTERS]
    for label, text in LABEL_TEXTS.items()
}


class Sort(StrEnum):
    DATE = "date"
    TITLE = "title"
    AUTHOR = "author"
    LABEL = "label"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What the reader asked for; `since` and `until` are inclusive ISO dates of the act,
    days of Paris.

    `own` is True for what the patient deposited, False for the rest, None for both; the same
    for `masked`, `unread` and `archived`: archived ones are in no default list (ACCESS section 8).
    `papers` has the patient's administrative papers on a shelf of their own (VAULT DOC-06): True
    shows it beside `labels`, False leaves them out of « Autres documents »; None counts them there.
    """

    words: str = ""
    labels: frozenset[Label] = frozenset()
    papers: bool | None = None
    author: str = ""
    since: str | None = None
    until: str | None = None
    own: bool | None = None
    masked: bool | None = None
    unread: bool | None = None
    archived: bool | None = False
    type_code: str = ""
    sort: Sort = Sort.DATE


NO_FILTER = Filters()
EVERY = Filters(archived=None)
"""Also what is archived: for who asks what there is, not for a list to look through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """`labels` counts the cards before the filter by label, so a face can show each count, and
    `types` (typeCode, "" for none) before the filter by type; `papers` are those of the former that
    stand on the shelf of administrative papers, where they are not counted under their label.

    `standing` says why the list is empty when this reader may read nothing at all.
    """

    cards: tuple[Card, ...]
    labels: Mapping[Label, int]
    types: Mapping[str, int]
    standing: Decision
    papers: int = 0


def fold_words(text: str) -> list[str]:
    """The first ten words, folded as the store keeps them."""
    return [word[:MAX_WORD_CHARACTERS] for word in fold(text).split()[:MAX_WORDS]]


def named_by(words: Sequence[str]) -> dict[Label, list[str]]:
    """The labels that words of a search begin to name, and the words left over for the document.

    Asked of all eight whatever the record holds, so that a hidden document costs no time.
    """
    left = {
        label: [one for one in words if not _begins(name, one)] for label, name in NAMES.items()
    }
    return {label: rest for label, rest in left.items() if len(rest) < len(words)}


def _begins(name: Sequence[str], word: str) -> bool:
    return any(one.startswith(word) for one in name)


def listing_of(cards: Iterable[Card], filters: Filters, standing: Decision) -> Listing:
    """Filters and sorts cards that may all be shown."""
    if filters in (NO_FILTER, EVERY):
        of_type = of_label = found = list(cards)
    else:
        found = [card for card in cards if _matches(card, filters)]
        of_type = [card for card in found if _of_type(card, filters)]
        of_label = [card for card in found if _of_label(card, filters)]
        found = [card for card in of_type if _of_label(card, filters)]
    labels = Counter([card.own_label or card.label for card in of_type])
    types = Counter([card.type_code or "" for card in of_label])
    found.sort(key=_date, reverse=True)
    if filters.sort is not Sort.DATE:
        found.sort(key=ORDERS[filters.sort])
    papers = sum(map(is_paper, of_type))
    return Listing(cards=tuple(found), labels=labels, types=types, standing=standing, papers=papers)


def _of_type(card: Card, filters: Filters) -> bool:
    return not filters.type_code or card.type_code == filters.type_code


def _of_label(card: Card, filters: Filters) -> bool:
    if filters.papers is not None and is_paper(card):
        return filters.papers or not filters.labels
    everything = not filters.labels and not filters.papers
    return everything or card.shown_label in filters.labels


def is_paper(card: Card) -> bool:
    """An administrative paper that its holder has not put under a label."""
    return card.type_code == ADMINISTRATIVE and card.own_label is None


def is_masked(card: Card) -> bool:
    return card.masked_by_patient or "MASQUE_PS" in card.codes


def _matches(card: Card, filters: Filters) -> bool:
    return (
        _agrees(filters.own, is_true=card.by_patient)
        and _agrees(filters.masked, is_true=is_masked(card))
        and _agrees(filters.unread, is_true=not card.read)
        and _in_period(card, filters)
        and (not filters.author or fold(filters.author) in fold(card.author))
    )


def is_asked(card: Card, filters: Filters) -> bool:
    """Of those that are not, nothing is decided: a list is not about them."""
    return _agrees(filters.archived, is_true=card.archived_at is not None)


def _agrees(wanted: bool | None, *, is_true: bool) -> bool:  # noqa: FBT001 — None is "both"
    return wanted is None or wanted is is_true


def _in_period(card: Card, filters: Filters) -> bool:
    if not (filters.since or filters.until):
        return True
    day = iso_day_of(_date(card))
    return (not filters.since or day >= filters.since) and (
        not filters.until or day <= filters.until
    )


def _date(card: Card) -> str:
    """The date of the act, or of the deposit where the document says none."""
    return card.act_date or iso_day(card.deposited_at)


RANK = {label: rank for rank, label in enumerate(Label)}
ORDERS: Mapping[Sort, Callable[[Card], tuple[int, str]]] = {
    Sort.TITLE: lambda card: (0, fold(card.title)),
    Sort.AUTHOR: lambda card: (0, fold(card.author)),
    Sort.LABEL: lambda card: (RANK[card.shown_label], ""),
}
