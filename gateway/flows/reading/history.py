"""The access log of one record, as ACCESS lets this reader have it, row by row."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from gateway.errors import DeniedError
from gateway.flows.reading.asking import NOT_THERE, Asking
from gateway.flows.reading.gate import Gate
from gateway.flows.reading.trace import trace_of
from gateway.records.access import AccessAction, DocumentFacts, Reader
from gateway.records.account import Trace
from gateway.records.patient import PatientKey

MAX_HISTORY = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadHistory(Asking):
    """« Qui a consulté mes documents ? » (VAULT DOC-13)."""

    async def history(
        self, reader: Reader, patient: PatientKey, document: str | None = None, *, limit: int = 200
    ) -> list[Trace]:
        """Newest first; raises DeniedError when all is refused.

        What is kept back stays back: which documents a list held would betray a hidden one.
        """
        gate = await self.trace_gate(reader, patient, document)
        rows = await self._rows(patient, document, min(limit, MAX_HISTORY))
        allowed = await self.permitted_rows(gate, rows)
        return [replace(row, trace=replace(row.trace, kept=b"")) for row in allowed]

    async def trace_gate(
        self,
        reader: Reader,
        patient: PatientKey,
        document: str | None = None,
        *,
        traced_as: str = "trace",
    ) -> Gate:
        """Decides on the log as a whole and traces that; raises DeniedError."""
        gate = await self.gate(reader, patient, attempt=traced_as)
        allowed = gate.may(AccessAction.TRACE, None)
        trace = trace_of(gate, allowed, action=traced_as, document=document, door=self.door)
        await self.traces.write([trace])
        if not allowed.permitted:
            raise DeniedError(NOT_THERE)
        return gate

    async def permitted_rows(self, gate: Gate, rows: Iterable[Trace]) -> list[Trace]:
        """Those whose document this reader may hear of; the others leave no gap."""
        kept = list(rows)
        facts = await self._facts_of_rows(gate.patient, {row.trace.document for row in kept})
        return [
            row
            for row in kept
            if gate.may(AccessAction.TRACE, facts.get(row.trace.document or "")).permitted
        ]

    async def _rows(self, patient: PatientKey, document: str | None, limit: int) -> list[Trace]:
        if document is None:
            return await self.traces.of_patient(patient, limit=limit)
        return await self.traces.of_document(patient, document, limit=limit)

    async def _facts_of_rows(
        self, patient: PatientKey, documents: set[str | None]
    ) -> dict[str, DocumentFacts]:
        named = {one for one in documents if one}
        if len(named) == 1:
            shelved = await self.shelf.find(next(iter(named)))
            return {} if shelved is None else {shelved.card.id: await self.facts(shelved)}
        if not named:
            return {}
        cards = await self.shelf.cards(patient, current_only=False)
        return {card.id: await self.facts_of_card(card) for card in cards if card.id in named}
