"""Reads the whole log as its verifier does: each readable entry against the leaf beside it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, select

from gateway.audit.entry import leaf_of, names
from gateway.store import schema
from gateway.store.engine.statements import current_number, rows_of, select_in
from gateway.store.keys.keyring import Keyring
from gateway.store.keys.sealing import unseal
from gateway.store.log.traces import COUNTER
from gateway.store.reach import Reach

P, N, D, S = schema.patient, schema.local_name, schema.document, schema.tombstone
COLUMNS = "number, patient, document, at, leaf, sealed"
UNREADABLE = (InvalidTag, ValueError, KeyError, TypeError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Entries in order: `numbers` that stand, their leaves, and those that are altered.

    `unreadable` counts entries whose key is destroyed: their leaves alone are left.
    """

    numbers: tuple[int, ...]
    leaves: tuple[bytes, ...]
    altered: tuple[int, ...]
    unreadable: int


class LogReader:
    """Of one store; nothing is written."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach

    async def given_out(self) -> int:
        """How many entries there must be."""
        return await self._reach.read(lambda connection: current_number(connection, COUNTER))

    async def stretch(self, *, since: int, limit: int) -> Stretch:
        """The next `limit` entries from number `since` on."""
        return await self._reach.read(
            lambda connection: read_stretch(connection, self._reach.keyring, since, limit)
        )


def read_stretch(connection: Connection, keyring: Keyring, since: int, limit: int) -> Stretch:
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    text = f"SELECT {COLUMNS} FROM trace WHERE number >= {mark} ORDER BY number LIMIT {mark}"  # noqa: S608 - our own names
    rows = rows_of(connection, text, (since, limit))
    owners = {row[1] for row in rows}
    ciphers, damaged = keyring.sound(connection, owners)
    return stretch_of(rows, ciphers, _erased(connection, owners - ciphers.keys() - damaged))


def _erased(connection: Connection, gone: set[bytes]) -> set[bytes]:
    """Those of whom something else is left: the number of an erasure, or where a key was taken out
    by hand their line, the number that led to them, or a document that stands under it."""
    if not gone:
        return gone
    buried = select_in(connection, S, "id", "id", {one.hex() for one in gone})
    graves = {bytes.fromhex(row.id) for row in buried}
    gone = gone - graves
    left = graves | {row.patient for row in select_in(connection, P, "patient", "patient", gone)}
    left |= {row.name for row in select_in(connection, N, "name", "name", gone - left)}
    owning = select(D.c.patient).where(D.c.patient.in_(gone - left)).distinct()
    return left | set(connection.scalars(owning))


def stretch_of(
    rows: Iterable[Any], ciphers: dict[bytes, AESGCM], erased: Collection[bytes]
) -> Stretch:
    """Rows as COLUMNS names them; one that its own key does not open is altered, and one of a
    person who never was. `erased` are those who were, and whose key is no more."""
    numbers, leaves, altered, unreadable = list[int](), list[bytes](), list[int](), 0
    for row in rows:
        number, patient, leaf = row[0], row[1], row[4]
        numbers.append(number)
        leaves.append(leaf)
        cipher = ciphers.get(patient)
        if cipher is None and patient in erased:
            unreadable += 1
        elif cipher is None or not _stands(row, cipher):
            altered.append(number)
    return Stretch(
        numbers=tuple(numbers),
        leaves=tuple(leaves),
        altered=tuple(altered),
        unreadable=unreadable,
    )


def _stands(row: Any, cipher: AESGCM) -> bool:
    """What is sealed in it makes its leaf, and names its document."""
    number, patient, document, at, leaf, sealed = row
    try:
        plain = unseal(cipher, sealed, b"trace|%b|%d" % (patient, number))
        return leaf_of(number, at, patient, plain) == leaf and names(plain, document or "")
    except UNREADABLE:
        return False
