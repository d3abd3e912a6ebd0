"""Entries of the medical profile that a copy takes along (VAULT EXP-03)."""

from gateway.flows.entries.proposing import Proposals
from gateway.flows.entries.sight import Look
from gateway.flows.exporting.room import Exporting, Portable
from gateway.flows.measures.proposing import ProposeMeasures
from gateway.flows.measures.reading import MEASURE
from gateway.mapping.fhir.clinical.entries import TYPE_OF
from gateway.records.entries.entry import Entry
from gateway.records.entries.kind import EntryKind
from gateway.records.readers.access import AccessAction


async def entries_in(room: Exporting, found: Portable) -> list[Entry]:
    """Those that stand and may be taken along by who asked, and the measures that documents tell,
    as the pages show them (MEA-08); each decided anew."""
    gate, look = found.gate, Look(asking=room.read, entries=room.entries)
    kept = await room.entries.of(gate.patient, {*TYPE_OF, EntryKind.MEASURE})
    ours = [one for one in kept if one.patient == gate.patient]
    told = Proposals(look=look, propose=ProposeMeasures(read=room.read))
    sights = (await look.sight(gate, ours), await told.of(gate, MEASURE))
    return [
        one
        for sight in sights
        for one in sight.entries
        if sight.may(one, AccessAction.EXPORT).permitted
    ]
