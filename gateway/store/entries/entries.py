"""The port `Entries`: each change one commit, the versions before it kept beside."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from gateway.records.entries.entry import GONE, STANDING, Entry, EntryState, Taken
from gateway.records.entries.kind import EntryKind
from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import PatientKey
from gateway.store.columns import can_be, micros
from gateway.store.entries.rows import entry_of, part_name
from gateway.store.entries.synchronising import known_ids, take
from gateway.store.entries.writing import COLUMNS, S, T, is_full, is_there, put, put_version
from gateway.store.index.lineage import record, roots
from gateway.store.log import traces
from gateway.store.reach import Reach

SHOWN = [one.value for one in (*STANDING, EntryState.ABSENT)]


class DatabaseEntries:
    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._keyring = reach.keyring

    async def of(
        self,
        patient: PatientKey,
        kinds: Iterable[EntryKind],
        *,
        part: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int | None = None,
    ) -> Sequence[Entry]:
        wanted = [one.value for one in kinds]

        def work(connection: Connection) -> list[Entry]:
            names = record(connection, patient)
            query = select(*COLUMNS).where(
                T.c.patient.in_(names), T.c.kind.in_(wanted), T.c.state.in_(SHOWN)
            )
            if part is not None:
                keys = self._keyring.keys
                parts = [part_name(keys, n, EntryKind(k), part) for n in names for k in wanted]
                query = query.where(T.c.part_name.in_(parts))
            if since is not None:
                query = query.where(T.c.happened_at >= micros(since))
            if until is not None:
                query = query.where(T.c.happened_at < micros(until))
            query = query.order_by(T.c.happened_at.desc().nulls_last(), T.c.number.desc()).limit(
                limit
            )
            return self._opened(connection, query)

        return await self._reach.read(work)

    async def gone(self, patient: PatientKey, kind: EntryKind) -> Sequence[Entry]:
        def work(connection: Connection) -> list[Entry]:
            mine = T.c.patient.in_(record(connection, patient)) & (T.c.kind == kind.value)
            query = select(*COLUMNS).where(mine, T.c.state.in_([one.value for one in GONE]))
            return self._opened(connection, query.order_by(T.c.number))

        return await self._reach.read(work)

    async def known(self, patient: PatientKey, entries: Sequence[Entry]) -> frozenset[str]:
        def work(connection: Connection) -> frozenset[str]:
            names = record(connection, patient)
            return known_ids(connection, self._keyring.keys, names, entries)

        return await self._reach.read(work)

    async def find(self, entry: str) -> Entry | None:
        query = select(*COLUMNS).where(T.c.id == entry)

        def work(connection: Connection) -> Entry | None:
            if not can_be(entry):
                return None
            return next(iter(self._opened(connection, query)), None)

        return await self._reach.read(work)

    async def states(self, entry: str) -> Sequence[Entry]:
        before = (S.c.version, S.c.state, S.c.written_at, S.c.sealed)
        kept = (T.c.number, T.c.id, T.c.patient, T.c.kind, T.c.added_at)
        query = select(*kept, *before).join_from(S, T, S.c.entry == T.c.id)
        query = query.where(S.c.entry == entry).order_by(S.c.version)

        def work(connection: Connection) -> list[Entry]:
            return self._opened(connection, query) if can_be(entry) else []

        return await self._reach.read(work)

    async def add(self, entry: Entry, *, acts: Sequence[NewTrace]) -> bool:
        def work(connection: Connection) -> bool:
            if is_there(connection, entry):
                return True
            if is_full(connection, self._keyring, entry):
                return False
            put(connection, self._keyring, [entry])
            traces.add(connection, entry.written_at, acts)
            return True

        return await self._reach.write(work)

    async def change(self, entry: Entry, *, acts: Sequence[NewTrace]) -> bool:
        def work(connection: Connection) -> bool:
            if not put_version(connection, self._keyring, entry):
                return False
            traces.add(connection, entry.written_at, acts)
            return True

        return await self._reach.write(work)

    async def synchronise(
        self, entries: Sequence[Entry], *, at: datetime, acts: Sequence[NewTrace]
    ) -> Taken:
        def work(connection: Connection) -> Taken:
            taken = take(connection, self._keyring, entries)
            traces.add(connection, at, acts)
            return taken

        return await self._reach.write(work)

    def _opened(self, connection: Connection, query: Any) -> list[Entry]:
        """Those whose key still exists."""
        rows = connection.execute(query).all()
        ciphers = self._keyring.opening(connection, {row.patient for row in rows})
        records = roots(connection, ciphers)
        return [
            entry_of(row, ciphers[row.patient], records[row.patient])
            for row in rows
            if row.patient in ciphers
        ]
