"""What a synthesis says of a profile (VAULT PRO-05): the entries that its reader sees, of the kinds
that were chosen, and the last measures.

A paper goes from hand to hand, and once filed the grid says who reads it: what is kept from anybody
stays out of it, whoever asks (decision 060).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from gateway.errors import DeniedError
from gateway.flows.entries.listing import Listed, ListEntries
from gateway.flows.entries.sight import Sight
from gateway.flows.measures.reading import MEASURE, Seen, found_in, seen_in
from gateway.flows.reading.decided.asking import NOT_THERE
from gateway.flows.reading.decided.facts import NORMAL_CODES
from gateway.records.entries.entry import Entry
from gateway.records.entries.kind import EntryKind
from gateway.records.patients.patient import PatientIdentity, PatientKey
from gateway.records.readers.access import Reader

TAKEN, MADE = "synthesis-downloaded", "synthesis-made"


@dataclass(frozen=True, slots=True, kw_only=True)
class Synthesis:
    """`listed` has no proposals but those of measures, which nobody needs to accept (MEA-08)."""

    identity: PatientIdentity
    listed: Listed
    at: datetime

    @property
    def measures(self) -> Seen:
        return seen_in(self.listed)


async def read_synthesis(
    listing: ListEntries,
    reader: Reader,
    patient: PatientKey,
    kinds: Collection[EntryKind],
    *,
    act: str,
) -> Synthesis:
    """One entry in the log, with the number of what was read. Raises DeniedError for no such
    record."""
    entries, wanted = listing.look.entries, frozenset(kinds)
    measured = wanted & {*MEASURE}

    async def read(record: PatientKey) -> Sequence[Entry]:
        last = await found_in(entries, record) if measured else []
        return [*await entries.of(record, wanted - measured), *last]

    listed = await listing.of(
        reader, patient, wanted, read, proposed=measured, counted=True, act=act
    )
    gate = listed.sight.gate
    person = await listing.look.asking.people.person(gate.patient)
    if person is None:
        raise DeniedError(NOT_THERE)
    return Synthesis(identity=person.identity, listed=_open(listed), at=gate.now)


def _open(listed: Listed) -> Listed:
    return replace(
        listed,
        entries=tuple(one for one in listed.entries if _is_open(listed.sight, one)),
        proposals=tuple(one for one in listed.proposals if _is_open(listed.sight, one)),
    )


def _is_open(sight: Sight, entry: Entry) -> bool:
    """Neither masked nor hidden from anybody, nor what it was read in."""
    facts = sight.facts(entry)
    return set(facts.codes) <= {*NORMAL_CODES} and not facts.hides
