"""A place that a backup is brought back into says so itself, until the last step is done.

What was filled stands there before its schema is brought up, before it follows the master keys of
its data keys, and before those who were erased since are erased again: killed between two of these
it looks whole. Its mark is a table of its own, made in the transaction that fills the place, so it
is in no schema and in no backup.
"""

from sqlalchemy import Connection, inspect, text

from gateway.store.engine.engines import asked, writing_engine
from gateway.store.migrating import foreign_file, missing_file

MARK = "restoring"
HOLDS, TAKE_OFF = text(f"SELECT backup FROM {MARK}"), text(f"DROP TABLE IF EXISTS {MARK}")  # noqa: S608 - our own name


def marking(backup: str) -> tuple[str, str]:
    """What is said to the engine; `backup` is hexadecimal: the SHA-256 of what it says of
    itself, and of its data keys."""
    name = bytes.fromhex(backup).hex()
    return (
        f"CREATE TABLE {MARK} (backup TEXT NOT NULL)",
        f"INSERT INTO {MARK} (backup) VALUES ('{name}')",  # noqa: S608 - hexadecimal
    )


def unfinished(url: str) -> str | None:
    """Which backup this place was not filled from to the end; None of every other place."""
    if missing_file(url) is not None or foreign_file(url) is not None:
        return None
    with asked(url, alone=True) as connection:
        return _marked(connection)


def finished(url: str) -> None:
    engine = writing_engine(url)
    try:
        with engine.begin() as connection:
            connection.execute(TAKE_OFF)
    finally:
        engine.dispose()


def _marked(connection: Connection) -> str | None:
    if not inspect(connection).has_table(MARK):
        return None
    found = connection.scalar(HOLDS)
    return None if found is None else str(found)
