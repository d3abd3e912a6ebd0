"""Bury: the keys of a record, all its rows, and what its entries of the log said.

`destroy` is the deed: from that commit on nobody reads anything of the person. `clear` is what is
left to do, at once or step by step (`steps`). The leaves of the entries stay in the tree, so that
every proof and every signed head goes on; they stand under the number of the erasure from then on
(`Tombstone.grave`), because a person who comes back has the same name and another key. Each name
of the record has a key of its own (decision 010).
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256

from sqlalchemy import ColumnElement, Connection, insert, null, select, update

from gateway.records.patients.account import AccountState
from gateway.records.patients.erasure import Tombstone
from gateway.records.task import NewTask, TaskKind
from gateway.store import schema
from gateway.store.burying.rows import AT_FIRST, GOES, Found, held_for, take_out
from gateway.store.columns import micros
from gateway.store.keys.destroyed import one_more
from gateway.store.keys.keyring import Keyring
from gateway.store.people.signing_in.sessions import end_sessions
from gateway.store.work.rows import add_tasks

C, K, P, TRY = schema.choice, schema.data_key, schema.patient, schema.own_try
S, T = schema.tombstone, schema.trace
IDENTIFIER_BYTES = 16
NOTHING = b""


def key_identifier(wrapped: bytes) -> str:
    """What a receipt calls a key: of what was destroyed, as it lay in the database, the SHA-256,
    its first 16 bytes. It opens nothing, and tells whether a copy of it is that key."""
    return sha256(wrapped).hexdigest()[: 2 * IDENTIFIER_BYTES]


def destroy(connection: Connection, keyring: Keyring, stone: Tombstone) -> tuple[str, ...]:
    """The identifiers of the keys that are gone. Of the record no line says a word any more, and
    its space is `erasing` until it is cleared. Nobody seals beside it (`destroyed.alone`)."""
    names = list(stone.names)
    keyring.bury(connection, names)
    wrapped = select(K.c.wrapped).where(K.c.patient.in_(names)).order_by(K.c.patient)
    keys = tuple(map(key_identifier, connection.scalars(wrapped)))
    end_sessions(connection, keyring, {name.hex() for name in names})
    _end_ties(connection, keyring, names, micros(stone.at))
    for column, _ in GOES:
        if column.table.name in AT_FIRST:
            take_out(connection, column, names)
    ends = {"state": AccountState.ERASING.value, "sealed": NOTHING}
    connection.execute(update(P).where(P.c.patient.in_(names)).values(**ends))
    one_more(connection)
    return keys


def clear(connection: Connection, keyring: Keyring, found: Found, stone: Tombstone) -> None:
    """`found` is read in this transaction: nothing is under these names behind it."""
    names = list(found.names)
    _end_ties(connection, keyring, names, micros(stone.at))
    connection.execute(update(TRY).where(TRY.c.patient.in_(names)).values(patient=null()))
    silence(connection, T.c.patient.in_(names), stone)
    then = _judged_anew(connection, stone)
    for column, which in GOES:
        take_out(connection, column, getattr(found, which))
    connection.execute(update(P).where(P.c.merged_into.in_(names)).values(merged_into=null()))
    add_tasks(connection, keyring, then, stone.at)


def silence(connection: Connection, which: ColumnElement[bool], stone: Tombstone) -> None:
    """Whose these entries of the log were, of what, and what they said."""
    dead = update(T).where(which).values(patient=stone.grave, document=null(), sealed=NOTHING)
    connection.execute(dead)


def set_stone(
    connection: Connection, stone: Tombstone, *, rest: bytes | None, leaves: bytes | None
) -> None:
    names = b"".join(stone.names)
    values = {"id": stone.id, "at": micros(stone.at), "names": names}
    sealed = {"sealed": stone.receipt or None, "rest": rest, "leaves": leaves}
    connection.execute(insert(S).values(**values, **sealed))


def _end_ties(connection: Connection, keyring: Keyring, names: Iterable[bytes], at: int) -> None:
    """Nobody who comes back under this name sees again what others had shared with it."""
    targets = [keyring.keys.name(b"target", name.hex()) for name in names]
    is_open = C.c.until.is_(None) | (C.c.until > at)
    connection.execute(update(C).where(C.c.target_name.in_(targets), is_open).values(until=at))


def _judged_anew(connection: Connection, stone: Tombstone) -> Sequence[NewTask]:
    """What was held is of nobody who is known: it is refused, and its bytes go in their time."""
    if not held_for(connection, stone.names):
        return []
    payload = ",".join(name.hex() for name in stone.names).encode()
    task = NewTask(kind=TaskKind.RELEASE, subject=stone.id, due_at=stone.at, payload=payload)
    return [task]
