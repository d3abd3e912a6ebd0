"""What may be wrong in an entry that somebody writes (VAULT PRO-01), for all kinds alike."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from msgspec import Struct, structs

from gateway.records.entries.content import EntryContent, days_of
from gateway.records.words import tidy

MAX_COMMENT_CHARACTERS = 3_000
MAX_TEXT_CHARACTERS = 200
C = TypeVar("C", bound=EntryContent)


class Wrong(StrEnum):
    MISSING = "missing"
    TOO_LONG = "too-long"
    NOT_A_DATE = "not-a-date"
    BEFORE_BIRTH = "before-birth"
    IN_FUTURE = "in-future"
    ENDS_BEFORE = "ends-before"
    """An end that is before its start."""
    UNKNOWN = "unknown"
    """None of a closed list, or nothing of this record."""
    OUT_OF_RANGE = "out-of-range"


class Fault(Struct, frozen=True):
    """`field` is that of the content; `most` characters are allowed of one that is too long."""

    field: str
    wrong: Wrong
    most: int = 0


class Life(Struct, frozen=True, kw_only=True):
    """Between which days a life is written down: `born` is the first day that the birth date may
    mean, `today` that of Paris at `now`."""

    born: date
    today: date
    now: datetime


def tidied(content: C) -> C:
    """With each text as it is kept (`words.tidy`)."""
    return structs.replace(content, **{name: tidy(text) for name, text in _texts(content)})


def needed(content: EntryContent, *names: str) -> Iterator[Fault]:
    """Fields that may not be empty."""
    for name in names:
        if not getattr(content, name):
            yield Fault(name, Wrong.MISSING)


def too_long(content: EntryContent, **most: int) -> Iterator[Fault]:
    """A comment has 3,000 characters at most, another text 200 or what `most` says of it."""
    limits = {"comment": MAX_COMMENT_CHARACTERS} | most
    for name, text in _texts(content):
        allowed = limits.get(name, MAX_TEXT_CHARACTERS)
        if len(text) > allowed:
            yield Fault(name, Wrong.TOO_LONG, allowed)


def dated(content: EntryContent, life: Life, *names: str) -> Iterator[Fault]:
    """Dates from birth to today, each where it is given. One that lacks its day is right when a
    day of it may be."""
    for name in names:
        text = getattr(content, name)
        days = days_of(text)
        if text and days is None:
            yield Fault(name, Wrong.NOT_A_DATE)
        elif days and days[0] > life.today:
            yield Fault(name, Wrong.IN_FUTURE)
        elif days and days[1] < life.born:
            yield Fault(name, Wrong.BEFORE_BIRTH)


def in_order(content: EntryContent, start: str, end: str) -> Iterator[Fault]:
    first, last = days_of(getattr(content, start)), days_of(getattr(content, end))
    if first and last and last[1] < first[0]:
        yield Fault(end, Wrong.ENDS_BEFORE)


def _texts(content: EntryContent) -> Iterable[tuple[str, str]]:
    """Fields of free words; those of a closed list are checked by their type."""
    for name in content.__struct_fields__:
        value = getattr(content, name)
        if type(value) is str:
            yield name, value
