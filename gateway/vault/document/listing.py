"""The list of documents as values: filters from an address, rows from cards, pages of 25."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar
from urllib.parse import urlencode

from multidict import MultiMapping

from gateway.flows.reading.listing import Filters, Listing, Sort, is_masked, is_paper
from gateway.mapping.labels import LABEL_TEXTS, display_of
from gateway.mapping.labels.own import PAPERS_SHELF, PAPERS_TEXT
from gateway.records.documents.document import Label
from gateway.records.documents.shelved import Card, DocumentStatus
from gateway.records.numbers import whole
from gateway.vault import words
from gateway.vault.days import period_of

T = TypeVar("T")
ROWS_A_PAGE = 25
MAX_SEARCH_CHARACTERS = 200
MAX_PAGE = 10_000
OWN = {"moi": True, "professionnel": False}
MASKED = {"masques": True, "visibles": False}
ARCHIVED = "archives"
SORTS = {"date": Sort.DATE, "titre": Sort.TITLE, "auteur": Sort.AUTHOR, "libelle": Sort.LABEL}
SORT_OPTIONS = (
    ("date", "Date de l'acte"),
    ("titre", "Titre"),
    ("auteur", "Auteur"),
    ("libelle", "Libellé"),
)
SORT_WORDS = {
    Sort.DATE: "du plus récent au plus ancien",
    Sort.TITLE: "par titre",
    Sort.AUTHOR: "par auteur",
    Sort.LABEL: "par libellé",
}
ME, BESIDE_ME = "Moi", "Le titulaire ou un proche"
"""Who brought what no professional did: in the own space, and in another's."""
CHOICES = (
    (
        "ajoute_par",
        "Ajouté par",
        (("", "Tous"), ("moi", ME), ("professionnel", "Un professionnel")),
    ),
    (
        "visibilite",
        "Visibilité",
        (("", "Tous"), ("visibles", "Visibles"), ("masques", "Masqués"), (ARCHIVED, "Archivés")),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the form of `/documents` asks for; `errors` are words by field name, `typed` the dates
    as they came."""

    filters: Filters
    page: int
    errors: dict[str, str]
    typed: Mapping[str, str]

    @property
    def active(self) -> bool:
        """Whether anything is left out of the list."""
        return self.filters != Filters(sort=self.filters.sort)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One document of the list; `masked` is None where it is not the reader's to know."""

    id: str
    title: str
    author: str
    act_date: str | None
    label: str
    state: str
    is_new: bool
    masked: bool | None
    deposited_at: datetime
    modified: bool = False
    archived: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelBox:
    code: str
    words: str
    count: int
    checked: bool


def asked_of(query: MultiMapping[str]) -> Asked:
    """Reads the address; an unknown value is no filter, a bad date is an error."""
    period = period_of(query)
    known = {str(label) for label in Label}
    asked = query.getall("libelle", [])
    labels = frozenset(Label(code) for code in asked if code in known)
    papers = PAPERS_SHELF in asked
    filters = Filters(
        words=query.get("q", "").strip()[:MAX_SEARCH_CHARACTERS],
        labels=labels,
        papers=papers if labels or papers else None,
        author=query.get("auteur", "").strip()[:MAX_SEARCH_CHARACTERS],
        since=period.since or None,
        until=period.until or None,
        own=OWN.get(query.get("ajoute_par", "")),
        masked=MASKED.get(query.get("visibilite", "")),
        unread=True if query.get("non_lus", "") == "oui" else None,
        archived=archived_of(query),
        sort=SORTS.get(query.get("tri", ""), Sort.DATE),
    )
    return Asked(filters=filters, page=page_number(query), errors=period.errors, typed=period.typed)


def archived_of(query: MultiMapping[str]) -> bool | None:
    """Left out unless they are asked for; words, and what is masked, are looked for among all."""
    if query.get("visibilite", "") == ARCHIVED:
        return True
    return None if query.get("q", "").strip() or MASKED.get(query.get("visibilite", "")) else False


def page_number(query: MultiMapping[str]) -> int:
    asked = whole(query.get("page", ""), most_digits=len(str(MAX_PAGE)))
    return max(1, min(asked or 1, MAX_PAGE))


def page_of(
    rows: Sequence[T], page: int, *, at_once: int = ROWS_A_PAGE
) -> tuple[Sequence[T], int, int]:
    """The rows of a page, the page really shown and the number of pages."""
    pages = max(1, -(-len(rows) // at_once))
    page = min(page, pages)
    return rows[(page - 1) * at_once : page * at_once], page, pages


def label_boxes(listing: Listing, asked: Asked) -> list[LabelBox]:
    """The eight labels in their order, counted over what this reader may see."""
    return [
        LabelBox(
            code=label,
            words=text,
            count=listing.labels.get(label, 0),
            checked=label in asked.filters.labels,
        )
        for label, text in LABEL_TEXTS.items()
    ]


def holders_boxes(listing: Listing, asked: Asked) -> list[LabelBox]:
    """The same, and behind them the shelf of administrative papers, which count there alone."""
    boxes = [
        replace(one, count=one.count - listing.papers) if one.code == Label.AUTR_DOC else one
        for one in label_boxes(listing, asked)
    ]
    shelf = LabelBox(
        code=PAPERS_SHELF,
        words=PAPERS_TEXT,
        count=listing.papers,
        checked=asked.filters.papers is True,
    )
    return [*boxes, shelf]


def row_of(card: Card, *, for_patient: bool = True) -> Row:
    """A professional is told neither what the patient masked nor what he has not read."""
    masked = is_masked(card)
    return Row(
        id=card.id,
        title=card.title or words.UNTITLED,
        author=card.author or card.organization_name,
        act_date=card.act_date,
        label=PAPERS_TEXT if for_patient and is_paper(card) else LABEL_TEXTS[card.shown_label],
        state="masked" if for_patient and masked else str(card.status),
        is_new=for_patient and not card.read and card.status is DocumentStatus.CURRENT,
        masked=masked if for_patient else None,
        deposited_at=card.deposited_at,
        modified=for_patient and card.modified,
        archived=card.archived_at is not None,
    )


def sentence(total: int, asked: Asked, *, me: str = ME) -> str:
    """« 4 documents : Comptes rendus, depuis le 1 janvier 2026 »."""
    one = asked.filters
    parts = [text for label, text in LABEL_TEXTS.items() if label in one.labels]
    parts += [PAPERS_TEXT] if one.papers else []
    parts += [f"« {one.words} »"] if one.words else []
    parts += [display_of(one.type_code) or one.type_code] if one.type_code else []
    parts += [f"auteur « {one.author} »"] if one.author else []
    parts += [f"depuis le {words.day(one.since)}"] if one.since else []
    parts += [f"jusqu'au {words.day(one.until)}"] if one.until else []
    s = "s" if total != 1 else ""
    if one.own is not None:
        parts.append(f"ajouté{s} par {me[0].lower() + me[1:] if one.own else 'un professionnel'}")
    if one.masked is not None:
        parts.append(f"{'masqué' if one.masked else 'visible'}{s}")
    parts += [f"archivé{s}"] if one.archived else []
    parts += [f"non lu{s}"] if one.unread else []
    count = words.plural(total, "document", "documents")
    return f"{count} : {', '.join(parts)}" if parts else f"{count}, {SORT_WORDS[one.sort]}"


def page_address(path: str, asked: Asked, page: int) -> str:
    """The same list, another page."""
    one = asked.filters
    pairs = [("libelle", str(label)) for label in Label if label in one.labels]
    pairs += [
        ("libelle", PAPERS_SHELF if one.papers else ""),
        ("type", one.type_code),
        ("auteur", one.author),
        ("du", one.since or ""),
        ("au", one.until or ""),
        ("ajoute_par", _name_of(OWN, one.own)),
        ("visibilite", _visibility(one)),
        ("non_lus", "oui" if one.unread else ""),
        ("q", one.words),
        ("tri", sort_name(one.sort)),
        ("page", str(page) if page > 1 else ""),
    ]
    kept = [(name, value) for name, value in pairs if value and (name, value) != ("tri", "date")]
    return path + (f"?{urlencode(kept)}" if kept else "")


def sort_name(sort: Sort) -> str:
    """The value of the field `tri`."""
    return next(name for name, one in SORTS.items() if one is sort)


def _name_of(names: dict[str, bool], value: bool | None) -> str:  # noqa: FBT001 — None is "all"
    return next((name for name, meaning in names.items() if meaning is value), "")


def _visibility(filters: Filters) -> str:
    return ARCHIVED if filters.archived else _name_of(MASKED, filters.masked)


def choices_of(asked: Asked, *, me: str = ME) -> list[dict[str, object]]:
    """The radio buttons and which one is chosen."""
    chosen = {
        "ajoute_par": _name_of(OWN, asked.filters.own),
        "visibilite": _visibility(asked.filters),
    }
    return [
        {
            "name": name,
            "words": text,
            "options": [(value, me if said is ME else said) for value, said in options],
            "chosen": chosen[name],
        }
        for name, text, options in CHOICES
    ]


def unread_of(listing: Listing) -> int:
    return sum(not card.read for card in listing.cards)
