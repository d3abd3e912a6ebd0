"""What professionals tried at `/pro`; whose it is stands there as a hashed name."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from gateway.records.patients.patient import PatientKey
from gateway.records.readers.own_try import OwnTry, Tried
from gateway.store import schema
from gateway.store.columns import instant, micros
from gateway.store.reach import Reach

T = schema.own_try
KEPT = timedelta(days=30)


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

    async def of(self, professional: str, *, limit: int) -> list[OwnTry]:
        query = select(T).where(T.c.professional_name == self._name(professional))
        query = query.order_by(T.c.at.desc(), T.c.number.desc()).limit(limit)
        return await self._reach.read(lambda c: [_own(row) for row in c.execute(query)])

    def _name(self, professional: str) -> bytes:
        return self._reach.keyring.keys.name(b"own try", professional)


def _own(row: Row[Any]) -> OwnTry:
    return OwnTry(
        act=Tried(row.act),
        permitted=bool(row.permitted),
        at=instant(row.at),
        patient=PatientKey(row.patient) if row.patient is not None else None,
    )
