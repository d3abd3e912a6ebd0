"""Entries of the medical profile that a copy takes along (VAULT EXP-03)."""

from gateway.flows.entries.sight import Look
from gateway.flows.exporting.room import Exporting, Portable
from gateway.mapping.fhir.clinical.entries import TYPE_OF
from gateway.records.entries.entry import Entry
from gateway.records.entries.kind import EntryKind
from gateway.records.readers.access import AccessAction


async def entries_in(room: Exporting, found: Portable) -> list[Entry]:
    """Those that stand and may be taken along by who asked; each decided anew."""
    gate = found.gate
    kept = await room.entries.of(gate.patient, {*TYPE_OF, EntryKind.MEASURE})
    ours = [one for one in kept if one.patient == gate.patient]
    sight = await Look(asking=room.read, entries=room.entries).sight(gate, ours)
    may_go = (one for one in sight.entries if sight.may(one, AccessAction.EXPORT).permitted)
    return list(may_go)
