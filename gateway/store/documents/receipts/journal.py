"""The book of everything received, and what became of it."""

from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec import structs
from sqlalchemy import Connection, Row, delete, select

from gateway.records.intake.filing import Answer, Door, Intake, Receipt
from gateway.records.intake.finding import Verdict
from gateway.records.patients.patient import DESK
from gateway.store import schema
from gateway.store.columns import can_be, instant, micros
from gateway.store.documents.filing.envelope import rebuild
from gateway.store.documents.packed import packed_receipt
from gateway.store.engine.database import Database
from gateway.store.index.lineage import waiting_under
from gateway.store.keys.keyring import Keyring
from gateway.store.keys.sealing import bound, unseal

T = schema.receipt
COLUMNS = (
    T.c.id,
    T.c.number,
    T.c.patient,
    T.c.sender,
    T.c.door,
    T.c.digest,
    T.c.at,
    T.c.format,
    T.c.size,
    T.c.sealed,
)


class DatabaseJournal:
    """The port `Journal`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def file(self, intake: Intake) -> Answer:
        return await self._database.file(intake)

    async def refile(self, intake: Intake) -> Answer:
        return await self._database.file(structs.replace(intake, released=True))

    async def receipt(self, receipt: str) -> Receipt | None:
        query = select(*COLUMNS).where(T.c.id == receipt)

        def work(connection: Connection) -> Receipt | None:
            if not can_be(receipt):
                return None
            found = _receipts(connection, self._database.keyring, connection.execute(query).all())
            return found[0] if found else None

        return await self._database.read(work)

    async def raw(self, receipt: str) -> bytes | None:
        return await self._database.read(
            lambda connection: _raw(connection, self._database.keyring, receipt)
        )

    async def held(self, *, limit: int) -> list[Receipt]:
        query = select(*COLUMNS).where(T.c.verdict == Verdict.HOLD.value)
        query = query.order_by(T.c.number).limit(limit)
        return await self._database.read(
            lambda connection: _receipts(
                connection, self._database.keyring, connection.execute(query).all()
            )
        )

    async def waiting_for(self, name: bytes) -> list[str]:
        """Held receipts that wait for this name, or for one that leads to it."""
        return await self._database.read(lambda connection: waiting_under(connection, name))

    async def drop_expired(self, now: datetime) -> int:
        t = schema.raw
        statement = delete(t).where(t.c.keep_until <= micros(now))
        return await self._database.write(lambda connection: connection.execute(statement).rowcount)


def _receipts(connection: Connection, keyring: Keyring, rows: Any) -> list[Receipt]:
    ciphers = keyring.opening(connection, [row.patient for row in rows])
    return [
        _receipt(row, ciphers[row.patient or DESK])
        for row in rows
        if (row.patient or DESK) in ciphers
    ]


def _receipt(row: Row[Any], cipher: AESGCM) -> Receipt:
    packed = packed_receipt(row, cipher)
    return Receipt(
        id=row.id,
        sender=row.sender,
        door=Door(row.door),
        key=packed.key,
        digest=row.digest,
        at=instant(row.at),
        answer=packed.answer,
        format=row.format,
        size=row.size,
        depositor=packed.depositor,
        writer=packed.writer,
        box=packed.box,
    )


def _raw(connection: Connection, keyring: Keyring, receipt: str) -> bytes | None:
    """None where the bytes were dropped, those of a document in it too, or the key that sealed them
    is destroyed."""
    t = schema.raw
    query = select(t.c.number, t.c.patient, t.c.sealed).join(T, T.c.number == t.c.number)
    row = connection.execute(query.where(T.c.id == receipt)).one_or_none()
    if row is None:
        return _raw_in_body(connection, keyring, receipt)
    owner = row.patient or DESK
    cipher = keyring.opening(connection, [owner]).get(owner)
    if cipher is None:
        return None
    envelope = unseal(cipher, row.sealed, bound(b"raw", owner, b"%d" % row.number))
    try:
        return rebuild(envelope, lambda number: body_of(connection, keyring, number))
    except LookupError:
        return None


def _raw_in_body(connection: Connection, keyring: Keyring, receipt: str) -> bytes | None:
    """The body of its only document, where that was the whole input (`rows.body_is_raw`)."""
    d = schema.document
    query = select(d.c.number, d.c.patient).join(T, T.c.number + 1 == d.c.number)
    query = query.join(schema.content, schema.content.c.number == d.c.number)
    row = connection.execute(query.where(T.c.id == receipt, d.c.receipt == T.c.id)).one_or_none()
    if row is None or row.patient not in keyring.opening(connection, [row.patient]):
        return None
    return body_of(connection, keyring, row.number)


def body_of(connection: Connection, keyring: Keyring, number: int) -> bytes:
    """A document's own bytes by its number. Raises LookupError where they are gone."""
    t = schema.content
    row = connection.execute(select(t.c.patient, t.c.body).where(t.c.number == number)).first()
    if row is None:
        raise LookupError("the bytes of this document are gone")
    cipher = keyring.opening(connection, [row.patient])[row.patient]
    return unseal(cipher, row.body, bound(b"body", row.patient, b"%d" % number))
