"""The documents that lines of the access log name: their titles, and those that are deleted."""

from collections.abc import Iterable
from dataclasses import dataclass

from gateway.ports.documents.shelf import Shelf
from gateway.records.documents.shelved import Card, DocumentStatus
from gateway.records.patients.patient import PatientKey
from gateway.vault import words
from gateway.vault.patient.history import Line

FEW = 5
"""So many documents are asked for by name, more are picked out of the record's list."""


@dataclass(frozen=True, slots=True)
class Named:
    """What a line says of its document; one that is `gone` has no page to go to."""

    title: str
    gone: bool

    def __str__(self) -> str:
        return f"{self.title} (supprimé)" if self.gone else self.title


async def documents_of(
    shelf: Shelf, patient: PatientKey, lines: Iterable[Line]
) -> dict[str, Named]:
    """By id: lines of documents hidden from this reader are not there."""
    wanted = {line.document for line in lines if line.document}
    cards = await _cards(shelf, patient, wanted)
    return {card.id: named(card) for card in cards if card.id in wanted}


def named(card: Card) -> Named:
    return Named(card.title or words.UNTITLED, card.status is DocumentStatus.WITHDRAWN)


async def _cards(shelf: Shelf, patient: PatientKey, wanted: set[str]) -> list[Card]:
    if len(wanted) > FEW:
        return await shelf.cards(patient, current_only=False)
    return [one.card for one in (await shelf.find_each(sorted(wanted))).values()]
