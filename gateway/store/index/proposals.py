"""Acts of operators that wait for a second person; what they claim of somebody is sealed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, exists, insert, select, update

from gateway.records.intake.finding import Verdict
from gateway.records.patients.account import NewTrace
from gateway.records.patients.index import Proposal
from gateway.records.patients.patient import DESK, PatientKey
from gateway.store import schema
from gateway.store.columns import micros, pack, unpack
from gateway.store.engine.statements import insert_or_change
from gateway.store.index.held import is_held
from gateway.store.index.lineage import record
from gateway.store.keys.sealing import bound, seal, unseal
from gateway.store.log import traces
from gateway.store.reach import Reach

T = schema.proposal
R, C, W = schema.receipt, schema.receipt_claim, schema.waiting


class DatabaseProposals:
    """The port `Proposals`."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._keyring = reach.keyring

    async def add(self, proposal: Proposal, *, act: NewTrace | None = None) -> bool:
        def work(connection: Connection) -> bool:
            if not is_held(connection, proposal.receipt):
                return False
            cipher = self._keyring.sealing(connection, [DESK])[DESK]
            values = {
                "id": proposal.id,
                "receipt": proposal.receipt,
                "at": micros(proposal.at),
                "sealed": seal(cipher, pack(proposal), _bound(proposal.id)),
            }
            connection.execute(insert(T).values(**values))
            self._keep(connection, act)
            return True

        return await self._reach.write(work)

    async def open(self, *, limit: int) -> list[Proposal]:
        """Oldest first."""
        return await self._open(select(T).order_by(T.c.at, T.c.id).limit(limit))

    async def of_receipt(self, receipt: str) -> list[Proposal]:
        return await self._open(select(T).where(T.c.receipt == receipt).order_by(T.c.at, T.c.id))

    async def find(self, identifier: str) -> Proposal | None:
        """None where it is settled or was never there."""
        return next(iter(await self._open(select(T).where(T.c.id == identifier))), None)

    async def settle(
        self, identifier: str, *, outcome: str, at: datetime, act: NewTrace | None = None
    ) -> bool:
        """True for exactly one caller."""
        mine = (T.c.id == identifier) & T.c.settled_at.is_(None)
        statement = update(T).where(mine).values(settled_at=micros(at), outcome=outcome)

        def work(connection: Connection) -> bool:
            if connection.execute(statement).rowcount != 1:
                return False
            self._keep(connection, act)
            return True

        return await self._reach.write(work)

    def _keep(self, connection: Connection, act: NewTrace | None) -> None:
        """In the commit of what was done."""
        if act is not None:
            traces.add(connection, self._reach.clock.now(), [act])

    async def part(self, receipt: str, patients: Sequence[PatientKey], *, act: NewTrace) -> None:
        def work(connection: Connection) -> None:
            names = {name for one in patients for name in record(connection, one)}
            mine = (W.c.receipt == receipt) & W.c.name.in_(names)
            connection.execute(delete(W).where(mine))
            self._keep(connection, act)

        await self._reach.write(work)

    async def claim(self, receipt: str, *, at: datetime, until: datetime) -> bool:
        values = {"receipt": receipt, "until": micros(until)}
        # What a clock far ahead wrote down keeps nobody away once it is corrected.
        free = (C.c.until <= micros(at)) | (C.c.until > micros(until + (until - at)))
        return await self._reach.write(lambda c: insert_or_change(c, C, values, only=free))

    async def give_back(self, receipt: str, *, until: datetime) -> None:
        mine = (C.c.receipt == receipt) & (C.c.until == micros(until))
        await self._reach.write(lambda c: c.execute(delete(C).where(mine)))

    async def drop_ended(self, *, by: datetime) -> int:
        """What was settled by then, and what was said by then of a receipt that is not held any
        more; the log tells of both. How many."""
        held = exists().where(R.c.id == T.c.receipt, R.c.verdict == Verdict.HOLD.value)
        moot = (T.c.at <= micros(by)) & ~held
        ended = delete(T).where((T.c.settled_at <= micros(by)) | (T.c.settled_at.is_(None) & moot))

        def work(connection: Connection) -> int:
            connection.execute(delete(C).where(C.c.until <= micros(by)))
            return connection.execute(ended).rowcount

        return await self._reach.write(work)

    async def _open(self, query: Any) -> list[Proposal]:
        held = select(R.c.id).where(R.c.verdict == Verdict.HOLD.value)
        query = query.where(T.c.settled_at.is_(None), T.c.receipt.in_(held))

        def work(connection: Connection) -> list[Proposal]:
            rows = connection.execute(query).all()
            cipher = self._keyring.opening(connection, [DESK]).get(DESK)
            if cipher is None:
                return []
            return [unpack(Proposal, unseal(cipher, row.sealed, _bound(row.id))) for row in rows]

        return await self._reach.read(work)


def _bound(identifier: str) -> bytes:
    return bound(b"proposal", DESK, identifier.encode())
