"""Bytes of refused messages that two people of the desk open: who asked, and why, is sealed."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from gateway.records.intake.finding import Verdict
from gateway.records.intake.opening import Opening, Standing
from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import DESK
from gateway.store import schema
from gateway.store.columns import can_be, instant_or_none, micros, micros_or_none, pack, unpack
from gateway.store.documents.filing.names import digest_of_sender, key_of_sender
from gateway.store.documents.packed import packed_receipt
from gateway.store.keys.sealing import bound, seal, unseal
from gateway.store.log import traces
from gateway.store.reach import Reach

T, R, B = schema.opening, schema.receipt, schema.raw
RECEIPT = (R.c.id, R.c.number, R.c.patient, R.c.sender, R.c.digest, R.c.verdict, R.c.sealed)


class DatabaseOpenings:
    """The port `Openings`."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._keyring = reach.keyring

    async def standing(self, receipt: str) -> Standing | None:
        query = select(*RECEIPT, B.c.keep_until).outerjoin(B, B.c.number == R.c.number)

        def work(connection: Connection) -> Standing | None:
            row = connection.execute(query.where(R.c.id == receipt)).one_or_none()
            return None if row is None else self._standing(connection, row)

        return await self._reach.read(work) if can_be(receipt) else None

    def _standing(self, connection: Connection, row: Any) -> Standing | None:
        owner = row.patient or DESK
        cipher = self._keyring.opening(connection, [owner]).get(owner)
        if cipher is None:
            return None
        packed = packed_receipt(row, cipher)
        return Standing(
            verdict=Verdict(row.verdict),
            in_a_record=row.patient is not None,
            was_held=packed.was_held,
            taken=self._taken(connection, row, packed.key),
            keep_until=instant_or_none(row.keep_until),
        )

    def _taken(self, connection: Connection, row: Any, key: str | None) -> bool:
        """By the names under which a copy is found, which a refused receipt does not bear."""
        keys = self._keyring.keys
        named = R.c.digest_name == digest_of_sender(keys, row.sender, row.digest)
        if key:
            named |= R.c.key_name == key_of_sender(keys, row.sender, key)
        same = named & (R.c.digest == row.digest) & (R.c.verdict != Verdict.REFUSE.value)
        return connection.scalar(select(R.c.number).where(same).limit(1)) is not None

    async def ask(self, opening: Opening, *, act: NewTrace) -> None:
        def work(connection: Connection) -> None:
            before = self._found(connection, T.c.receipt == opening.receipt)
            if any(one.by == opening.by and one.until is None for one in before):
                return
            connection.execute(insert(T).values(**self._row(connection, opening)))
            traces.add(connection, self._reach.clock.now(), [act])

        await self._reach.write(work)

    async def waiting(self, *, since: datetime, limit: int) -> list[Opening]:
        asked = T.c.until.is_(None) & (T.c.at > micros(since))
        return await self._reach.read(lambda c: self._found(c, asked, limit))

    async def find(self, identifier: str) -> Opening | None:
        one = (T.c.id == identifier) & T.c.until.is_(None)
        if not can_be(identifier):
            return None
        return next(iter(await self._reach.read(lambda c: self._found(c, one))), None)

    async def of_receipt(self, receipt: str) -> list[Opening]:
        return await self._reach.read(lambda c: self._found(c, T.c.receipt == receipt))

    async def agree(self, opening: Opening, *, act: NewTrace) -> bool:
        def work(connection: Connection) -> bool:
            row = self._row(connection, opening)
            waits = (T.c.id == opening.id) & T.c.until.is_(None)
            changed = update(T).where(waits).values(until=row["until"], sealed=row["sealed"])
            return self._done(connection, changed, act)

        return await self._reach.write(work)

    async def drop(self, identifier: str, *, act: NewTrace) -> bool:
        gone = delete(T).where(T.c.id == identifier, T.c.until.is_(None))
        return await self._reach.write(lambda connection: self._done(connection, gone, act))

    async def drop_ended(self, now: datetime, *, asked_before: datetime) -> int:
        unanswered = T.c.until.is_(None) & (T.c.at <= micros(asked_before))
        ended = delete(T).where((T.c.until <= micros(now)) | unanswered)
        return await self._reach.write(lambda connection: connection.execute(ended).rowcount)

    def _done(self, connection: Connection, statement: Any, act: NewTrace) -> bool:
        if connection.execute(statement).rowcount != 1:
            return False
        traces.add(connection, self._reach.clock.now(), [act])
        return True

    def _row(self, connection: Connection, opening: Opening) -> dict[str, Any]:
        cipher = self._keyring.sealing(connection, [DESK])[DESK]
        return {
            "id": opening.id,
            "receipt": opening.receipt,
            "at": micros(opening.at),
            "until": micros_or_none(opening.until),
            "sealed": seal(cipher, pack(opening), _bound(opening.id)),
        }

    def _found(
        self, connection: Connection, which: ColumnElement[bool], limit: int | None = None
    ) -> list[Opening]:
        query = select(T.c.id, T.c.sealed).where(which).order_by(T.c.at, T.c.id).limit(limit)
        rows = connection.execute(query).all()
        cipher = self._keyring.opening(connection, [DESK]).get(DESK)
        if cipher is None:
            return []
        return [unpack(Opening, unseal(cipher, row.sealed, _bound(row.id))) for row in rows]


def _bound(identifier: str) -> bytes:
    return bound(b"opening", DESK, identifier.encode())
