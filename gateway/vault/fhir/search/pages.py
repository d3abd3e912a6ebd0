"""Pages of a search: their order, and where the next one starts (FHIR.md section 4).

What comes, goes or changes between two pages makes nobody miss what was there all along: a page
starts after the last names of the one before; one ordered by changes after that moment, and what
changed since the first page comes (again) at the end.
"""

import base64
import binascii
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Generic, NamedTuple, Protocol, TypeVar

from gateway.mapping.fhir.written.emit import last_updated
from gateway.records.documents.shelved import Card
from gateway.records.numbers import whole
from gateway.vault.fhir.search.query import BY_CHANGE, NEWEST_CHANGE, BadSearchError, Search

CURSOR_LASTS = timedelta(hours=1)
CURSOR_NAMES = 5
"""Of a page, in its link to the next: one may be replaced or withdrawn meanwhile."""


class Named(Protocol):
    @property
    def id(self) -> str: ...


T = TypeVar("T")
N = TypeVar("N", bound=Named)


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """`next` is the cursor of the page that follows, "" on the last one; `total` counts all."""

    shown: Sequence[T]
    total: int
    next: str


class Place(NamedTuple):
    """A card in the order of changes."""

    moment: datetime
    id: str


def page_of(found: Sequence[N], asked: Search, now: datetime) -> Page[N]:
    """Of what stands in an order that does not change. Raises BadSearchError."""
    start = start_of(asked.cursor, found, now)
    shown = found[start : start + asked.count]
    place = start + len(shown)
    more = shown and place < len(found)
    return Page(shown, len(found), cursor_of(shown, place, now) if more else "")


def page_of_cards(cards: Iterable[Card], asked: Search, now: datetime) -> Page[Card]:
    """In the order asked for. Raises BadSearchError."""
    if asked.sort not in BY_CHANGE:
        return page_of(sorted_cards(cards, asked.sort), asked, now)
    return _page_by_change(cards, asked, now)


def sorted_cards(cards: Iterable[Card], sort: str) -> list[Card]:
    """Newest deposit first, or as asked; the id breaks ties so that pages never overlap."""
    ordered = sorted(cards, key=lambda card: (card.deposited_at, card.id), reverse=True)
    if sort in ("date", "-date"):
        ordered.sort(key=_day, reverse=sort == "-date")
    return ordered


def _day(card: Card) -> str:
    return card.act_date or card.deposited_at.date().isoformat()


def cursor_of(shown: Sequence[Named], place: int, now: datetime) -> str:
    """Where the next page starts: after the last of these that is still there, else at this
    place; good for one hour."""
    return _written("~".join(one.id for one in shown[-CURSOR_NAMES:]), str(place), now)


def start_of(cursor: str, found: Sequence[Named], now: datetime) -> int:
    """Raises BadSearchError for a cursor that is not ours or is over."""
    if not cursor:
        return 0
    last, told = _read(cursor, now)
    start = _number(told)
    places = {one.id: number for number, one in enumerate(found, 1)}
    return next((places[one] for one in reversed(last.split("~")) if one in places), start)


def _page_by_change(cards: Iterable[Card], asked: Search, now: datetime) -> Page[Card]:
    began, last = _walked(asked.cursor, now)
    newest = asked.sort == NEWEST_CHANGE
    ordered = sorted(cards, key=_place, reverse=newest)
    still = [one for one in ordered if _place(one).moment <= began]
    moved = [one for one in ordered if _place(one).moment > began]
    if newest:
        moved.reverse()
    if last is not None and last.moment > began:
        still = []
        moved = [one for one in moved if _place(one) > last]
    elif last is not None:
        still = [one for one in still if (_place(one) < last if newest else _place(one) > last)]
    left = [*still, *moved]
    shown = left[: asked.count]
    more = shown and len(left) > len(shown)
    return Page(shown, len(ordered), _after(shown[-1], began, now) if more else "")


def _place(card: Card) -> Place:
    return Place(last_updated(card), card.id)


def _after(card: Card, began: datetime, now: datetime) -> str:
    """The next page starts behind this card; `began` is when the first one was asked for."""
    at = _place(card)
    return _written(f"{at.id}~{at.moment.isoformat()}", began.isoformat(), now)


def _walked(cursor: str, now: datetime) -> tuple[datetime, Place | None]:
    if not cursor:
        return now, None
    last, began = _read(cursor, now)
    name, _, moment = last.partition("~")
    return _moment(began), Place(_moment(moment), name)


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise _not_ours() from None
    if found.tzinfo is None:
        raise _not_ours()
    return found


def _number(text: str) -> int:
    found = whole(text)
    if found is None:
        raise _not_ours()
    return found


def _written(last: str, place: str, now: datetime) -> str:
    until = int((now + CURSOR_LASTS).timestamp())
    return base64.urlsafe_b64encode(f"{last}|{place}|{until}".encode()).decode().rstrip("=")


def _read(cursor: str, now: datetime) -> tuple[str, str]:
    """The last names and the place. Raises BadSearchError for a cursor that is over."""
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        last, place, until = text.split("|")
        ends = datetime.fromtimestamp(int(until), UTC)
    except (ValueError, binascii.Error, OverflowError, OSError):
        raise _not_ours() from None
    if now > ends:
        raise BadSearchError("This next link is over: search again.")
    return last, place


def _not_ours() -> BadSearchError:
    return BadSearchError("This next link is not ours: search again.")
