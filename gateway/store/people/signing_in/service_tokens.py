"""Tokens of services: which service acts for which patient, sealed under that patient's key."""

from sqlalchemy import Connection, delete, select

from gateway.records.patients.patient import PatientKey
from gateway.records.readers.service import ServiceToken
from gateway.store import schema
from gateway.store.columns import pack, unpack
from gateway.store.engine.statements import insert_or_change
from gateway.store.index.lineage import record
from gateway.store.keys.sealing import bound, seal, unseal
from gateway.store.reach import Reach

T = schema.service_token


class DatabaseServiceTokens:
    """The port `ServiceTokens`."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._keyring = reach.keyring

    async def keep(self, token: ServiceToken) -> None:
        def work(connection: Connection) -> None:
            cipher = self._keyring.sealing(connection, [token.patient])[token.patient]
            values = {
                "token_hash": token.token_hash,
                "patient": token.patient,
                "sealed": seal(cipher, pack(token), _bound(token.patient, token.token_hash)),
            }
            insert_or_change(connection, T, values)

        await self._reach.write(work)

    async def find(self, token_hash: bytes) -> ServiceToken | None:
        """None too where the patient's key is gone."""
        query = select(T.c.patient, T.c.sealed).where(T.c.token_hash == token_hash)

        def work(connection: Connection) -> ServiceToken | None:
            row = connection.execute(query).one_or_none()
            if row is None:
                return None
            cipher = self._keyring.opening(connection, [row.patient]).get(row.patient)
            if cipher is None:
                return None
            associated = _bound(row.patient, token_hash)
            return unpack(ServiceToken, unseal(cipher, row.sealed, associated))

        return await self._reach.read(work)

    async def drop(self, patient: PatientKey, service: str) -> int:
        def work(connection: Connection) -> int:
            names = record(connection, patient)
            query = select(T.c.token_hash, T.c.patient, T.c.sealed).where(T.c.patient.in_(names))
            rows = connection.execute(query).all()
            ciphers = self._keyring.opening(connection, {row.patient for row in rows})
            gone = []
            for row in rows:
                cipher = ciphers.get(row.patient)
                if cipher is None:
                    continue  # nobody can be found by it any more
                plain = unseal(cipher, row.sealed, _bound(row.patient, row.token_hash))
                if unpack(ServiceToken, plain).service == service:
                    gone.append(row.token_hash)
            connection.execute(delete(T).where(T.c.token_hash.in_(gone)))
            return len(gone)

        return await self._reach.write(work)


def _bound(patient: bytes, token_hash: bytes) -> bytes:
    return bound(b"service token", patient, token_hash)
