"""Search: the cards of a record that a reader's words may mean, before any decision on them."""

from msgspec import structs

from gateway.flows.reading.explain import HOLDERS
from gateway.flows.reading.listing import Filters, fold_words, named_by
from gateway.ports.documents.shelf import Shelf
from gateway.records.documents.shelved import Card
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Reader


def as_seen(card: Card, reader: Reader) -> Card:
    """The patient's own label is for the holder's side alone (VAULT DOC-01)."""
    if card.own_label is None or reader.kind in HOLDERS:
        return card
    return structs.replace(card, own_label=None)


async def candidates(
    shelf: Shelf, reader: Reader, patient: PatientKey, filters: Filters
) -> list[Card]:
    """A word is in the document, or names the label that this reader sees (VAULT DOC-03)."""
    cards = await shelf.cards(patient)
    words = fold_words(filters.words)
    if not words:
        return cards
    found = await shelf.words(patient, words)
    by_label = {
        label: await shelf.words(patient, rest) if rest else None
        for label, rest in named_by(words).items()
    }

    def matches(card: Card) -> bool:
        inside = by_label.get(as_seen(card, reader).shown_label, found)
        return card.id in found or inside is None or card.id in inside

    return [card for card in cards if matches(card)]
