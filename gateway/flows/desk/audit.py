"""The auditor at the desk (ACCESS P53): rows of the access log of everybody, never a document.

Reading the log is itself in it: one entry a list, in the log of the desk, and one a row that is
opened, in the log of whose record the row is about.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from gateway.audit.checkpoint import verified
from gateway.audit.note import NoteError
from gateway.errors import DeferredError, RefusedError
from gateway.flows.desk.agent import DeskGate
from gateway.flows.log.prove_entries import Leaves, prove_entries
from gateway.flows.log.seal import Seal
from gateway.flows.log.verify_log import Heads, Reading, Verified, VerifyLog
from gateway.ports.health import Deeds
from gateway.ports.log import Witness
from gateway.records.health import Deed, Upkept
from gateway.records.log import Sealed
from gateway.records.patients.account import Trace
from gateway.records.patients.patient import DESK, PatientKey
from gateway.records.readers.access import AccessAction, Reader, RecordFacts

PAGE_ROWS = 25
AT_ONCE = 500
MAX_SCANNED = 10_000
"""Rows that one page looks through before it says where it stopped."""
ANY_RECORD = RecordFacts()
"""The log is one thing: whose record a row is about changes nothing for the auditor."""


class EveryTrace(Protocol):
    async def entries(
        self,
        *,
        before: int | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int,
    ) -> tuple[list[Trace], int | None]:
        """Newest first, and the lowest number looked at; None where there is no more."""

    async def entry(self, number: int) -> Trace | None: ...


class Kept(Leaves, Heads, Protocol):
    """The log as it is kept: heads, leaves and proofs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What an auditor looks for: `suits` judges a row, `said` is what the log keeps of it."""

    suits: Callable[[Trace], bool]
    said: dict[str, object]
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Newest first; `following` is the number to go on before, None at the end of the log."""

    rows: tuple[Trace, ...]
    following: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditDesk:
    gate: DeskGate
    traces: EveryTrace
    book: Kept
    reading: Reading
    witness: Witness
    seal: Seal
    deeds: Deeds
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    """One reading of the whole log at a time."""

    async def rows(self, auditor: Reader, asked: Asked) -> Rows:
        """A page of those that suit. Raises DeniedError."""
        await self._demand(auditor, "audit", asked.said)
        found: list[Trace] = []
        before = asked.before
        for _ in range(MAX_SCANNED // AT_ONCE):
            some, lowest = await self.traces.entries(
                before=before, since=asked.since, until=asked.until, limit=AT_ONCE
            )
            if lowest is None:
                return Rows(rows=tuple(found), following=None)
            for row in filter(asked.suits, some):
                found.append(row)
                if len(found) == PAGE_ROWS:
                    return Rows(rows=tuple(found), following=row.number)
            before = lowest
        return Rows(rows=tuple(found), following=before)

    async def row(self, auditor: Reader, number: int) -> Trace:
        """Raises DeniedError, and RefusedError where there is no such entry to read."""
        found = await self.traces.entry(number)
        whose = found.trace.patient if found else DESK
        await self._demand(auditor, "audit-entry", {"entry": number}, whose)
        if found is None:
            raise RefusedError(f"there is no entry {number}")
        return found

    async def head(self) -> Sealed | None:
        """The newest signed head; none is signed for this."""
        return await self.book.latest()

    async def proof(self, auditor: Reader, number: int) -> bytes:
        """A file that says that the entry is there, and nothing of what it says.

        Raises DeniedError, RefusedError, BrokenLogError.
        """
        await self._demand(auditor, "audit-proof", {"entry": number})
        return await prove_entries(self.seal, self.book, [number])

    async def verify(self, auditor: Reader) -> Verified:
        """The whole log against itself, every signed head, and the one kept apart. Raises
        DeniedError."""
        await self._demand(auditor, "audit-verify", {})
        return await self.whole()

    async def whole(self) -> Verified:
        """As `verify`, for who was let; that it was done is kept for « Santé »."""
        async with self.turn:
            found = await self._verified()
        done = Upkept(deed=Deed.LOG, at=self.gate.clock.now(), size=found.size, faults=found.count)
        with suppress(DeferredError):  # what was found is told all the same
            await self.deeds.keep(done)
        return found

    async def _verified(self) -> Verified:
        key = self.seal.key.verifier
        note, outside, forged = await self.witness.latest(), [], ""
        if note is not None:
            try:
                outside.append(verified(note, key))
            except NoteError as error:
                forged = f"the checkpoint kept apart is forged: {error}"
        found = await VerifyLog(self.reading, self.book, key)(outside)
        if forged:
            found.fault(forged)
        return found

    async def _demand(
        self,
        auditor: Reader,
        traced_as: str,
        said: dict[str, object],
        whose: PatientKey = DESK,
    ) -> None:
        decision = self.gate.may(auditor, AccessAction.TRACE, None, ANY_RECORD)
        await self.gate.demand(auditor, decision, traced_as=traced_as, patient=whose, said=said)
