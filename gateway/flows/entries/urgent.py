"""The entries that an emergency shows, by ACCESS (VAULT EMG-01, EMG-04)."""

from gateway.flows.entries.listing import ListEntries
from gateway.flows.reading.explain import emergency_gates
from gateway.records.entries.entry import Entry
from gateway.records.entries.kind import EntryKind
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import AccessAction, Reader

URGENT = (
    EntryKind.CONDITION,
    EntryKind.MEDICATION,
    EntryKind.ALLERGY,
    EntryKind.TRUSTED_PERSON,
    EntryKind.DIRECTIVES,
)


async def urgent_entries(
    listing: ListEntries, reader: Reader, patient: PatientKey
) -> tuple[Entry, ...]:
    """Those that a professional in an emergency may see, with words that there is none. Raises
    DeniedError."""
    listed = await listing(reader, patient, URGENT)
    return (*listed.entries, *listed.absent)


async def own_urgent_entries(
    listing: ListEntries, reader: Reader, patient: PatientKey
) -> tuple[Entry, ...]:
    """What a physician would be shown of them now, of what the holder may see himself. Raises
    DeniedError."""
    listed = await listing(reader, patient, URGENT)
    doors = emergency_gates(listed.sight.gate)
    return tuple(
        one
        for one in (*listed.entries, *listed.absent)
        if any(door.may(AccessAction.LIST, listed.sight.facts(one)).permitted for door in doors)
    )
