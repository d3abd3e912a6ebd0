"""What professionals tried at `/pro`; whose it is stands there as a hashed name."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from gateway.records.patients.patient import PatientKey
from gateway.records.readers.own_try import OwnTry, Tried
from gateway.store import schema
from gateway.store.columns import instant, micros
from gateway.store.reach import Reach

T = schema.own_try
KEPT = timedelta(days=30)
AT_ONCE = 1_000


class DatabaseOwnTries:
    """The port `OwnTries`."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach

    async def note(self, professional: str, one: OwnTry) -> None:
        name = self._name(professional)
        own, old = T.c.professional_name == name, T.c.at < micros(one.at - KEPT)
        values = {
            "professional_name": name,
            "patient": one.patient,
            "act": one.act.value,
            "permitted": one.permitted,
            "at": micros(one.at),
        }

        def work(connection: Connection) -> None:
            connection.execute(delete(T).where(own, old))
            connection.execute(insert(T).values(**values))

        await self._reach.write(work)

    async def drop_expired(self, now: datetime) -> int:
        """Everybody's that are older than a month: `note` forgets those of who tries again. The
        oldest first, for no index names them by their age alone. How many."""
        first = select(T.c.number, T.c.at).order_by(T.c.number).limit(AT_ONCE).subquery().c
        old = select(first.number).where(first.at < micros(now - KEPT))
        gone, last = 0, AT_ONCE
        while last == AT_ONCE:
            numbers = await self._reach.read(lambda c: c.scalars(old).all())
            last = len(numbers)
            if numbers:
                await self._reach.write(partial(_drop, numbers))
            gone += last
        return gone

    async def of(self, professional: str, *, limit: int) -> list[OwnTry]:
        query = select(T).where(T.c.professional_name == self._name(professional))
        query = query.order_by(T.c.at.desc(), T.c.number.desc()).limit(limit)
        return await self._reach.read(lambda c: [_own(row) for row in c.execute(query)])

    def _name(self, professional: str) -> bytes:
        return self._reach.keyring.keys.name(b"own try", professional)


def _drop(numbers: Sequence[int], connection: Connection) -> None:
    connection.execute(delete(T).where(T.c.number.in_(numbers)))


def _own(row: Row[Any]) -> OwnTry:
    return OwnTry(
        act=Tried(row.act),
        permitted=bool(row.permitted),
        at=instant(row.at),
        patient=PatientKey(row.patient) if row.patient is not None else None,
    )
