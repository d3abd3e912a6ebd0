"""Engines for both databases: SQLite in WAL with full sync, PostgreSQL through psycopg 3.

SQLite's writer says BEGIN IMMEDIATE, because a read that turns into a write fails at once when
another writes, whatever the busy timeout; its readers cannot write at all.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from sqlite3 import Connection as SqliteConnection
from typing import Any

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, make_url

BUSY_MILLISECONDS = 5_000
CHECKPOINT_PAGES = 1_000
CACHE_KIBIBYTES = 4_096
READER_CONNECTIONS = 4
MOST_ASKED = 8
"""Databases that one process asks before it opens them: two, but for tests and a restore."""
READER_CACHE_KIBIBYTES = 1_024
"""Of each reader: what it read before is good for nothing as soon as anybody wrote, and a page is
read once in a question. With four times as much, chores filled 16 MB within a minute."""
CONNECT_SECONDS = 5
WIRE = {
    "connect_timeout": CONNECT_SECONDS,
    "keepalives": 1,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
"""A network or a server that fell silent is an error after about ten seconds; an operator's own
word in the URL goes before."""
PATIENCE = {
    "idle_in_transaction_session_timeout": "10s",
    "lock_timeout": "5s",
    "statement_timeout": "60s",
}
"""Of a writer beside others: the server ends the transaction of one that is frozen, and none waits
for long. Not of a reader, a migration or a backup, which may take their time."""
SNAPSHOT = "REPEATABLE READ"
"""What a reader sees in several questions is one moment, as SQLite gives it by itself."""

PRAGMAS = (
    f"busy_timeout = {BUSY_MILLISECONDS}",
    "journal_mode = WAL",
    "synchronous = FULL",
    "secure_delete = ON",
    f"wal_autocheckpoint = {CHECKPOINT_PAGES}",
    f"cache_size = -{CACHE_KIBIBYTES}",
    "foreign_keys = ON",
)


def parse_url(url: str) -> URL:
    """`sqlite:///path` or `postgresql://…`; the driver is ours to choose."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() == "sqlite" and parsed.database not in (None, "", ":memory:"):
        return parsed.set(drivername="sqlite+pysqlite")
    raise ValueError("the database is sqlite:///FILE or postgresql://HOST/NAME")


def writing_engine(url: str) -> Engine:
    """For one who writes alone, for as long as it takes: a migration, a backup."""
    return _engine(parse_url(url), begin="BEGIN IMMEDIATE", query_only=False)


def serving_engine(url: str) -> Engine:
    """For a writer that others wait for."""
    engine = writing_engine(url)
    if engine.dialect.name == "postgresql":
        event.listen(engine, "connect", _limit_patience)
    return engine


def reading_engine(url: str) -> Engine:
    return _engine(parse_url(url), begin="BEGIN", query_only=True)


@contextmanager
def asked(url: str, *, alone: bool = False) -> Iterator[Connection]:
    """A connection for a question before the store opens, closed after it; `alone` where nobody
    shall write meanwhile. A start asks several: the engine stays, and keeps no connection."""
    with _asking_engine(url, alone=alone).connect() as connection:
        yield connection


@lru_cache(maxsize=MOST_ASKED)
def _asking_engine(url: str, *, alone: bool) -> Engine:
    begin = "BEGIN IMMEDIATE" if alone else "BEGIN"
    return _engine(parse_url(url), begin=begin, query_only=not alone, pool={"poolclass": NullPool})


def _engine(
    url: URL, *, begin: str, query_only: bool, pool: Mapping[str, Any] | None = None
) -> Engine:
    kept = pool or {"pool_size": READER_CONNECTIONS if query_only else 2}
    if url.get_backend_name() == "postgresql":
        wire = {name: value for name, value in WIRE.items() if name not in url.query}
        engine = create_engine(
            url,
            **kept,
            pool_pre_ping=query_only,
            connect_args=wire,
            use_native_hstore=False,  # the first connection need not ask how hstore is called here
        )
        return engine.execution_options(isolation_level=SNAPSHOT) if query_only else engine
    # A connection may be closed by another thread than its own at the end of the daemon.
    engine = create_engine(url, **kept, connect_args={"check_same_thread": False})
    _prepare_sqlite(engine, begin=begin, query_only=query_only)
    return engine


def _limit_patience(connection: Any, _record: Any) -> None:  # psycopg's connection
    """Of the session, not an option of its start: poolers refuse those."""
    words = ", ".join(f"set_config('{name}', '{value}', false)" for name, value in PATIENCE.items())
    connection.execute(f"SELECT {words}")
    connection.commit()


def _prepare_sqlite(engine: Engine, *, begin: str, query_only: bool) -> None:
    def connected(connection: SqliteConnection, _record: Any) -> None:  # SQLAlchemy's own record
        connection.isolation_level = None
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        if query_only:
            connection.execute("PRAGMA query_only = ON")
            connection.execute(f"PRAGMA cache_size = -{READER_CACHE_KIBIBYTES}")

    def begun(connection: Connection) -> None:
        driver: Any = connection.connection.driver_connection  # one BEGIN a commit: no Core for it
        driver.execute(begin)

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", begun)
