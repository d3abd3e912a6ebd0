"""Online backup and restore. Wrapped data keys go into a file of their own.

The two files are useless apart: who may keep the documents need not keep the keys, and a key
destroyed on purpose is destroyed by leaving it out of the key file.
"""

import hashlib
import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import orjson
from sqlalchemy import inspect

from gateway.store import schema
from gateway.store.backup_files import (
    ABOUT_FILE,
    DAMAGED,
    BackupError,
    about_of,
    digest_of,
    new_file,
    write,
)
from gateway.store.engine.engines import parse_url, writing_engine
from gateway.store.engine.failures import damaged
from gateway.store.migrating import migrate, missing_file, schema_version

if TYPE_CHECKING:
    import psycopg

KEY_FILE = "data-keys.jsonl"
DATABASE_FILE = "gateway.sqlite3"
DAMAGED_COPY = DAMAGED.format(DATABASE_FILE)
NOT_COPIED = (schema.data_key.name, "alembic_version")
SQL_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1"
NUMBERED = {"task": "id", "choice": "number", "attempt": "number"}
CHUNK_BYTES = 1 << 20
SQL_KEYS = "SELECT patient, wrapped FROM data_key ORDER BY patient"


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """How many data keys came back, of how many; whether their file is the one of the copy."""

    keys: int
    of: int | None
    is_same_file: bool


def backup(url: str, folder: Path) -> None:
    """Writes a consistent copy into `folder`, new or empty, while the gateway goes on."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if any(folder.iterdir()):
        raise BackupError("the folder for the backup is not empty")
    if (missing := missing_file(url)) is not None:
        raise BackupError(f"there is no database at {missing}")
    version = schema_version(url)
    if version is None:
        raise BackupError("there is no schema to back up")
    if _is_sqlite(url):
        keys = _copy_sqlite(url, folder / DATABASE_FILE)
    else:
        keys = _copy_postgresql(url, folder)
    files = sorted(path.name for path in folder.iterdir())
    about = {
        "engine": parse_url(url).get_backend_name(),
        "schema": version,
        "files": files,
        "sha256": {name: digest_of(folder / name) for name in files},
        "keys": len(keys),
        "keys_sha256": _write_keys(folder / KEY_FILE, keys),
    }
    write(folder / ABOUT_FILE, orjson.dumps(about))


def restore(folder: Path, url: str) -> Restored:
    """Fills an empty place with a backup of the same engine, then brings its schema up.

    Keys that were left out of their file since are erasures: their persons do not come back.
    """
    about = about_of(folder)
    if about.engine != parse_url(url).get_backend_name():
        raise BackupError(f"this is a backup of {about.engine}: restore it into the same")
    keys = _read_keys(folder / KEY_FILE)
    if _is_sqlite(url):
        _restore_sqlite(folder, _path(url), keys)
    else:
        _restore_postgresql(folder, url, about.schema, keys)
    migrate(url)
    is_same_file = digest_of(folder / KEY_FILE) == about.keys_sha256
    return Restored(keys=len(keys), of=about.keys, is_same_file=is_same_file)


def _is_sqlite(url: str) -> bool:
    return parse_url(url).get_backend_name() == "sqlite"


def _path(url: str) -> Path:
    return Path(parse_url(url).database or "")


def _copy_sqlite(url: str, target: Path) -> list[tuple[bytes, bytes]]:
    """The keys are taken out of the copy, and out of its free pages."""
    write(target, b"")
    source, copy = sqlite3.connect(_path(url)), sqlite3.connect(target)
    try:
        source.backup(copy)
        keys = copy.execute(SQL_KEYS).fetchall()
        copy.execute("PRAGMA secure_delete = ON")
        copy.execute("DELETE FROM data_key")
        copy.commit()
        copy.execute("PRAGMA journal_mode = DELETE")
        return keys
    finally:
        copy.close()
        source.close()


def _restore_sqlite(folder: Path, target: Path, keys: list[tuple[bytes, bytes]]) -> None:
    """Under another name until it is whole: a broken try leaves the place empty."""
    if target.exists():
        raise BackupError("there is a database already: restore into an empty place")
    for left in _beside(target):
        if left.exists():
            raise BackupError(f"{left} is of an earlier database: move it away, then restore")
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = target.with_name(f".{target.name}.restoring")
    for left in (draft, *_beside(draft)):
        left.unlink(missing_ok=True)
    write(draft, b"")
    try:
        _fill_sqlite(folder / DATABASE_FILE, draft, keys)
    except sqlite3.DatabaseError as error:
        if damaged(error):
            raise BackupError(DAMAGED_COPY) from error
        raise
    os.replace(draft, target)


def _beside(database: Path) -> list[Path]:
    """What SQLite replays into a database of this name: poison for one that is not its own."""
    return [database.with_name(database.name + end) for end in ("-wal", "-shm", "-journal")]


def _fill_sqlite(file: Path, draft: Path, keys: list[tuple[bytes, bytes]]) -> None:
    source, copy = sqlite3.connect(file), sqlite3.connect(draft)
    try:
        source.backup(copy)
        copy.executemany("INSERT INTO data_key (patient, wrapped) VALUES (?, ?)", keys)
        copy.commit()
        if copy.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
            raise BackupError(DAMAGED_COPY)
    finally:
        copy.close()
        source.close()


def _connect(url: str) -> "psycopg.Connection[tuple[bytes, bytes]]":
    import psycopg  # not for SQLite

    plain = parse_url(url).set(drivername="postgresql")
    return psycopg.connect(plain.render_as_string(hide_password=False))


def _copy_postgresql(url: str, folder: Path) -> list[tuple[bytes, bytes]]:
    """One snapshot for all tables, in PostgreSQL's own binary form."""
    from psycopg import IsolationLevel, sql

    with _connect(url) as connection:
        connection.isolation_level = IsolationLevel.REPEATABLE_READ
        for table in _tables(connection):
            statement = sql.SQL("COPY {} TO STDOUT (FORMAT BINARY)").format(sql.Identifier(table))
            with connection.cursor().copy(statement) as rows, new_file(folder / table) as file:
                for chunk in rows:
                    file.write(chunk)
        return connection.execute(SQL_KEYS).fetchall()


def _tables(connection: "psycopg.Connection[tuple[bytes, bytes]]") -> list[str]:
    """Those of the schema in force, which may be an older one than this code's."""
    names = (str(row[0]) for row in connection.execute(SQL_TABLES).fetchall())
    return [name for name in names if name not in NOT_COPIED]


def _restore_postgresql(
    folder: Path, url: str, version: str, keys: list[tuple[bytes, bytes]]
) -> None:
    from psycopg import sql

    engine = writing_engine(url)
    try:
        with engine.connect() as probe:
            if inspect(probe).get_table_names():
                raise BackupError("there are tables already: restore into an empty database")
    finally:
        engine.dispose()
    migrate(url, to=version)
    with _connect(url) as connection:
        for table in _tables(connection):
            name = sql.Identifier(table)
            connection.execute(sql.SQL("DELETE FROM {}").format(name))
            statement = sql.SQL("COPY {} FROM STDIN (FORMAT BINARY)").format(name)
            with connection.cursor().copy(statement) as rows, (folder / table).open("rb") as file:
                while chunk := file.read(CHUNK_BYTES):
                    rows.write(chunk)
        with connection.cursor() as cursor:
            cursor.executemany("INSERT INTO data_key (patient, wrapped) VALUES (%s, %s)", keys)
        _continue_numbers(connection)


def _continue_numbers(connection: "psycopg.Connection[tuple[bytes, bytes]]") -> None:
    """Sequences go on after what was restored."""
    from psycopg import sql

    for table, column in NUMBERED.items():
        statement = sql.SQL(
            "SELECT setval(pg_get_serial_sequence({name}, {text}),"
            " COALESCE((SELECT max({column}) FROM {table}), 0) + 1, false)"
        ).format(
            name=sql.Literal(table),
            text=sql.Literal(column),
            column=sql.Identifier(column),
            table=sql.Identifier(table),
        )
        connection.execute(statement)


def _write_keys(path: Path, keys: list[tuple[bytes, bytes]]) -> str:
    """The SHA-256 of what was written."""
    lines = (orjson.dumps([patient.hex(), wrapped.hex()]) for patient, wrapped in keys)
    data = b"".join(line + b"\n" for line in lines)
    write(path, data)
    return hashlib.sha256(data).hexdigest()


def _read_keys(path: Path) -> list[tuple[bytes, bytes]]:
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError as error:
        raise BackupError(f"{KEY_FILE} is missing: bring it from its own backup") from error
    try:
        return [(bytes.fromhex(a), bytes.fromhex(b)) for a, b in map(orjson.loads, lines)]
    except (ValueError, TypeError) as error:
        raise BackupError(f"{KEY_FILE} is damaged: bring it from its own backup") from error
