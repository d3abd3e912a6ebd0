"""How many persons were erased: by that every process knows that a key it remembers may be gone.

Whoever writes beside others holds a lock, shared, until the commit; whoever erases holds it alone.
So a row is sealed with a key that stands, or comes after the erasure and asks for the key anew.
SQLite has one writer anyway.
"""

from typing import Any

from sqlalchemy import Connection, text

from gateway.store.engine.statements import rows_of, take_numbers

ERASED = "erased"
NAME_BYTES = 16
COUNT = f"SELECT next FROM counter WHERE name = '{ERASED}'"  # noqa: S608 - our own name
LOCKS, SEALING, TURN = 0x7365616C, 0, 1
"""Advisory locks of PostgreSQL in a space of their own, that of names (`lineage`) being another."""
SHARED = f"SELECT pg_advisory_xact_lock_shared({LOCKS}, {SEALING}); {COUNT}"
"""In one journey; the second statement sees what was committed while the first one waited."""
ALONE = text(f"SELECT pg_advisory_xact_lock({LOCKS}, {SEALING})")
MY_TURN = text(f"SELECT pg_advisory_xact_lock({LOCKS}, {TURN})")
IS_MY_TURN = text(f"SELECT pg_try_advisory_xact_lock({LOCKS}, {TURN})")


def names_in(column: bytes) -> tuple[bytes, ...]:
    """Of `tombstone.names`."""
    starts = range(0, len(column), NAME_BYTES)
    return tuple(column[start : start + NAME_BYTES] for start in starts)


def destroyed(connection: Connection) -> int:
    """As this transaction sees it; 0 in a schema of before."""
    found = rows_of(connection, COUNT, ())
    return int(found[0][0]) if found else 0


def share(connection: Connection) -> int:
    """Waits for an erasure under way, and keeps others waiting until this transaction ends."""
    if connection.dialect.name != "postgresql":
        return destroyed(connection)
    if not connection.in_transaction():
        connection.begin()
    driver: Any = connection.connection.driver_connection
    answers = driver.execute(SHARED)
    answers.nextset()
    found = answers.fetchone()
    return int(found[0]) if found else 0


def one_more(connection: Connection) -> None:
    take_numbers(connection, ERASED, 1)


def alone(connection: Connection) -> bool:
    """No other process seals anything until the end of this transaction, which shares already.
    False where another one erases: two that share would wait for each other."""
    if not my_turn(connection):
        return False
    if connection.dialect.name == "postgresql":
        connection.execute(ALONE)
    return True


def my_turn(connection: Connection) -> bool:
    """Until the end of this transaction no other process buries anybody. False where one does."""
    return connection.dialect.name != "postgresql" or bool(connection.scalar(IS_MY_TURN))


def being_buried(connection: Connection) -> set[bytes]:
    """Names whose keys are destroyed and whose rows are not all gone yet."""
    rows = rows_of(connection, "SELECT names FROM tombstone WHERE rest IS NOT NULL", ())
    return {name for (names,) in rows for name in names_in(names)}


def alone_in_turn(connection: Connection) -> None:
    """The same of a transaction that shares nothing: it waits."""
    if connection.dialect.name == "postgresql":
        connection.execute(MY_TURN)
        connection.execute(ALONE)
