"""When what one reader sees of a document last changed: `meta.lastUpdated` of FHIR.

Only what this reader sees moves it. A mask moves it for those who see through the mask and, when
it is over, for all; what was hidden from one reader moves it when that ends, for him alone; the
own label of a patient for the holders; an announcement for the patient's side. All of a record
appears to whom it is opened: an agreement, the end of a block, a parent, a caregiver, an
application (`flows.reading.let_in`). So who asks for what changed since his last question hears of
what appeared meanwhile.
"""

from collections.abc import Sequence
from datetime import datetime

from msgspec import structs

from gateway.access.time import one_month_after
from gateway.flows.reading.decided.asking import Asking
from gateway.flows.reading.decided.facts import document_facts
from gateway.flows.reading.decided.gate import Gate
from gateway.flows.reading.explain import HOLDERS
from gateway.flows.reading.let_in import ALWAYS, LetIn, let_in
from gateway.records.documents.shelved import Card
from gateway.records.readers.access import AccessAction, FactStatus, Hide, Reader, ReaderKind

WAITS, MASKED = "INVISIBLE_PATIENT", "MASQUE_PS"


async def with_changes(asking: Asking, reader: Reader, cards: Sequence[Card]) -> list[Card]:
    """Permitted cards of one record, each with `changed.seen`.

    Raises DeniedError where the record went away meanwhile.
    """
    now = asking.clock.now()
    shown_again: dict[str, datetime] = {}
    opened = ALWAYS
    if cards and reader.kind is not ReaderKind.PATIENT:
        gate = await asking.gate(reader, cards[0].patient)
        shown_again = await _shown_again(asking, gate, reader, cards, now)
        opened = let_in(gate.record, gate.reader, now)
    return [
        structs.replace(
            card,
            changed=card.changed._replace(seen=last_change(card, reader, now, shown_again, opened)),
        )
        for card in cards
    ]


def last_change(
    card: Card,
    reader: Reader,
    now: datetime,
    shown_again: dict[str, datetime],
    opened: LetIn = ALWAYS,
) -> datetime:
    """Never before the deposit, never in the future."""
    moments = [card.changed.at, shown_again.get(card.id), opened.record]
    if MASKED in card.codes:
        moments.append(opened.masked)
    if card.mask is not None:
        moments += [card.mask.since, card.mask.until]
    if reader.kind in HOLDERS:
        moments.append(card.changed.own_label)
    if reader.kind is not ReaderKind.PROFESSIONAL and WAITS in card.codes:
        moments.append(shown_from(card))
    past = (one for one in moments if one is not None and one <= now)
    return max([card.deposited_at, *past])


def shown_from(card: Card) -> datetime:
    """When the patient's side may see what waited: told of it, or after a month (RULES R53)."""
    month = one_month_after(card.hidden_from or card.deposited_at)
    return min(card.announced_at or month, month)


async def _shown_again(
    asking: Asking, gate: Gate, reader: Reader, cards: Sequence[Card], now: datetime
) -> dict[str, datetime]:
    """When something hidden from this professional ended, if it kept the document from him: one
    who saw through it (F63) must not hear of it afterwards."""
    if reader.kind is not ReaderKind.PROFESSIONAL:
        return {}
    targets = _targets(reader)
    ended = await asking.shelf.hides_ended(cards[0].patient, targets, by=now)
    shown = [card for card in cards if card.id in ended]
    return {card.id: ended[card.id] for card in shown if _was_kept(gate, card, targets)}


def _targets(reader: Reader) -> list[Hide]:
    """What this reader would be kept from by."""
    names = (("professional", reader.id), ("profession", reader.profession))
    return [Hide(to=to, id=name) for to, name in names if name]


def _was_kept(gate: Gate, card: Card, targets: Sequence[Hide]) -> bool:
    facts = structs.replace(document_facts(card), hides=tuple(targets), status=FactStatus.CURRENT)
    return not gate.may(AccessAction.SEARCH, facts).permitted
