"""Bury: all rows of a record, its keys and what its entries of the log said, in one transaction.

The leaves of its entries stay in the tree, so that every proof and every signed head goes on; they
stand under the number of the erasure from then on (`Tombstone.grave`), because a person who comes
back has the same name and another key. Each name of the record has a key of its own (decision 010).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import Connection, insert, null, select, update

from gateway.records.patients.erasure import Tombstone
from gateway.records.task import NewTask, TaskKind
from gateway.store import schema
from gateway.store.burying.rows import GOES, Found, held_for, take_out
from gateway.store.columns import micros
from gateway.store.keys.destroyed import one_more
from gateway.store.keys.keyring import Keyring
from gateway.store.people.sessions import end_sessions
from gateway.store.work.rows import add_tasks

C, K, P, TRY = schema.choice, schema.data_key, schema.patient, schema.own_try
S, T = schema.tombstone, schema.trace
NAME_BYTES = 16
IDENTIFIER_BYTES = 16
NOTHING = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Buried:
    """`keys` are the identifiers of those that were destroyed; the others count."""

    keys: tuple[str, ...]
    entries: int
    messages: int
    tasks: int


def key_identifier(wrapped: bytes) -> str:
    """What a receipt calls a key: of what was destroyed, as it lay in the database, the SHA-256,
    its first 16 bytes. It opens nothing, and tells whether a copy of it is that key."""
    return sha256(wrapped).hexdigest()[: 2 * IDENTIFIER_BYTES]


def bury(connection: Connection, keyring: Keyring, found: Found, stone: Tombstone) -> Buried:
    """`found` is read in this transaction; nobody seals beside it (`destroyed.alone`)."""
    names = list(found.names)
    keyring.bury(connection, names)
    wrapped = select(K.c.wrapped).where(K.c.patient.in_(names)).order_by(K.c.patient)
    keys = tuple(map(key_identifier, connection.scalars(wrapped)))
    end_sessions(connection, keyring, {name.hex() for name in names})
    _end_ties(connection, keyring, names, micros(stone.at))
    connection.execute(update(TRY).where(TRY.c.patient.in_(names)).values(patient=null()))
    entries = _silence(connection, names, stone)
    gone = dict.fromkeys((column.table.name for column, _ in GOES), 0)
    for column, which in GOES:
        gone[column.table.name] += take_out(connection, column, getattr(found, which))
    connection.execute(update(P).where(P.c.merged_into.in_(names)).values(merged_into=null()))
    one_more(connection)
    add_tasks(connection, keyring, _judged_anew(connection, stone), stone.at)
    tasks, messages = gone[schema.task.name], gone[schema.receipt.name]
    return Buried(keys=keys, entries=entries, messages=messages, tasks=tasks)


def set_stone(connection: Connection, stone: Tombstone, sealed: bytes | None) -> None:
    names = b"".join(stone.names)
    values = {"id": stone.id, "at": micros(stone.at), "names": names, "sealed": sealed}
    connection.execute(insert(S).values(**values))


def names_in(column: bytes) -> tuple[bytes, ...]:
    """Of `tombstone.names`."""
    starts = range(0, len(column), NAME_BYTES)
    return tuple(column[start : start + NAME_BYTES] for start in starts)


def _silence(connection: Connection, names: list[bytes], stone: Tombstone) -> int:
    ours = update(T).where(T.c.patient.in_(names))
    dead = ours.values(patient=stone.grave, document=null(), sealed=NOTHING)
    return connection.execute(dead).rowcount


def _end_ties(connection: Connection, keyring: Keyring, names: Iterable[bytes], at: int) -> None:
    """Nobody who comes back under this name sees again what others had shared with it."""
    targets = [keyring.keys.name(b"target", name.hex()) for name in names]
    is_open = C.c.until.is_(None) | (C.c.until > at)
    connection.execute(update(C).where(C.c.target_name.in_(targets), is_open).values(until=at))


def _judged_anew(connection: Connection, stone: Tombstone) -> list[NewTask]:
    """What was held is of nobody who is known: it is refused, and its bytes go in their time."""
    if not held_for(connection, stone.names):
        return []
    payload = ",".join(name.hex() for name in stone.names).encode()
    task = NewTask(kind=TaskKind.RELEASE, subject=stone.id, due_at=stone.at, payload=payload)
    return [task]
