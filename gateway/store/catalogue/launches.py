"""Codes and tokens of launches, kept as hashes and sealed under the patient's key."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from gateway.records.catalogue.launches import LaunchToken, Spent, TokenKind
from gateway.records.patients.patient import PatientKey
from gateway.store import schema
from gateway.store.catalogue.uses import DatabaseUses, service_name
from gateway.store.columns import micros, pack, unpack
from gateway.store.index.lineage import record
from gateway.store.keys.sealing import bound, seal, unseal

T = schema.launch_token


class DatabaseLaunches(DatabaseUses):
    """The port `Launches`."""

    async def keep(self, *tokens: LaunchToken) -> None:
        def work(connection: Connection) -> None:
            ciphers = self._keyring.sealing(connection, [one.patient for one in tokens])
            for one in tokens:
                associated = _bound(one.patient, one.token_hash)
                values = {
                    "token_hash": one.token_hash,
                    "patient": one.patient,
                    "name": service_name(self._keyring, one.service),
                    "ends_at": micros(one.ends_at),
                    "sealed": seal(ciphers[one.patient], pack(one), associated),
                }
                connection.execute(insert(T).values(**values))

        await self._reach.write(work)

    async def find(self, token_hash: bytes) -> LaunchToken | None:
        found = await self._reach.read(lambda connection: self._one(connection, token_hash))
        return None if found is None or found.again else found.token

    async def spend(self, token_hash: bytes, *, at: datetime) -> Spent | None:
        mine = (T.c.token_hash == token_hash) & T.c.spent_at.is_(None)
        statement = update(T).where(mine).values(spent_at=micros(at))

        def work(connection: Connection) -> Spent | None:
            is_first = connection.execute(statement).rowcount == 1
            found = self._one(connection, token_hash)
            return None if found is None else Spent(token=found.token, again=not is_first)

        return await self._reach.write(work)

    def _one(self, connection: Connection, token_hash: bytes) -> Spent | None:
        """None too where the patient's key is gone."""
        query = select(T.c.patient, T.c.spent_at, T.c.sealed).where(T.c.token_hash == token_hash)
        row = connection.execute(query).one_or_none()
        if row is None:
            return None
        cipher = self._keyring.opening(connection, [row.patient]).get(row.patient)
        if cipher is None:
            return None
        plain = unseal(cipher, row.sealed, _bound(row.patient, token_hash))
        return Spent(token=unpack(LaunchToken, plain), again=row.spent_at is not None)

    async def drop(self, patient: PatientKey, service: str) -> int:
        name = service_name(self._keyring, service)

        def work(connection: Connection) -> int:
            names = record(connection, patient)
            mine = T.c.patient.in_(names) & (T.c.name == name)
            return connection.execute(delete(T).where(mine)).rowcount

        return await self._reach.write(work)

    async def follow(self, patient: PatientKey, service: str, *, granted: datetime) -> None:
        name = service_name(self._keyring, service)

        def work(connection: Connection) -> None:
            mine = T.c.patient.in_(record(connection, patient)) & (T.c.name == name)
            for (token_hash,) in connection.execute(select(T.c.token_hash).where(mine)).all():
                found = self._one(connection, token_hash)
                row = T.c.token_hash == token_hash
                if found is None or found.token.kind is not TokenKind.REFRESH:
                    connection.execute(delete(T).where(row))
                    continue
                token = replace(found.token, granted=granted)
                cipher = self._keyring.sealing(connection, [token.patient])[token.patient]
                sealed = seal(cipher, pack(token), _bound(token.patient, token_hash))
                connection.execute(update(T).where(row).values(sealed=sealed))

        await self._reach.write(work)

    async def drop_expired(self, now: datetime) -> int:
        ended = delete(T).where(T.c.ends_at <= micros(now))
        return await self._reach.write(lambda connection: connection.execute(ended).rowcount)


def _bound(patient: bytes, token_hash: bytes) -> bytes:
    return bound(b"launch token", patient, token_hash)
