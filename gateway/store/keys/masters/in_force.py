"""Which version of the master key wraps what is new, and how a database knows each of them.

The version in force stands in `counter`, where every transaction that makes a data key holds the
row until its commit: once a later version is in force nobody can still add a key under an earlier
one. `key_check` has a row for each version that may be needed: what a constant is called under
the index key, wrapped under that version.
"""

import hmac

from cryptography.hazmat.primitives.keywrap import InvalidUnwrap
from sqlalchemy import Connection, select

from gateway.store import schema
from gateway.store.engine.statements import insert_or_change
from gateway.store.keys.gateway_keys import INDEX, WRONG_KEYS, Keys
from gateway.store.keys.key_files import KeyFileError
from gateway.store.keys.masters.master import FIRST, master_name

C, N = schema.key_check, schema.counter
IN_FORCE = "master"
KIND, CONSTANT = b"key-check", "gateway"
NOT_PROVED = b""
"""Of a version that a restore found data keys under: it must be at hand, and is proved by them."""


def in_force(connection: Connection) -> int:
    return connection.scalar(select(N.c.next).where(N.c.name == IN_FORCE)) or FIRST


def held_in_force(connection: Connection) -> int:
    """It stays in force until the end of the transaction. SQLite has one writer anyway."""
    held = select(N.c.next).where(N.c.name == IN_FORCE).with_for_update(read=True)
    return connection.scalar(held) or FIRST


def known_versions(connection: Connection) -> list[int]:
    """Those that may be needed; none of a database that never was opened."""
    return list(connection.scalars(select(C.c.number).order_by(C.c.number)))


def prove(connection: Connection, keys: Keys, version: int) -> bool:
    """False where there is nothing yet to prove it by. Raises KeyFileError for a version that is
    missing, and for the key of another gateway."""
    wrapped = connection.scalar(select(C.c.wrapped).where(C.c.number == version))
    if not wrapped:
        keys.wrap(keys.name(KIND, CONSTANT), version)
        return False
    if not hmac.compare_digest(_unwrapped(keys, wrapped, version), keys.name(KIND, CONSTANT)):
        raise wrong_key(INDEX)
    return True


def make_known(connection: Connection, keys: Keys, version: int) -> None:
    wrapped = keys.wrap(keys.name(KIND, CONSTANT), version)
    insert_or_change(connection, C, {"number": version, "wrapped": wrapped})


def _unwrapped(keys: Keys, wrapped: bytes, version: int) -> bytes:
    try:
        return keys.unwrap(wrapped)
    except InvalidUnwrap:
        raise wrong_key(master_name(version)) from None


def wrong_key(name: str) -> KeyFileError:
    return KeyFileError(f"{WRONG_KEYS} ({name} is another one)")
