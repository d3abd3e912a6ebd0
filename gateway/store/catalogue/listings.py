"""Services of the catalogue: what the public reads is in clear, who asked for it is sealed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, insert, select, update

from gateway.records.catalogue.files import Listing, ListingProposal, ServiceFile, ServiceState
from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import DESK
from gateway.records.task import NewTask
from gateway.store import schema
from gateway.store.columns import (
    can_be,
    instant,
    instant_or_none,
    micros,
    micros_or_none,
    pack,
    unpack,
)
from gateway.store.engine.statements import insert_or_change
from gateway.store.keys.sealing import bound, seal, unseal
from gateway.store.log import traces
from gateway.store.reach import Reach
from gateway.store.work.rows import add_tasks

S, P = schema.catalogue_service, schema.catalogue_proposal


class DatabaseCatalogue:
    """The port `Catalogue`."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._keyring = reach.keyring

    async def listings(self) -> list[Listing]:
        found = await self._reach.read(lambda c: [_listing(row) for row in c.execute(select(S))])
        return sorted(found, key=lambda one: (one.file.name.casefold(), one.file.id))

    async def listing(self, service: str) -> Listing | None:
        if not can_be(service):
            return None
        query = select(S).where(S.c.id == service)

        def work(connection: Connection) -> Listing | None:
            row = connection.execute(query).one_or_none()
            return None if row is None else _listing(row)

        return await self._reach.read(work)

    async def propose(self, proposal: ListingProposal, *, act: NewTrace) -> None:
        def work(connection: Connection) -> None:
            cipher = self._keyring.sealing(connection, [DESK])[DESK]
            sealed = seal(cipher, pack(proposal), _bound(proposal.id))
            values = {"id": proposal.id, "at": micros(proposal.at), "sealed": sealed}
            connection.execute(insert(P).values(**values))
            traces.add(connection, self._reach.clock.now(), [act])

        await self._reach.write(work)

    async def waiting(self) -> list[ListingProposal]:
        return await self._proposals(select(P).order_by(P.c.at, P.c.id))

    async def proposal(self, identifier: str) -> ListingProposal | None:
        if not can_be(identifier):
            return None
        found = await self._proposals(select(P).where(P.c.id == identifier))
        return found[0] if found else None

    async def settle(
        self, identifier: str, *, at: datetime, act: NewTrace, made: Listing | None = None
    ) -> bool:
        mine = (P.c.id == identifier) & P.c.settled_at.is_(None)
        statement = update(P).where(mine).values(settled_at=micros(at))

        def work(connection: Connection) -> bool:
            if connection.execute(statement).rowcount != 1:
                return False
            if made is not None:
                _write(connection, made)
            traces.add(connection, self._reach.clock.now(), [act])
            return True

        return await self._reach.write(work)

    async def change(self, made: Listing, *, act: NewTrace, then: Sequence[NewTask] = ()) -> None:
        def work(connection: Connection) -> None:
            now = self._reach.clock.now()
            _write(connection, made)
            traces.add(connection, now, [act])
            add_tasks(connection, self._keyring, then, now)

        await self._reach.write(work)

    async def drop_ended(self, *, by: datetime) -> int:
        """Proposals settled by then; the log tells of them. How many."""
        ended = delete(P).where(P.c.settled_at <= micros(by))
        return await self._reach.write(lambda connection: connection.execute(ended).rowcount)

    async def _proposals(self, query: Select[Any]) -> list[ListingProposal]:
        query = query.where(P.c.settled_at.is_(None))

        def work(connection: Connection) -> list[ListingProposal]:
            rows = connection.execute(query).all()
            cipher = self._keyring.opening(connection, [DESK]).get(DESK)
            if cipher is None:
                return []
            opened = [unseal(cipher, row.sealed, _bound(row.id)) for row in rows]
            return [unpack(ListingProposal, one) for one in opened]

        return await self._reach.read(work)


def _write(connection: Connection, made: Listing) -> None:
    values = {
        "id": made.file.id,
        "state": made.state.value,
        "since": micros(made.since),
        "stopped_at": micros_or_none(made.stopped_at),
        "file": pack(made.file),
    }
    insert_or_change(connection, S, values)


def _listing(row: Row[Any]) -> Listing:
    return Listing(
        file=unpack(ServiceFile, row.file),
        state=ServiceState(row.state),
        since=instant(row.since),
        stopped_at=instant_or_none(row.stopped_at),
    )


def _bound(identifier: str) -> bytes:
    return bound(b"catalogue proposal", DESK, identifier.encode())
