"""What documents propose for a rubrique: accepted or refused, and kept only then (PRO-04).

A proposal is made when it is asked for, of the documents that its reader may open then: masking or
withdrawing a document does the same to what it proposes, and a filing costs nothing more.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from msgspec import structs

from gateway.errors import DeniedError
from gateway.flows.entries.refusals import StaleEntryError
from gateway.flows.entries.sight import Look, Sight, facts_of_new
from gateway.flows.entries.writing import writer_of
from gateway.flows.reading.decided.asking import NOT_THERE
from gateway.flows.reading.decided.gate import Gate
from gateway.records.entries.entry import Entry, EntryState, Word
from gateway.records.entries.kind import EntryKind
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import AccessAction, Reader

ACCEPTED, REFUSED = "entry-accepted", "entry-refused"


class Propose(Protocol):
    async def __call__(self, gate: Gate, kinds: Collection[EntryKind], /) -> Sequence[Entry]:
        """In state PROPOSED, of documents that this reader may open; their ids stay the same as
        long as the documents do. What the record knows already may be among them."""


@dataclass(frozen=True, slots=True)
class Together:
    """What several propose, one after another."""

    each: Sequence[Propose]

    async def __call__(self, gate: Gate, kinds: Collection[EntryKind], /) -> Sequence[Entry]:
        return [one for propose in self.each for one in await propose(gate, kinds)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposals:
    look: Look
    propose: Propose

    async def of(self, gate: Gate, kinds: Collection[EntryKind]) -> Sight:
        """Those that nobody accepted or refused, and of which there is no entry already."""
        made = await self.propose(gate, kinds)
        known = await self.look.entries.known(gate.patient, made) if made else frozenset[str]()
        return await self.look.sight(gate, [one for one in made if one.id not in known])

    async def accept(self, reader: Reader, patient: PatientKey, proposal: str) -> EntryKind:
        """It stands from now on, with its document as its writer, confirmed by this reader; of
        which kind it is. Raises DeniedError for what is not proposed, or not for this reader."""
        return await self._settle(reader, patient, proposal, ACCEPTED, EntryState.ACTIVE)

    async def refuse(self, reader: Reader, patient: PatientKey, proposal: str) -> EntryKind:
        """It is not proposed again. Raises likewise."""
        return await self._settle(reader, patient, proposal, REFUSED, EntryState.REFUSED)

    async def _settle(
        self,
        reader: Reader,
        patient: PatientKey,
        proposal: str,
        act: str,
        state: EntryState,
    ) -> EntryKind:
        gate = await self.look.asking.gate(reader, patient, attempt=act)
        sight = await self.of(gate, frozenset(EntryKind))
        found = next((one for one in sight.entries if one.id == proposal), None)
        if found is None:
            await self.look.asking.missed(reader, act)
            raise DeniedError(NOT_THERE)
        decision = gate.may(AccessAction.DEPOSIT, facts_of_new(found.kind, reader))
        seen = sight.may(found, AccessAction.LIST)
        trace = self.look.trace(sight, decision if seen.permitted else seen, act, found)
        if not (seen.permitted and decision.permitted):
            await self.look.asking.traces.write([trace])
            raise DeniedError(NOT_THERE)
        said = Word(by=writer_of(reader), at=gate.now)
        settled = structs.replace(
            found, state=state, confirmed=said, added_at=gate.now, written_at=gate.now
        )
        if not await self.look.entries.add(settled, acts=[trace]):
            raise StaleEntryError("There are as many entries of this kind as there may be.")
        return found.kind
