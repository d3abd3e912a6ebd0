"""What is done to filed documents: read, announced, withdrawn, masked, hidden, relabelled."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, update

from gateway.records.documents.document import Label
from gateway.records.documents.mask import Mask
from gateway.records.documents.shelved import DocumentStatus
from gateway.records.documents.update import Lot, Outcome, Update
from gateway.records.patients.account import NewTrace
from gateway.records.readers.access import Hide
from gateway.records.task import NewTask
from gateway.store import schema
from gateway.store.columns import micros
from gateway.store.documents.shelf.updates import put_updates, written_before
from gateway.store.documents.shelf.veils import NEXT_VERSION, put_hides, put_masks
from gateway.store.engine.database import Database
from gateway.store.log.traces import add as add_traces
from gateway.store.work.rows import add_tasks

D = schema.document


class ShelfActs:
    """The acts of the port `Shelf`; each is one commit with its entries in the log."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def mark_read(self, document: str, *, at: datetime) -> None:
        """The first reading counts."""
        when = (D.c.id == document) & D.c.read_at.is_(None)
        await self._change(update(D).where(when).values(read_at=micros(at)))

    async def mark_announced(
        self,
        document: str,
        *,
        at: datetime,
        acts: Sequence[NewTrace] = (),
        then: Sequence[NewTask] = (),
    ) -> None:
        """The patient was told by a professional: a document hidden until then shows itself."""
        when = (D.c.id == document) & D.c.announced_at.is_(None)
        statement = (
            update(D).where(when).values(announced_at=micros(at), metadata_version=NEXT_VERSION)
        )
        keyring = self._database.keyring

        def work(connection: Connection) -> None:
            first = connection.execute(statement).rowcount == 1
            add_traces(connection, at, acts)
            add_tasks(connection, keyring, then if first else (), at)

        await self._database.write(work)

    async def withdraw(
        self, document: str, *, at: datetime, act: NewTrace, then: Sequence[NewTask] = ()
    ) -> bool:
        current = (D.c.id == document) & (D.c.status == DocumentStatus.CURRENT.value)
        values = {"status": DocumentStatus.WITHDRAWN.value, "changed_at": micros(at)}
        statement = update(D).where(current).values(values)

        def work(connection: Connection) -> bool:
            if connection.execute(statement).rowcount != 1:
                return False
            add_traces(connection, at, [act])
            add_tasks(connection, self._database.keyring, then, at)
            return True

        return await self._database.write(work)

    async def written_before(self, lot: Lot) -> Outcome | None:
        keys = self._database.keyring.keys
        return await self._database.read(lambda connection: written_before(connection, keys, lot))

    async def update(
        self,
        lot: Lot,
        updates: Sequence[Update],
        *,
        at: datetime,
        acts: Sequence[NewTrace] = (),
        then: Sequence[NewTask] = (),
    ) -> Outcome:
        keyring = self._database.keyring

        def work(connection: Connection) -> Outcome:
            outcome = put_updates(connection, keyring.keys, lot, updates, at)
            if outcome is Outcome.DONE:
                add_traces(connection, at, acts)
                add_tasks(connection, keyring, then, at)
            return outcome

        return await self._database.write(work)

    async def mask(
        self, masks: Mapping[str, Mask | None], *, at: datetime, acts: Sequence[NewTrace] = ()
    ) -> None:
        def work(connection: Connection) -> None:
            put_masks(connection, masks, at)
            add_traces(connection, at, acts)

        await self._database.write(work)

    async def hide(
        self,
        documents: Sequence[str],
        hide: Hide,
        *,
        at: datetime,
        by: str = "",
        acts: Sequence[NewTrace] = (),
    ) -> None:
        def work(connection: Connection) -> None:
            put_hides(connection, self._database.keyring, documents, hide, by=by)
            add_traces(connection, at, acts)

        await self._database.write(work)

    async def label(self, document: str, *, own: Label | None, at: datetime) -> None:
        label = own.value if own else None
        other = (D.c.id == document) & D.c.own_label.is_distinct_from(label)
        await self._change(update(D).where(other).values(own_label=label, own_label_at=micros(at)))

    async def _change(self, statement: Any) -> None:
        def work(connection: Connection) -> None:
            connection.execute(statement)

        await self._database.write(work)
