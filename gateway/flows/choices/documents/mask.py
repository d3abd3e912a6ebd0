"""Mask: the holder hides documents from professionals, or shows them again (VAULT CHO-07)."""

from collections.abc import Sequence
from datetime import datetime

from gateway.errors import RefusedError
from gateway.flows.choices.act import stands
from gateway.flows.choices.documents.several import Weighed, act_on, weigh
from gateway.flows.reading.decided.asking import Asking
from gateway.records.documents.mask import Mask
from gateway.records.documents.shelved import Card
from gateway.records.patients.account import NewTrace
from gateway.records.readers.access import AccessAction, Reader

PAST = "The end of a mask is in the past, or before its start."
MASK_CODE = "MASQUE_PS"


async def mask(
    asking: Asking,
    reader: Reader,
    documents: Sequence[str],
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> None:
    """From `since` (None: now) until `until` (None: until unmasked), all or none, one commit.

    A document that is masked already stays so from its earlier start: a new word opens no gap.
    Raises DeniedError for a document that is not there or not this holder's; RefusedError for an
    end that is not after now and after the start.
    """
    weighed = await weigh(asking, reader, AccessAction.MASK, documents)
    now = weighed[0].gate.now
    start = max(since or now, now)
    if until is not None and until <= start:
        raise RefusedError(PAST)
    masks = {one.card.id: wished(one.card, start, until, now) for one in weighed}
    acts = [_said(asking, one, masks[one.card.id]) for one in weighed]
    await asking.shelf.mask(masks, at=now, acts=acts)


async def unmask(asking: Asking, reader: Reader, documents: Sequence[str]) -> None:
    """Also takes off a mask that the sender put on (RULES D5). Raises as `mask`."""
    weighed = await weigh(asking, reader, AccessAction.UNMASK, documents)
    acts = [_said(asking, one, None) for one in weighed]
    masks: dict[str, Mask | None] = {one.card.id: None for one in weighed}
    await asking.shelf.mask(masks, at=weighed[0].gate.now, acts=acts)


def wished(card: Card, start: datetime, until: datetime | None, now: datetime) -> Mask:
    """The mask that a document would bear; one in force or to come keeps its earlier start."""
    held = card.mask
    if held is None or (held.until is not None and held.until <= now):
        return Mask(since=start, until=until)
    return Mask(since=min(held.since, start), until=until)


def _said(asking: Asking, one: Weighed, after: Mask | None) -> NewTrace:
    """What stood and what stands, so that a later proof can say whether it was masked at a time
    (RULES D14); `by_sender` that the document came masked."""
    card = one.card
    action = AccessAction.UNMASK if after is None else AccessAction.MASK
    before = None if card.mask is None else stands(card.mask.since, card.mask.until)
    return act_on(
        asking,
        one,
        action,
        before=before,
        after=None if after is None else stands(after.since, after.until),
        by_sender=MASK_CODE in card.codes,
    )
