"""Submission sets: what came in together, as far as this reader may see it (ITI-66).

A set is there for whoever sees one of its documents, and names those alone; it is looked for by
the steps of a list, whose decision and trace are its own.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from gateway.errors import DeniedError
from gateway.flows.reading.changes import with_changes
from gateway.flows.reading.decided.asking import NOBODY, NOT_THERE
from gateway.flows.reading.listing import EVERY
from gateway.flows.reading.read import ReadShelf
from gateway.records.documents.deposited import Deposited
from gateway.records.documents.shelved import Card
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenSet:
    """`cards` are never empty, in the order of the deposit, each with `changed.seen`."""

    deposited: Deposited
    cards: tuple[Card, ...]

    @property
    def id(self) -> str:
        return self.deposited.receipt

    @property
    def changed_at(self) -> datetime:
        """When what this reader sees of it last changed, by what is in it now."""
        seen = (card.changed.seen or card.deposited_at for card in self.cards)
        return max([self.deposited.at, *seen])


async def sets_of(read: ReadShelf, reader: Reader, patient: PatientKey) -> list[SeenSet]:
    """Newest first; raises DeniedError for no such record."""
    listing = await read.search(reader, patient, EVERY)
    found = await _seen(read, reader, listing.cards)
    return sorted(found, key=lambda one: (one.deposited.at, one.id), reverse=True)


async def set_of(read: ReadShelf, reader: Reader, receipt: str) -> SeenSet:
    """By the receipt. Raises DeniedError where this reader sees nothing of it."""
    deposits = await read.shelf.deposits([receipt])
    patient = deposits[0].patient if deposits else NOBODY
    listing = await read.list_documents(reader, patient, with_archived=True)
    for one in await _seen(read, reader, listing.cards, deposits):
        return one
    raise DeniedError(NOT_THERE)


async def _seen(
    read: ReadShelf,
    reader: Reader,
    cards: Sequence[Card],
    deposits: Sequence[Deposited] | None = None,
) -> list[SeenSet]:
    """A deposit of which only what had come before is seen is no set."""
    if not cards:
        return []
    own: defaultdict[str, list[Card]] = defaultdict(list)
    for card in await with_changes(read, reader, cards):
        own[card.receipt].append(card)
    if deposits is None:
        deposits = await read.shelf.deposits(list(own))
    by_id = {card.id: card for some in own.values() for card in some}
    return [
        SeenSet(deposited=one, cards=ordered(one, own[one.receipt], by_id))
        for one in deposits
        if one.receipt in own
    ]


def ordered(
    deposited: Deposited, own: Sequence[Card], by_id: Mapping[str, Card]
) -> tuple[Card, ...]:
    """Those of one deposit that are seen, as its answer named them."""
    named = {one: by_id[one] for one in deposited.documents if one in by_id}
    return tuple((named | {card.id: card for card in own}).values())
