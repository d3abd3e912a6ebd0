"""Reads the whole log as its verifier does: each readable entry against the leaf beside it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, select

from gateway.audit.entry import leaf_of, names
from gateway.audit.grave import Grave
from gateway.store import schema
from gateway.store.burying.graves import graves_of
from gateway.store.engine.statements import current_number, rows_of, select_in
from gateway.store.keys.destroyed import being_buried
from gateway.store.keys.keyring import Keyring
from gateway.store.keys.sealing import unseal
from gateway.store.log.traces import COUNTER
from gateway.store.reach import Reach

P, N, D, S = schema.patient, schema.local_name, schema.document, schema.tombstone


class Silent(StrEnum):
    """Why nobody reads what stands under a name."""

    GRAVE = "grave"
    """It is the number of an erasure."""
    ERASING = "erasing"
    """The key is destroyed, and the entries are on their way to the grave."""
    MISSING = "missing"
    """The key is not there, and something else of the record is: nobody erased it."""
    DAMAGED = "damaged"
    """The key is there and opens nothing."""


COLUMNS = "number, patient, document, at, leaf, sealed"
UNREADABLE = (InvalidTag, ValueError, KeyError, TypeError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Entries in order: `numbers` that stand, their leaves, and those that are altered.

    `unreadable` counts those of erased persons: their leaves alone are left. `buried` are those of
    them that stand under an erasure: which, number and leaf. `missing` and `damaged` count entries
    by the name whose key is so.
    """

    numbers: tuple[int, ...]
    leaves: tuple[bytes, ...]
    altered: tuple[int, ...]
    unreadable: int
    buried: tuple[tuple[bytes, int, bytes], ...] = ()
    missing: Mapping[bytes, int] = field(default_factory=dict)
    damaged: Mapping[bytes, int] = field(default_factory=dict)


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

    async def graves(self) -> dict[bytes, Grave | None]:
        """What stood under each erasure that is done; None where nobody kept it."""
        return await self._reach.read(lambda c: graves_of(c, self._reach.keyring))


def read_stretch(connection: Connection, keyring: Keyring, since: int, limit: int) -> Stretch:
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    text = f"SELECT {COLUMNS} FROM trace WHERE number >= {mark} ORDER BY number LIMIT {mark}"  # noqa: S608 - our own names
    rows = rows_of(connection, text, (since, limit))
    owners = {row[1] for row in rows}
    ciphers, damaged = keyring.sound(connection, owners)
    silent = _silent(connection, owners - ciphers.keys() - damaged)
    return stretch_of(rows, ciphers, silent | dict.fromkeys(damaged, Silent.DAMAGED))


def _silent(connection: Connection, gone: set[bytes]) -> dict[bytes, Silent]:
    """Of whom something else is left: the number of an erasure; or where a key was taken out by
    hand their line, the number that led to them, or a document that stands under it."""
    if not gone:
        return {}
    found = dict.fromkeys(gone & being_buried(connection), Silent.ERASING)
    buried = select_in(connection, S, "id", "id", {one.hex() for one in gone})
    found |= {bytes.fromhex(row.id): Silent.GRAVE for row in buried}
    left = {row.patient for row in select_in(connection, P, "patient", "patient", gone)}
    left |= {row.name for row in select_in(connection, N, "name", "name", gone)}
    owning = select(D.c.patient).where(D.c.patient.in_(gone)).distinct()
    left |= set(connection.scalars(owning))
    return dict.fromkeys(left, Silent.MISSING) | found


def stretch_of(
    rows: Iterable[Any], ciphers: dict[bytes, AESGCM], silent: Mapping[bytes, Silent]
) -> Stretch:
    """Rows as COLUMNS names them; one that its own key does not open is altered, and one of a
    person who never was. `silent` are those whose key opens nothing."""
    numbers, leaves, altered = list[int](), list[bytes](), list[int]()
    buried = list[tuple[bytes, int, bytes]]()
    counts = Counter[tuple[Silent, bytes]]()
    for row in rows:
        number, patient, leaf = row[0], row[1], row[4]
        numbers.append(number)
        leaves.append(leaf)
        cipher = ciphers.get(patient)
        why = silent.get(patient) if cipher is None else None
        if why is not None:
            counts[why, patient] += 1
            if why is Silent.GRAVE:
                buried.append((patient, number, leaf))
        elif cipher is None or not _stands(row, cipher):
            altered.append(number)
    return Stretch(
        numbers=tuple(numbers),
        leaves=tuple(leaves),
        altered=tuple(altered),
        unreadable=sum(_of(counts, Silent.GRAVE, Silent.ERASING).values()),
        buried=tuple(buried),
        missing=_of(counts, Silent.MISSING),
        damaged=_of(counts, Silent.DAMAGED),
    )


def _of(counts: Counter[tuple[Silent, bytes]], *which: Silent) -> dict[bytes, int]:
    return {name: count for (why, name), count in counts.items() if why in which}


def _stands(row: Any, cipher: AESGCM) -> bool:
    """What is sealed in it makes its leaf, and names its document."""
    number, patient, document, at, leaf, sealed = row
    try:
        plain = unseal(cipher, sealed, b"trace|%b|%d" % (patient, number))
        return leaf_of(number, at, patient, plain) == leaf and names(plain, document or "")
    except UNREADABLE:
        return False
