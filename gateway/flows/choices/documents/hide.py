"""Hide: documents kept from one named professional or one profession (VAULT CHO-16, F63)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from gateway.errors import RefusedError
from gateway.flows.choices.act import stands
from gateway.flows.choices.documents.several import act_on, weigh
from gateway.flows.reading.decided.asking import Asking
from gateway.records.documents.shelved import Card
from gateway.records.readers.access import AccessAction, Hide, Reader

PAST = "The end of what is hidden is in the past."
UNKNOWN = "Nobody of this id, or no such profession, is known here."
HIDDEN, SHOWN = "hide", "reveal"
TO_PROFESSIONAL, TO_PROFESSION = "professional", "profession"


@dataclass(frozen=True, slots=True)
class Whom:
    """`to` is professional or profession, as ACCESS `document.hides` has it."""

    to: str
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hidden:
    """A line of the choices: what is hidden from one reader, with one end."""

    whom: Whom
    since: datetime
    until: datetime | None
    documents: tuple[str, ...]


async def hide(
    asking: Asking,
    reader: Reader,
    documents: Sequence[str],
    whom: Whom,
    *,
    until: datetime | None = None,
) -> None:
    """At once, all or none, one commit. Raises DeniedError for a document that is not this
    holder's; RefusedError for an end in the past and a reader that nobody knows."""
    weighed = await weigh(asking, reader, AccessAction.MASK, documents)
    now = weighed[0].gate.now
    if until is not None and until <= now:
        raise RefusedError(PAST)
    if not await is_known(asking, whom):
        raise RefusedError(UNKNOWN)
    one = Hide(to=whom.to, id=whom.id, since=now, until=until)
    said = {"to": whom.to, "target": whom.id, "after": stands(now, until)}
    acts = [
        act_on(asking, each, HIDDEN, **said, before=_before(each.card, whom)) for each in weighed
    ]
    names = [each.card.id for each in weighed]
    await asking.shelf.hide(names, one, at=now, by=reader.name or reader.id or "", acts=acts)


async def reveal(asking: Asking, reader: Reader, documents: Sequence[str], whom: Whom) -> None:
    """Ends it; what was not hidden from him stays as it is. Raises DeniedError as `hide`."""
    weighed = await weigh(asking, reader, AccessAction.UNMASK, documents)
    now = weighed[0].gate.now
    end = Hide(to=whom.to, id=whom.id, since=now, until=now)
    said = {"to": whom.to, "target": whom.id, "after": None}
    acts = [
        act_on(asking, each, SHOWN, **said, before=_before(each.card, whom)) for each in weighed
    ]
    names = [each.card.id for each in weighed]
    await asking.shelf.hide(names, end, at=now, by=reader.name or reader.id or "", acts=acts)


async def is_known(asking: Asking, whom: Whom) -> bool:
    """A professional of the directory, or a profession of the grid."""
    if whom.to == TO_PROFESSION:
        return whom.id in asking.grid.professions()
    return any(one.id == whom.id for one in await asking.people.professionals())


def _before(card: Card, whom: Whom) -> dict[str, str | None] | None:
    """The period that stood for this reader, None where nothing was hidden from him."""
    for one in card.hides:
        if (one.to, one.id) == (whom.to, whom.id) and one.since is not None:
            return stands(one.since, one.until)
    return None


def hidden_of(cards: Iterable[Card]) -> list[Hidden]:
    """The lines of the choices, by reader and end: what one act hid stands in one line."""
    found: dict[tuple[str, str, datetime | None], list[tuple[datetime, str]]] = {}
    for card in cards:
        for one in card.hides:
            place = found.setdefault((one.to, one.id, one.until), [])
            place.append((one.since or card.deposited_at, card.id))
    return [
        Hidden(
            whom=Whom(to, name),
            since=min(since for since, _ in entries),
            until=until,
            documents=tuple(document for _, document in entries),
        )
        for (to, name, until), entries in found.items()
    ]
