"""Since when a record is open to one reader: what he hears of as new then is all of it.

Read off the dated facts of the record alone; what an emergency shows for a while, and what two
records that became one bring, have no such fact.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from gateway.access.time import in_force
from gateway.records.readers.access import Entry, Reader, ReaderKind, RecordFacts


class LetIn(NamedTuple):
    """When the whole record, and when what the patient masks, last opened; None for always."""

    record: datetime | None = None
    masked: datetime | None = None


ALWAYS = LetIn()


def let_in(record: RecordFacts, reader: Reader, now: datetime) -> LetIn:
    """By what is in force at `now`, and by what of late no longer keeps him out."""
    match reader.kind:
        case ReaderKind.REPRESENTATIVE:
            return LetIn(_latest(_begun(record.representatives, reader.id, now)))
        case ReaderKind.CAREGIVER:
            return LetIn(_latest(_begun(record.caregivers, reader.id, now)))
        case ReaderKind.APPLICATION:
            return LetIn(_latest(_begun(record.applications, reader.id, now)))
        case ReaderKind.PROFESSIONAL:
            return _professional(record, reader, now)
    return ALWAYS


def _professional(record: RecordFacts, reader: Reader, now: datetime) -> LetIn:
    names = {("professional", reader.id), ("team", reader.team)}
    agreed = [one for one in record.consents if (one.to, one.id) in names]
    given = [one.since for one in agreed if in_force(one.since, one.until, now)]
    ended = [one.until for one in record.blocks if one.id == reader.id]
    treating = [record.treating] if record.treating else []
    through = _begun([*treating, *record.administrators], reader.id, now)
    return LetIn(_latest([*given, *(at for at in ended if at and at <= now)]), _latest(through))


def _begun(entries: Iterable[Entry], who: str | None, now: datetime) -> list[datetime | None]:
    mine = (one for one in entries if one.id == who)
    return [one.since for one in mine if in_force(one.since, one.until, now)]


def _latest(moments: Iterable[datetime | None]) -> datetime | None:
    return max((one for one in moments if one is not None), default=None)
