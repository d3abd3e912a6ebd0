"""The documents of a record as a professional's list: by label, filtered, 25 a page (PAGES 6)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from multidict import MultiMapping

from gateway.access.time import one_month_after
from gateway.flows.reading.decided.facts import document_facts
from gateway.flows.reading.decided.gate import Gate
from gateway.flows.reading.listing import Listing, Sort
from gateway.mapping.labels import LABEL_TEXTS, display_of
from gateway.records.documents.document import Label
from gateway.records.documents.shelved import Card
from gateway.records.readers.access import AccessAction
from gateway.vault.document.listing import Asked, Row, asked_of, row_of

MAX_TYPE_CHARACTERS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class ProRow:
    """`opens_at` is when an own document that waits for its announcement opens by itself."""

    row: Row
    kind: str
    opens_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShelfOf:
    """One label and its rows on this page; `count` is of the whole list."""

    words: str
    count: int
    rows: list[ProRow]


def asked_here(query: MultiMapping[str]) -> Asked:
    """What is the patient's own (masked, read, by whom) is no filter of a professional's."""
    asked = asked_of(query)
    filters = replace(
        asked.filters,
        own=None,
        papers=None,
        masked=None,
        unread=None,
        type_code=query.get("type", "").strip()[:MAX_TYPE_CHARACTERS],
        sort=Sort.LABEL,
    )
    return replace(asked, filters=filters)


def shelves_of(gate: Gate, listing: Listing, cards: Sequence[Card]) -> list[ShelfOf]:
    """Only labels that hold something this reader may see."""
    return [
        ShelfOf(
            words=LABEL_TEXTS[label],
            count=listing.labels[label],
            rows=[_row(gate, card) for card in cards if card.label is label],
        )
        for label in Label
        if any(card.label is label for card in cards)
    ]


def _row(gate: Gate, card: Card) -> ProRow:
    waits = gate.may(AccessAction.ANNOUNCE, document_facts(card)).permitted
    since = card.hidden_from or card.deposited_at
    return ProRow(
        row=row_of(card, for_patient=False),
        kind=kind_of(card.type_code),
        opens_at=one_month_after(since) if waits else None,
    )


def kind_of(type_code: str | None) -> str:
    return display_of(type_code) or type_code or "Type inconnu"


def types_in(listing: Listing) -> list[tuple[str, str]]:
    """Types of what may be seen, each with its count, by name."""
    named = ((code, kind_of(code), count) for code, count in listing.types.items() if code)
    found = [(code, f"{name} ({count})") for code, name, count in named]
    return sorted(found, key=lambda one: one[1])
