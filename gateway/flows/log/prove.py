"""Prove: a patient takes the own access log away, with what proves each line of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import orjson

from gateway.audit.checkpoint import verified
from gateway.audit.entry import Opening
from gateway.audit.proof_file import Earlier, Json, ProvedEntry, opened_entry, proof_file
from gateway.errors import DeferredError
from gateway.flows.log.seal import Seal
from gateway.flows.reading.history import ReadHistory
from gateway.ports.log import LogBook
from gateway.records.log import Sealed
from gateway.records.patients.account import Trace
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Reader

TAKEN = "journal"
"""How a download is traced; the next one proves that the log has only grown since."""

MAX_ENTRIES = 20_000
MAX_EARLIER = 50
Words = Callable[[Trace], Json]
Opened = tuple[Trace, Opening]


class Openings(Protocol):
    async def openings(
        self, patient: PatientKey, *, up_to: int, limit: int
    ) -> list[tuple[Trace, Opening]]:
        """Newest first, up to this number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProveJournal:
    read: ReadHistory
    traces: Openings
    book: LogBook
    seal: Seal

    async def __call__(self, reader: Reader, patient: PatientKey, words: Words) -> bytes:
        """The proof file; `words` says an entry for its reader. Raises DeniedError, and
        DeferredError while the log cannot be signed."""
        gate = await self.read.trace_gate(reader, patient, traced_as=TAKEN)
        found = await self._opened(patient)
        sealed = await self.book.covering(_downloads(found)[-1])
        if sealed is None:
            raise DeferredError("the log is not signed so far")
        rows = await self.read.permitted_rows(gate, (trace for trace, _ in found))
        allowed = {row.number for row in rows if row.number <= sealed.size}
        mine = [pair for pair in found if pair[0].number in allowed]
        proofs = await self.book.inclusion([one.number for _, one in mine], sealed.size)
        entries = [
            opened_entry(ProvedEntry(opening=one, proof=proof, words=words(trace)), holder=patient)
            for (trace, one), proof in zip(mine, proofs, strict=True)
        ]
        key = self.seal.key
        head = verified(sealed.note, key.verifier)
        earlier = await self._earlier(_downloads(mine), sealed)
        made = proof_file(key, sealed.note, head, entries, patient=patient, earlier=earlier)
        return orjson.dumps(made, option=orjson.OPT_INDENT_2)

    async def _opened(self, patient: PatientKey) -> list[Opened]:
        """Every entry of the record that is under a signed head now, oldest first."""
        head = await self.seal()
        if head is None:
            raise DeferredError("the log is empty")
        found = await self.traces.openings(patient, up_to=head.size, limit=MAX_ENTRIES)
        return found[::-1]

    async def _earlier(self, downloads: list[int], sealed: Sealed) -> list[Earlier]:
        """The heads of this record's earlier downloads, oldest first."""
        heads: dict[int, Sealed] = {}
        for number in downloads[-MAX_EARLIER:]:
            head = await self.book.covering(number)
            if head is not None and head.size < sealed.size:
                heads[head.size] = head
        return [
            Earlier(note=head.note, proof=await self.book.consistency(head.size, sealed.size))
            for head in heads.values()
        ]


def _downloads(found: list[Opened]) -> list[int]:
    """The entries of the downloads: each went out under the first head that covers its own."""
    return [t.number for t, _ in found if t.trace.action == TAKEN and t.trace.permitted]
