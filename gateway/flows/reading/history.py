"""The access log of one record, as ACCESS lets this reader have it, row by row."""

from collections.abc import Awaitable, Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field, replace

from gateway.errors import DeniedError
from gateway.flows.reading.decided.asking import NOT_THERE, Asking
from gateway.flows.reading.decided.facts import document_facts
from gateway.flows.reading.decided.gate import Gate
from gateway.flows.reading.decided.trace import facts_of_unfiled, trace_of
from gateway.records.documents.shelved import Card, DocumentStatus, Shelved
from gateway.records.patients.account import Trace
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import AccessAction, DocumentFacts, Reader, ReaderKind

MAX_HISTORY = 5_000
ROWS_AT_ONCE = 500
MAX_LOOKED_AT = 20_000
"""How far back a question goes whose rows are mostly left out."""

Wanted = Callable[[Trace], bool]
Batch = Callable[[int, int | None], Awaitable[tuple[list[Trace], int | None]]]
"""So many entries looked at, below a number: those to weigh, and the lowest looked at."""


def every(_trace: Trace) -> bool:
    """Nothing is left out."""
    return True


@dataclass(slots=True)
class Heard:
    """Facts of the documents that rows name: each is asked for once in a question, however many
    rows, and batches of rows, name it. `elsewhere` are those of another record by now (a merge that
    was undone, decision 010)."""

    asking: Asking
    patient: PatientKey
    elsewhere: set[str] = field(default_factory=set)
    _facts: dict[str, DocumentFacts | None] = field(default_factory=dict)
    _cards: Mapping[str, Card] | None = None
    _ends: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    async def beside(
        cls, asking: Asking, patient: PatientKey, cards: Mapping[str, Card]
    ) -> "Heard":
        """With all cards of the record, by id, which somebody has at hand."""
        ends = await asking.shelf.ends(patient)
        return cls(asking, patient, _cards=cards, _ends=ends)

    async def of(self, documents: Iterable[str | None]) -> Mapping[str, DocumentFacts | None]:
        """None for what is not there; one alone does not ask for the whole record."""
        new = {one for one in documents if one} - self._facts.keys()
        if len(new) == 1 and self._cards is None:
            (document,) = new
            shelved = await self.asking.shelf.find(document)
            named = shelved is not None and shelved.card.id == document
            self._facts[document] = await self._facts_of(shelved) if shelved and named else None
        elif new:
            cards = await self._record()
            others = await self.asking.shelf.find_each(sorted(new - cards.keys()))
            for document in new:
                other = others.get(document)
                card = cards.get(document)
                if card is not None:
                    self._facts[document] = await self._among(card, cards)
                else:
                    self._facts[document] = await self._facts_of(other) if other else None
        return self._facts

    async def _facts_of(self, shelved: Shelved) -> DocumentFacts:
        if shelved.card.patient != self.patient:
            self.elsewhere.add(shelved.card.id)
        return await self.asking.facts(shelved)

    async def _record(self) -> Mapping[str, Card]:
        if self._cards is None:
            shelf, patient = self.asking.shelf, self.patient
            cards = await shelf.cards(patient, current_only=False)
            self._cards = {card.id: card for card in cards}
            self._ends = await shelf.ends(patient)
        return self._cards

    async def _among(self, card: Card, cards: Mapping[str, Card]) -> DocumentFacts:
        """`facts_of_card`, without asking for each version what replaced it in the end."""
        end = self._ends.get(card.id)
        if card.status is not DocumentStatus.SUPERSEDED or end is None or end not in cards:
            return await self.asking.facts_of_card(card)
        return document_facts(card, successor=document_facts(cards[end]))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadHistory(Asking):
    """« Qui a consulté mes documents ? » (VAULT DOC-13)."""

    async def history(
        self,
        reader: Reader,
        patient: PatientKey,
        document: str | None = None,
        *,
        limit: int = 200,
        wanted: Wanted = every,
        besides: Container[str] | None = None,
        act: str = "trace",
    ) -> list[Trace]:
        """Newest first; raises DeniedError when all is refused.

        `limit` counts what is `wanted` and permitted: what is left out hides nothing older. With
        `besides` the reader's own acts but these are not even looked at, in a whole record. `act`
        is what the log calls this reading. What is kept back stays back: which documents a list
        held would betray a hidden one.
        """
        gate = await self.trace_gate(reader, patient, document, traced_as=act)
        batch = self._batches(gate.reader, patient, document, besides)
        allowed = await self._found(gate, batch, min(limit, MAX_HISTORY), wanted)
        return [_shown(row) for row in allowed]

    async def entry(self, reader: Reader, patient: PatientKey, number: int) -> Trace:
        """One row; raises DeniedError where it is not there, or not for this reader.

        An absent number weighs its neighbour, so that it takes no less time than a refused one.
        """
        gate = await self.trace_gate(reader, patient)
        rows = await self.traces.of_patient(patient, limit=1, before=number + 1)
        found = [row for row in await self.permitted_rows(gate, rows) if row.number == number]
        if not found:
            raise DeniedError(NOT_THERE)
        return _shown(found[0])

    async def _found(self, gate: Gate, batch: Batch, limit: int, wanted: Wanted) -> list[Trace]:
        found: list[Trace] = []
        heard = Heard(self, gate.patient)
        before: int | None = None
        looked_at, size = 0, max(limit, ROWS_AT_ONCE)
        while len(found) < limit and looked_at < MAX_LOOKED_AT:
            rows, before = await batch(size, before)
            if before is None:
                break
            found += await self.permitted_rows(gate, filter(wanted, rows), heard)
            looked_at += size
        return found[:limit]

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

    async def permitted_rows(
        self, gate: Gate, rows: Iterable[Trace], heard: Heard | None = None
    ) -> list[Trace]:
        """Those whose document this reader may hear of; the others leave no gap. A document that
        went to another record since is not named: it is somebody else's. Nor is where another
        representative signs in from (VAULT REP-05)."""
        kept = list(rows)
        heard = heard or Heard(self, gate.patient)
        facts = await heard.of(row.trace.document for row in kept)
        may = gate.each(AccessAction.TRACE)

        def is_told(row: Trace) -> bool:
            named = facts.get(row.trace.document or "")
            return may(named or facts_of_unfiled(row.trace, row.at)).permitted

        told = (_without_address(row, gate.reader) for row in filter(is_told, kept))
        return [_unnamed(one) if one.trace.document in heard.elsewhere else one for one in told]

    def _batches(
        self,
        reader: Reader,
        patient: PatientKey,
        document: str | None,
        besides: Container[str] | None,
    ) -> Batch:
        async def batch(limit: int, before: int | None) -> tuple[list[Trace], int | None]:
            if document is not None:
                rows = await self.traces.of_document(patient, document, limit=limit, before=before)
            elif besides is not None and reader.id:
                return await self.traces.of_others(
                    patient, reader.id, besides=besides, limit=limit, before=before
                )
            else:
                rows = await self.traces.of_patient(patient, limit=limit, before=before)
            return rows, rows[-1].number if rows else None

        return batch


def _without_address(row: Trace, reader: Reader) -> Trace:
    """A parent who reads the history of a child sees the other's acts, and not the network that
    tells where the other lives."""
    one = row.trace
    proxies = reader.kind == one.kind == ReaderKind.REPRESENTATIVE
    if not proxies or one.actor == reader.id:
        return row
    return replace(row, trace=replace(one, address=""))


def _unnamed(row: Trace) -> Trace:
    return replace(row, trace=replace(row.trace, document=None))


def _shown(row: Trace) -> Trace:
    return replace(row, trace=replace(row.trace, kept=b""))
