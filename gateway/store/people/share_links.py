"""Links to documents, sealed under the key of their record; secrets stand as their HMAC."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import ColumnElement, Connection, delete, func, select, update

from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import PatientKey
from gateway.records.patients.share_link import ShareLink
from gateway.records.readers.access import ReaderKind
from gateway.store import schema
from gateway.store.columns import instant, micros, pack, unpack
from gateway.store.index.lineage import hold, record, roots
from gateway.store.keys.sealing import bound, seal, unseal
from gateway.store.log.traces import add as add_traces
from gateway.store.reach import Reach

L, R = schema.share_link, schema.share_reading


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    by: str
    kind: ReaderKind
    by_name: str
    to: str
    secret: str
    code: str
    is_attestation: bool = False


class DatabaseShareLinks:
    """The port `ShareLinks`."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._keyring = reach.keyring

    async def make(self, made: ShareLink, *, most: int, act: NewTrace) -> bool:
        now = micros(made.made_at)

        def work(connection: Connection) -> bool:
            names = record(connection, made.patient)
            hold(connection, names)
            connection.execute(delete(R).where(R.c.until <= now))
            connection.execute(delete(L).where(L.c.until <= now))
            if connection.execute(select(L.c.id).where(L.c.id == made.id)).first():
                return True
            count = select(func.count()).select_from(L).where(L.c.patient.in_(names))
            if connection.execute(count).scalar_one() >= most:
                return False
            cipher = self._keyring.sealing(connection, [made.patient])[made.patient]
            connection.execute(L.insert().values(**self._row(made, cipher)))
            add_traces(connection, self._reach.clock.now(), [act])
            return True

        return await self._reach.write(work)

    async def of(self, patient: PatientKey, now: datetime) -> Sequence[ShareLink]:
        def work(connection: Connection) -> list[ShareLink]:
            return self._found(connection, L.c.patient.in_(record(connection, patient)), now)

        return await self._reach.read(work)

    async def find(self, secret: str, now: datetime) -> ShareLink | None:
        wanted = L.c.name == self._name(secret)
        found = await self._reach.read(lambda c: self._found(c, wanted, now))
        return next(iter(found), None)

    async def end(self, link: str, *, act: NewTrace) -> bool:
        def work(connection: Connection) -> bool:
            connection.execute(delete(R).where(R.c.link == link))
            if connection.execute(delete(L).where(L.c.id == link)).rowcount != 1:
                return False
            add_traces(connection, self._reach.clock.now(), [act])
            return True

        return await self._reach.write(work)

    async def begin(
        self, link: ShareLink, ticket: str, *, until: datetime, most: int, act: NewTrace
    ) -> bool:
        stands = (L.c.id == link.id) & (L.c.readings < most)
        one_more = update(L).where(stands).values(readings=L.c.readings + 1)
        row = {
            "name": self._name(ticket),
            "link": link.id,
            "patient": link.patient,
            "until": micros(until),
        }

        def work(connection: Connection) -> bool:
            if connection.execute(one_more).rowcount != 1:
                return False
            connection.execute(R.insert().values(**row))
            add_traces(connection, self._reach.clock.now(), [act])
            return True

        return await self._reach.write(work)

    async def reading(self, secret: str, ticket: str, now: datetime) -> ShareLink | None:
        lasting = (R.c.name == self._name(ticket)) & (R.c.until > micros(now))
        of_it = L.c.id.in_(select(R.c.link).where(lasting))
        wanted = (L.c.name == self._name(secret)) & of_it
        found = await self._reach.read(lambda c: self._found(c, wanted, now))
        return next(iter(found), None)

    def _found(
        self, connection: Connection, wanted: ColumnElement[bool], now: datetime
    ) -> list[ShareLink]:
        query = select(L).where(wanted, L.c.until > micros(now))
        rows = connection.execute(query.order_by(L.c.made_at.desc(), L.c.id)).all()
        return self._opened(connection, rows)

    def _opened(self, connection: Connection, rows: Iterable[Any]) -> list[ShareLink]:
        """What nobody can read any more is left out."""
        found = list(rows)
        owners = {row.patient for row in found}
        ciphers, records = self._keyring.opening(connection, owners), roots(connection, owners)
        return [
            _link_of(row, records[row.patient], ciphers[row.patient])
            for row in found
            if row.patient in ciphers
        ]

    def _row(self, made: ShareLink, cipher: AESGCM) -> dict[str, Any]:
        said = _Said(
            by=made.by,
            kind=made.kind,
            by_name=made.by_name,
            to=made.to,
            secret=made.secret,
            code=made.code,
            is_attestation=made.is_attestation,
        )
        return {
            "id": made.id,
            "name": self._name(made.secret),
            "patient": made.patient,
            "document": made.document,
            "made_at": micros(made.made_at),
            "until": micros(made.until),
            "readings": made.readings,
            "sealed": seal(cipher, pack(said), _bound(made.patient, made.id)),
        }

    def _name(self, secret: str) -> bytes:
        return self._keyring.keys.name(b"share link", secret)


def _link_of(row: Any, patient: PatientKey, cipher: AESGCM) -> ShareLink:
    said = unpack(_Said, unseal(cipher, row.sealed, _bound(row.patient, row.id)))
    return ShareLink(
        id=row.id,
        patient=patient,
        document=row.document,
        by=said.by,
        kind=said.kind,
        by_name=said.by_name,
        to=said.to,
        secret=said.secret,
        code=said.code,
        made_at=instant(row.made_at),
        until=instant(row.until),
        readings=row.readings,
        is_attestation=said.is_attestation,
    )


def _bound(patient: bytes, link: str) -> bytes:
    return bound(b"share link", patient, link.encode())
