"""What comes again from an application is kept once (MEA-03); what was refused stays away."""

from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import structs
from sqlalchemy import Connection, select

from gateway.records.entries.entry import GONE, Entry, Taken
from gateway.store import schema
from gateway.store.engine.statements import select_in
from gateway.store.entries.rows import entry_of, same_name, source_name
from gateway.store.entries.writing import COLUMNS, put, put_version
from gateway.store.index.lineage import hold, record
from gateway.store.keys.gateway_keys import Keys
from gateway.store.keys.keyring import Keyring

T = schema.entry
GONE_STATES = frozenset(one.value for one in GONE)


def known_ids(
    connection: Connection, keys: Keys, names: Sequence[bytes], entries: Sequence[Entry]
) -> frozenset[str]:
    """Of those of which the record knows the source's identifier, or the same thing."""
    rows = _rows(connection, keys, names, entries)
    return frozenset(one.id for one in entries if _found(rows, keys, names, one) is not None)


def take(connection: Connection, keyring: Keyring, entries: Sequence[Entry]) -> Taken:
    """All of one record."""
    if not entries:
        return Taken(added=(), corrected=(), known=0)
    keys = keyring.keys
    names = record(connection, entries[0].patient)
    hold(connection, names)
    rows = _rows(connection, keys, names, entries)
    new: dict[bytes | str, Entry] = {}
    corrected: list[str] = []
    kept: dict[str, str] = {}
    for one in entries:
        row = _found(rows, keys, names, one)
        if row is None:
            source, same = source_name(keys, names[0], one), same_name(keys, names[0], one)
            new[source or same or one.id] = one
            continue
        kept[one.id] = row.id
        if row.state not in GONE_STATES and _correct(connection, keyring, row.id, one):
            corrected.append(row.id)
    added = _once(new.values(), keys, names[0])
    put(connection, keyring, added)
    by_name = {name: one.id for one in added for name in _names(keys, names[0], one)}
    for one in entries:
        told = (by_name[name] for name in _names(keys, names[0], one) if name in by_name)
        kept.setdefault(one.id, next(told, one.id))
    return Taken(
        added=[one.id for one in added],
        corrected=corrected,
        known=len(entries) - len(added) - len(corrected),
        ids=[kept[one.id] for one in entries],
    )


def _names(keys: Keys, name: bytes, entry: Entry) -> list[bytes]:
    """By its source's identifier, and by what it is the same as."""
    told = (source_name(keys, name, entry), same_name(keys, name, entry))
    return [one for one in told if one is not None]


def _once(entries: Iterable[Entry], keys: Keys, name: bytes) -> list[Entry]:
    """Of one batch the last of what is the same."""
    found: dict[bytes | str, Entry] = {}
    for one in entries:
        found[same_name(keys, name, one) or one.id] = one
    return list(found.values())


def _correct(connection: Connection, keyring: Keyring, kept: str, new: Entry) -> bool:
    """Whether it says something else now; the writer of a correction is who sent it."""
    row = connection.execute(select(*COLUMNS).where(T.c.id == kept)).one()
    cipher = keyring.opening(connection, [row.patient]).get(row.patient)
    if cipher is None:
        return False
    before = entry_of(row, cipher, new.patient)
    if before.content == new.content:
        return False
    after = structs.replace(
        before,
        content=new.content,
        writer=new.writer,
        written_at=new.written_at,
        version=before.version + 1,
    )
    return put_version(connection, keyring, after)


def _rows(
    connection: Connection, keys: Keys, names: Sequence[bytes], entries: Sequence[Entry]
) -> dict[bytes, Any]:
    """What is kept, by either of its names."""
    found: dict[bytes, Any] = {}
    for column, name_of in (("same_name", same_name), ("source_name", source_name)):
        wanted = {name_of(keys, name, one) for name in names for one in entries} - {None}
        for row in select_in(connection, T, f"id state {column}", column, wanted):
            found[getattr(row, column)] = row
    return found


def _found(rows: dict[bytes, Any], keys: Keys, names: Sequence[bytes], entry: Entry) -> Any | None:
    """That of the same identifier first: another value of it is a correction."""
    for name_of in (source_name, same_name):
        for name in names:
            known = name_of(keys, name, entry)
            if known is not None and known in rows:
                return rows[known]
    return None
