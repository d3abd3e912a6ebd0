"""Signed-in browsers, one-time codes and failed tries. Subjects are stored as hashed names."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, select, update

from gateway.records.patients.account import Session, SignedIn
from gateway.records.patients.patient import DESK
from gateway.records.readers.tries import Allowance, Counted
from gateway.store import schema
from gateway.store.columns import instant, micros, pack, unpack
from gateway.store.engine.statements import insert_or_change, insert_or_leave
from gateway.store.keys.keyring import Keyring
from gateway.store.keys.sealing import bound, seal, unseal
from gateway.store.reach import Reach

S, C, A = schema.session, schema.code, schema.attempt
TRIES_KEPT = timedelta(days=1)
"""Longer than any of them is counted."""
COUNTING = 10
"""First key of these advisory locks of PostgreSQL; no other lock of ours has it."""


class DatabaseSessions:
    """The port `Sessions`."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._keyring = reach.keyring

    async def open(self, session: Session) -> None:
        def work(connection: Connection) -> None:
            insert_or_change(connection, S, self._row(connection, session))

        await self._reach.write(work)

    async def change(self, session: Session) -> None:
        def work(connection: Connection) -> None:
            open_still = update(S).where(S.c.id_hash == session.id_hash)
            connection.execute(open_still.values(**self._row(connection, session)))

        await self._reach.write(work)

    def _row(self, connection: Connection, session: Session) -> dict[str, object]:
        cipher = self._keyring.sealing(connection, [DESK])[DESK]
        return {
            "id_hash": session.id_hash,
            "seen_at": micros(session.seen_at),
            "expires_at": micros(session.expires_at),
            "sealed": seal(cipher, pack(session), _bound(session.id_hash)),
            "whose_name": whose_name(self._keyring, session.who, session.subject),
        }

    async def find(self, id_hash: bytes) -> Session | None:
        query = select(S.c.seen_at, S.c.sealed).where(S.c.id_hash == id_hash)

        def work(connection: Connection) -> Session | None:
            row = connection.execute(query).one_or_none()
            if row is None:
                return None
            cipher = self._keyring.opening(connection, [DESK])[DESK]
            session = unpack(Session, unseal(cipher, row.sealed, _bound(id_hash)))
            return _seen(session, instant(row.seen_at))

        return await self._reach.read(work)

    async def touch(self, id_hash: bytes, *, seen_at: datetime) -> None:
        statement = update(S).where(S.c.id_hash == id_hash).values(seen_at=micros(seen_at))
        await self._reach.write(lambda connection: connection.execute(statement).rowcount)

    async def close(self, id_hash: bytes) -> None:
        statement = delete(S).where(S.c.id_hash == id_hash)
        await self._reach.write(lambda connection: connection.execute(statement).rowcount)

    async def drop_expired(self, now: datetime) -> int:
        """Forgets sessions and codes whose end has come, and tries that nobody counts any more; how
        many."""
        ended = (
            delete(S).where(S.c.expires_at <= micros(now)),
            delete(C).where(C.c.expires_at <= micros(now)),
            delete(A).where(A.c.at <= micros(now - TRIES_KEPT)),
        )
        return await self._reach.write(
            lambda connection: sum(connection.execute(one).rowcount for one in ended)
        )

    async def keep_code(
        self, subject: str, purpose: str, *, salt: bytes, digest: bytes, expires_at: datetime
    ) -> None:
        values = {
            "name": self._code(subject, purpose),
            "salt": salt,
            "digest": digest,
            "expires_at": micros(expires_at),
        }
        await self._reach.write(lambda connection: insert_or_change(connection, C, values))

    async def take_code(self, subject: str, purpose: str) -> tuple[bytes, bytes, datetime] | None:
        name = self._code(subject, purpose)
        query = select(C.c.salt, C.c.digest, C.c.expires_at).where(C.c.name == name)

        def work(connection: Connection) -> tuple[bytes, bytes, datetime] | None:
            row = connection.execute(query).one_or_none()
            return None if row is None else (row.salt, row.digest, instant(row.expires_at))

        return await self._reach.read(work)

    async def spend_code(self, subject: str, purpose: str) -> bool:
        statement = delete(C).where(C.c.name == self._code(subject, purpose))
        return await self._reach.write(
            lambda connection: connection.execute(statement).rowcount == 1
        )

    async def once(self, subject: str, purpose: str, *, until: datetime) -> bool:
        values = {
            "name": self._code(subject, purpose),
            "salt": b"",
            "digest": b"",
            "expires_at": micros(until),
        }
        return await self._reach.write(lambda connection: insert_or_leave(connection, C, values))

    async def count(self, allowances: Sequence[Allowance], *, at: datetime) -> Counted:
        names = {one.subject: self._try(one.subject) for one in allowances}

        def work(connection: Connection) -> Counted:
            _hold(connection, names.values())
            ends = [_full_until(connection, names[one.subject], one, at) for one in allowances]
            full = [end for end in ends if end is not None]
            if full:
                return Counted(until=max(full))
            one_try = insert(A).returning(A.c.number)
            rows = [{"name": name, "at": micros(at)} for name in names.values()]
            return Counted(
                numbers=tuple(connection.execute(one_try.values(row)).scalar_one() for row in rows)
            )

        return await self._reach.write(work)

    async def take_back(self, numbers: Sequence[int], *, forget: str = "") -> None:
        right = A.c.number.in_(numbers)
        statement = delete(A).where(right | (A.c.name == self._try(forget)) if forget else right)
        await self._reach.write(lambda connection: connection.execute(statement).rowcount)

    async def tries(self, subject: str, *, since: datetime) -> list[datetime]:
        query = select(A.c.at).where(A.c.name == self._try(subject), A.c.at >= micros(since))
        query = query.order_by(A.c.at, A.c.number)
        return await self._reach.read(lambda c: [instant(at) for at in c.scalars(query)])

    async def failed(self, subject: str, *, at: datetime) -> None:
        statement = insert(A).values(name=self._try(subject), at=micros(at))
        await self._reach.write(lambda connection: connection.execute(statement).rowcount)

    def _code(self, subject: str, purpose: str) -> bytes:
        return self._keyring.keys.name(b"code", f"{purpose}\x00{subject}")

    def _try(self, subject: str) -> bytes:
        return self._keyring.keys.name(b"try", subject)


def _hold(connection: Connection, names: Collection[bytes]) -> None:
    """Whoever counts tries of the same names waits until ours are there to be counted; in one
    order, so that no two wait for each other. SQLite has one writer at a time."""
    if connection.dialect.name != "postgresql":
        return
    for number in sorted({int.from_bytes(name[:4], "big", signed=True) for name in names}):
        connection.execute(select(func.pg_advisory_xact_lock(COUNTING, number)))


def _full_until(
    connection: Connection, name: bytes, allowance: Allowance, at: datetime
) -> datetime | None:
    """When there is a try again; None where there is one now."""
    window = allowance.window
    near = A.c.at.between(micros(at - window) + 1, micros(at + window) - 1)
    newest = select(A.c.at).where(A.c.name == name, near).order_by(A.c.at.desc())
    last = connection.scalars(newest.limit(allowance.most)).all()
    return instant(last[-1]) + window if len(last) == allowance.most else None


def end_sessions(connection: Connection, keyring: Keyring, patients: Collection[str]) -> None:
    """Whoever is signed in as one of these patients (keys in hex) is so no more."""
    names = [whose_name(keyring, SignedIn.PATIENT, one) for one in patients]
    connection.execute(delete(S).where(S.c.whose_name.in_(names)))
    for id_hash in _unnamed(connection, keyring, patients):
        connection.execute(delete(S).where(S.c.id_hash == id_hash))


def _unnamed(connection: Connection, keyring: Keyring, patients: Collection[str]) -> list[bytes]:
    """Theirs among the sessions that yesterday's code opens, beside this one or before it: they
    bear no name, and last 8 hours."""
    rows = connection.execute(select(S.c.id_hash, S.c.sealed).where(S.c.whose_name.is_(None))).all()
    if not rows:
        return []
    cipher = keyring.opening(connection, [DESK])[DESK]
    opened = [unpack(Session, unseal(cipher, row.sealed, _bound(row.id_hash))) for row in rows]
    theirs = (one for one in opened if one.who is SignedIn.PATIENT and one.subject in patients)
    return [one.id_hash for one in theirs]


def whose_name(keyring: Keyring, who: SignedIn, subject: str) -> bytes:
    """Under which all sessions of one person are found."""
    return keyring.keys.name(b"session", f"{who}\x00{subject}")


def _bound(id_hash: bytes) -> bytes:
    return bound(b"session", DESK, id_hash)


def _seen(session: Session, at: datetime) -> Session:
    return replace(session, seen_at=at)
