"""One entry, or one version of it, into its rows; in the transaction of whoever calls."""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, func, insert, select, update

from gateway.records.entries.entry import GONE, STANDING, Entry, EntryState
from gateway.records.entries.kind import KINDS
from gateway.store import schema
from gateway.store.engine.statements import insert_many, take_numbers
from gateway.store.entries.rows import (
    ENTRY,
    NUMBERS,
    READ,
    AnyRow,
    changed,
    entry_row,
    part_name,
)
from gateway.store.index.lineage import hold, members, root
from gateway.store.keys.keyring import Keyring

T, S = schema.entry, schema.entry_state
COLUMNS = tuple(T.c[name] for name in READ.split())


def put(connection: Connection, keyring: Keyring, entries: Sequence[Entry]) -> None:
    """New ones, all of one record."""
    if not entries:
        return
    owner = root(connection, entries[0].patient)
    cipher = keyring.sealing(connection, [owner])[owner]
    first = take_numbers(connection, NUMBERS, len(entries))
    rows = [
        entry_row(one, number, owner, cipher, keyring.keys)
        for number, one in enumerate(entries, first)
    ]
    insert_many(connection, T, ENTRY, rows)
    clear_absent(connection, entries)


def put_version(connection: Connection, keyring: Keyring, entry: Entry) -> bool:
    """False where the kept one is not the version before."""
    before = (T.c.id == entry.id) & (T.c.version == entry.version - 1)
    row = connection.execute(select(*COLUMNS).where(before).with_for_update()).first()
    if row is None:
        return False
    cipher = keyring.sealing(connection, [row.patient])[row.patient]
    values = changed(entry, row.patient, cipher, keyring.keys)
    connection.execute(update(T).where(T.c.number == row.number).values(**values))
    if entry.state in GONE:
        connection.execute(delete(S).where(S.c.entry == entry.id))
    else:
        _keep(connection, row)
        clear_absent(connection, [entry])
    return True


def _keep(connection: Connection, row: AnyRow) -> None:
    """Sealed as it was: what binds it is its id and version."""
    values = {
        "entry": row.id,
        "version": row.version,
        "patient": row.patient,
        "state": row.state,
        "written_at": row.written_at,
        "sealed": row.sealed,
    }
    connection.execute(insert(S).values(**values))


def clear_absent(connection: Connection, entries: Sequence[Entry]) -> None:
    """The first entry of a kind takes the word away that there is none (PRO-01). Its row stays, for
    the log names it."""
    kinds = {one.kind.value for one in entries if one.state in STANDING}
    if not kinds:
        return
    names = members(connection, root(connection, entries[0].patient))
    absent = T.c.patient.in_(names) & T.c.kind.in_(kinds) & (T.c.state == EntryState.ABSENT.value)
    connection.execute(update(T).where(absent).values(state=EntryState.DELETED.value))


def is_there(connection: Connection, entry: Entry) -> bool:
    """By its id; who else adds one to this record waits until this is settled."""
    hold(connection, members(connection, root(connection, entry.patient)))
    return connection.scalar(select(T.c.number).where(T.c.id == entry.id)) is not None


def is_full(connection: Connection, keyring: Keyring, entry: Entry) -> bool:
    """Whether its kind has as many as it may: a word that there is none stands alone."""
    part = entry.content.part() if entry.content else ""
    is_word = entry.state is EntryState.ABSENT
    most = 1 if is_word else KINDS[entry.kind].most.get(part)
    if most is None:
        return False
    names = members(connection, root(connection, entry.patient))
    states = {*STANDING, EntryState.ABSENT} if is_word else STANDING
    of_kind = (T.c.kind == entry.kind.value) & T.c.state.in_([one.value for one in states])
    query = select(func.count()).where(T.c.patient.in_(names), of_kind)
    if part:
        parts = [part_name(keyring.keys, one, entry.kind, part) for one in names]
        query = query.where(T.c.part_name.in_(parts))
    return bool((connection.scalar(query) or 0) >= most)
