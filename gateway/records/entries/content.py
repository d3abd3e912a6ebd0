"""What every content of an entry answers, whatever its kind."""

import re
from calendar import monthrange
from datetime import UTC, date, datetime, time

from msgspec import Struct

from gateway.records.words import fold

MIDNIGHT = time(tzinfo=UTC)
ISO = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?", re.ASCII)


class EntryContent(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The words of one entry, in the vocabulary of the FHIR resource it becomes. Dates are ISO, as
    far as they are known: `2010`, `2010-05`, `2010-05-12`. A new field has a default, for what was
    kept before it was there."""

    comment: str = ""

    def part(self) -> str:
        """By what it is looked for, or limited in number, within its kind: the code of a measure,
        the group of a contact."""
        return ""

    def happened(self) -> datetime | None:
        """By what a list of its kind is ordered; None where only the writing has a time."""
        return None

    def same(self) -> str:
        """Two of one kind that answer alike are one thing; "" is like nothing else. What a document
        or an application brings twice is kept once by it."""
        return ""


def first_instant(text: str) -> datetime | None:
    """Of an ISO date that may lack its day or its month; None for anything else."""
    span = days_of(text)
    return datetime.combine(span[0], MIDNIGHT) if span else None


def days_of(text: str) -> tuple[date, date] | None:
    """The first and the last day that such a date may mean; None where it is no date."""
    if not ISO.fullmatch(text):
        return None
    try:
        if len(text) == len("2010"):
            return date(int(text), 1, 1), date(int(text), 12, 31)
        if len(text) == len("2010-05"):
            first = date.fromisoformat(f"{text}-01")
            return first, first.replace(day=monthrange(first.year, first.month)[1])
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day, day


def named_as(name: str, code: str | None = None) -> str:
    """`same` of what has a name, and an official code where somebody knew it."""
    return f"code {code}" if code else f"name {fold(name)}"
