"""A new master key beside the old one: every data key is wrapped anew while the gateway goes on.

Each step is one transaction of its own, so that a rotation that was killed is gone on with by
beginning again, from whatever process: `begin` puts the new version in force, so that no data key
is made under an earlier one any more; `rewrap` goes through those that were; `finish` lets the
database forget the earlier versions. Documents are not touched: their data keys stay the same.
"""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.keywrap import InvalidUnwrap
from sqlalchemy import (
    Connection,
    LargeBinary,
    bindparam,
    case,
    delete,
    func,
    literal,
    select,
    update,
)

from gateway.records.patients.account import NewTrace
from gateway.store import schema
from gateway.store.engine.engines import writing_engine
from gateway.store.engine.failures import deferred
from gateway.store.keys.masters.in_force import IN_FORCE, in_force, known_versions, make_known
from gateway.store.keys.masters.master import BLOCK_BYTES, FIRST, VERSION_BYTES, version_of
from gateway.store.log.traces import add as add_traces
from gateway.store.reach import Reach

C, K, N = schema.key_check, schema.data_key, schema.counter
STEP = 500
"""Data keys wrapped anew in one transaction: a few milliseconds in which a deposit may wait."""
LOCK_WAIT = "SET lock_timeout = '3s'"
BARE = literal(b"", LargeBinary)
OF, TO = "of", "anew"
REWRAP = update(K).where(K.c.patient == bindparam(OF)).values(wrapped=bindparam(TO))


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """`counts` are the data keys under each version, `known` the versions that a start asks for."""

    in_force: int
    known: Sequence[int]
    counts: dict[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """What one step did: `last` is the patient it ended with, None when there was none left."""

    last: bytes | None
    rewrapped: int = 0
    damaged: int = 0


class KeyRotation:
    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._keys = reach.keyring.keys

    async def standing(self) -> Standing:
        return await self._reach.read(_standing)

    async def begin(self, version: int, *, act: NewTrace) -> bool:
        """False where that version, or a later one, is in force already. Waits for every
        transaction that makes a data key under the earlier one. Raises KeyFileError."""
        named = update(N).where(N.c.name == IN_FORCE, N.c.next < version).values(next=version)
        self._keys.wrap(bytes(BLOCK_BYTES * 2), version)  # it must be at hand

        def work(connection: Connection) -> bool:
            if connection.execute(named).rowcount == 0:
                return False
            make_known(connection, self._keys, version)
            add_traces(connection, self._reach.clock.now(), [act])
            return True

        return await self._reach.write(work)

    async def rewrap(self, version: int, *, after: bytes | None) -> Stretch:
        """The next few patients after that one. What does not unwrap stays as it is, and counts as
        damaged. Raises KeyFileError where a version is missing."""
        query = select(K.c.patient, K.c.wrapped).order_by(K.c.patient).limit(STEP)
        if after is not None:
            query = query.where(K.c.patient > after)

        def work(connection: Connection) -> Stretch:
            rows = connection.execute(query.with_for_update()).all()
            if not rows:
                return Stretch(last=None)
            anew = {row.patient: self._anew(row.wrapped, version) for row in rows}
            changed = [{OF: patient, TO: to} for patient, to in anew.items() if to]
            if changed:
                connection.execute(REWRAP, changed)
            damaged = list(anew.values()).count(b"")
            return Stretch(last=rows[-1].patient, rewrapped=len(changed), damaged=damaged)

        return await self._reach.write(work)

    def _anew(self, wrapped: bytes, version: int) -> bytes | None:
        """None where it is under that version or a later one; nothing of a damaged one."""
        try:
            if version_of(wrapped) >= version:
                return None
            return self._keys.wrap(self._keys.unwrap(wrapped), version)
        except InvalidUnwrap:
            return b""

    async def finish(self, version: int, *, act: NewTrace) -> bool:
        """False where it was finished already. After a whole `rewrap` without a damaged key."""
        earlier = delete(C).where(C.c.number < version)

        def work(connection: Connection) -> bool:
            if connection.execute(earlier).rowcount == 0:
                return False
            add_traces(connection, self._reach.clock.now(), [act])
            return True

        return await self._reach.write(work)


def _standing(connection: Connection) -> Standing:
    has_version = func.length(K.c.wrapped) % BLOCK_BYTES == VERSION_BYTES
    prefix = case((has_version, func.substr(K.c.wrapped, 1, VERSION_BYTES)), else_=BARE)
    rows = connection.execute(select(prefix.label("prefix"), func.count()).group_by("prefix"))
    counts = {int.from_bytes(found) or FIRST: count for found, count in rows}
    return Standing(in_force=in_force(connection), known=known_versions(connection), counts=counts)


def forget_former(url: str) -> bool:
    """Takes what was written over out of the files too: the WAL of SQLite, the dead rows of the
    table of PostgreSQL. False where others were in the way: nothing is lost, and it may be done
    again."""
    engine = writing_engine(url)
    try:
        with closing(engine.raw_connection()) as raw:
            driver: Any = raw.driver_connection
            if engine.dialect.name == "sqlite":
                return bool(driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0)
            driver.autocommit = True
            driver.execute(LOCK_WAIT)
            driver.execute("VACUUM (FULL) data_key")
            return True
    except Exception as error:
        if deferred(error) is None:
            raise
        return False
    finally:
        engine.dispose()
