"""Read measures: the last ones of each kind, or those of one over a period (VAULT MEA-05).

One entry in the log, whatever is found. What documents tell stands among them as proposals, which
nobody needs to accept: it follows its document (MEA-08).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from gateway.flows.entries.listing import Listed, ListEntries
from gateway.mapping.measures.kinds import BMI, HEIGHT, KINDS, WEIGHT
from gateway.mapping.measures.mass import MassIndex, Taken, mass_indexes
from gateway.ports.entries import Entries
from gateway.records.days import iso_day_of
from gateway.records.entries.entry import Entry
from gateway.records.entries.kind import EntryKind
from gateway.records.entries.measure import Measure
from gateway.records.entries.measure_choices import MeasureChoices
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Reader

LATEST = 50
"""Of each kind, among which the last one is looked for that this reader may see."""
MEASURE = (EntryKind.MEASURE,)
EVERY = tuple(kind.code for kind in KINDS if not kind.is_computed)
NO_CHOICES = MeasureChoices()


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What this reader may see, the latest first."""

    listed: Listed
    measures: tuple[tuple[Entry, Measure], ...]
    choices: MeasureChoices

    def of(self, code: str) -> list[tuple[Entry, Measure]]:
        return [(entry, one) for entry, one in self.measures if one.code == code]

    @property
    def birth(self) -> date:
        return self.listed.sight.gate.record.birth_date

    def mass_indexes(self) -> list[MassIndex]:
        """The latest first (MEA-04)."""
        found = mass_indexes(_taken(self.of(WEIGHT)), _taken(self.of(HEIGHT)), self.birth)
        return found[::-1]


async def last_ones(listing: ListEntries, reader: Reader, patient: PatientKey) -> Seen:
    """The latest of each kind. Raises DeniedError for no such record."""
    return await _seen(listing, reader, patient, EVERY, limit=LATEST)


async def of_kind(
    listing: ListEntries,
    reader: Reader,
    patient: PatientKey,
    code: str,
    *,
    since: datetime | None = None,
) -> Seen:
    """Those of one kind; weight and height of all times for what is computed of them."""
    if code == BMI:
        return await _seen(listing, reader, patient, (WEIGHT, HEIGHT))
    return await _seen(listing, reader, patient, (code,), since=since)


async def of_kinds(
    listing: ListEntries, reader: Reader, patient: PatientKey, codes: Collection[str]
) -> Seen:
    """All of these kinds."""
    return await _seen(listing, reader, patient, codes)


async def _seen(
    listing: ListEntries,
    reader: Reader,
    patient: PatientKey,
    codes: Collection[str],
    *,
    since: datetime | None = None,
    limit: int | None = None,
) -> Seen:
    entries = listing.look.entries

    async def read(record: PatientKey) -> Sequence[Entry]:
        chosen = await entries.of(record, [EntryKind.MEASURE_CHOICES])
        return [*chosen, *await found_in(entries, record, codes, since=since, limit=limit)]

    listed = await listing.of(reader, patient, MEASURE, read, proposed=MEASURE, counted=True)
    return seen_in(listed, codes, since=since)


async def found_in(
    entries: Entries,
    record: PatientKey,
    codes: Collection[str] = EVERY,
    *,
    since: datetime | None = None,
    limit: int | None = LATEST,
) -> list[Entry]:
    """Of each of these kinds, undecided."""
    found: list[Entry] = []
    for code in codes:
        found += await entries.of(record, MEASURE, part=code, since=since, limit=limit)
    return found


def seen_in(
    listed: Listed, codes: Collection[str] = EVERY, *, since: datetime | None = None
) -> Seen:
    """The measures among what was listed."""
    both = (*listed.entries, *listed.proposals)
    measures = [
        (entry, one)
        for entry in both
        if isinstance(one := entry.content, Measure)
        and one.code in codes
        and (since is None or one.time >= since)
    ]
    measures.sort(key=lambda pair: (pair[1].time, pair[0].added_at), reverse=True)
    chosen = (one.content for one in both if isinstance(one.content, MeasureChoices))
    return Seen(listed=listed, measures=tuple(measures), choices=next(chosen, None) or NO_CHOICES)


def _taken(pairs: Sequence[tuple[Entry, Measure]]) -> list[Taken]:
    return [
        Taken(
            id=entry.id,
            day=date.fromisoformat(iso_day_of(one.time.isoformat())),
            at=one.time.isoformat(),
            number=Decimal(one.value),
        )
        for entry, one in pairs
    ]
