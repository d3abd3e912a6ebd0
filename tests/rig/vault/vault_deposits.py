"""The deposits of the vault's pages over the twins of its tests, and bins in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from msgspec import structs
from vault_twins import MemoryShelf, MemoryTraces

from gateway.flows.depositing.bin import Bin
from gateway.flows.depositing.by_hand import DepositByHand
from gateway.flows.depositing.by_patient import DepositOwn
from gateway.flows.depositing.directives import OneOfDirectives
from gateway.flows.reading.read import ReadShelf
from gateway.flows.receive import Receive
from gateway.ports.documents.bins import Bins
from gateway.ports.entries import Entries
from gateway.records.documents.changed import Changed
from gateway.records.documents.shelved import DocumentStatus
from gateway.records.intake.reading import DEFAULT_READING
from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import PatientKey
from gateway.vault.document.drawing import Drawer
from gateway.vault.document.preparing import Preparing


def deposits_of(read: ReadShelf, receive: Receive) -> DepositByHand:
    return DepositByHand(
        asking=read,
        receive=receive,
        journal=receive.journal,
        reading=DEFAULT_READING,
        name="name-of-{}".format,
    )


def own_of(
    read: ReadShelf, receive: Receive, entries: Entries, drawer: Drawer, *, max_bytes: int
) -> DepositOwn:
    return DepositOwn(
        asking=read,
        receive=receive,
        reading=DEFAULT_READING,
        made_ready=Preparing(drawer=drawer, threads=None, max_bytes=max_bytes),
        max_bytes=max_bytes,
        directives=OneOfDirectives(shelf=read.shelf, entries=entries),
    )


def bin_of(read: ReadShelf, bins: Bins, entries: Entries) -> Bin:
    directives = OneOfDirectives(shelf=read.shelf, entries=entries)
    return Bin(asking=read, bins=bins, directives=directives)


@dataclass
class MemoryBins:
    shelf: MemoryShelf
    traces: MemoryTraces

    async def put(
        self, documents: Sequence[str], *, at: datetime, acts: Sequence[NewTrace]
    ) -> bool:
        cards = [self.shelf.shelved[one].card for one in documents]
        if any(one.status is not DocumentStatus.CURRENT or not one.by_patient for one in cards):
            return False
        for one in documents:
            self._becomes(one, DocumentStatus.WITHDRAWN, at)
        await self.traces.write(acts)
        return True

    async def take_out(
        self, document: str, *, since: datetime, at: datetime, act: NewTrace
    ) -> bool:
        if document not in await self._ids(since):
            return False
        self._becomes(document, DocumentStatus.CURRENT, at)
        await self.traces.write([act])
        return True

    async def thrown(self, patient: PatientKey, *, since: datetime) -> list[str]:
        own = await self._ids(since)
        return [one for one in own if self.shelf.shelved[one].card.patient == patient]

    async def drop(self, *, by: datetime, limit: int) -> int:
        return 0

    async def _ids(self, since: datetime) -> list[str]:
        return [
            one.card.id
            for one in self.shelf.shelved.values()
            if one.card.status is DocumentStatus.WITHDRAWN
            and one.card.by_patient
            and (one.card.changed.at or since) > since
        ]

    def _becomes(self, document: str, status: DocumentStatus, at: datetime) -> None:
        one = self.shelf.shelved[document]
        card = structs.replace(one.card, status=status, changed=Changed(at=at))
        self.shelf.shelved[document] = replace(one, card=card)
