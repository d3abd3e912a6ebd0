"""A backup of PostgreSQL: its tables in PostgreSQL's own binary form, a file each."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psycopg
from psycopg import IsolationLevel, errors, sql
from sqlalchemy import Connection, inspect

from gateway.store import schema
from gateway.store.backups.files import DAMAGED, SQL_KEYS, BackupError, Keys, PlaceError, new_file
from gateway.store.engine.engines import parse_url, writing_engine
from gateway.store.migrating import upgrade

NOT_COPIED = (schema.data_key.name, "alembic_version")
SQL_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1"
NUMBERED = {"task": "id", "choice": "number", "attempt": "number"}
CHUNK_BYTES = 1 << 20
LEAST_BYTES = 21
"""Header and end of a table without a row; the server takes an empty file for one."""
NOT_TAKEN = (
    psycopg.DataError,
    psycopg.IntegrityError,
    psycopg.InternalError,
    errors.ProgramLimitExceeded,
)
"""What the server says of rows that nobody can have copied out of it."""
Raw = psycopg.Connection[Any]  # a row of any table


def copy_postgresql(url: str, folder: Path) -> Keys:
    """One snapshot for all tables; the wrapped keys, which stand in none of the files."""
    plain = parse_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain) as connection:
        connection.isolation_level = IsolationLevel.REPEATABLE_READ
        for table in _tables(connection):
            statement = sql.SQL("COPY {} TO STDOUT (FORMAT BINARY)").format(sql.Identifier(table))
            with connection.cursor().copy(statement) as rows, new_file(folder / table) as file:
                for chunk in rows:
                    file.write(chunk)
        return connection.execute(SQL_KEYS).fetchall()


def restore_postgresql(
    folder: Path, url: str, version: str, keys: Keys, mark: Sequence[str]
) -> None:
    """In one transaction, tables and all: a broken try leaves the place empty."""
    engine = writing_engine(url)
    try:
        with engine.begin() as connection:
            _fill(connection, folder, version, keys)
            for statement in mark:
                connection.exec_driver_sql(statement)
    finally:
        engine.dispose()


def _fill(connection: Connection, folder: Path, version: str, keys: Keys) -> None:
    if inspect(connection).get_table_names():
        raise PlaceError("there are tables already: restore into an empty database")
    upgrade(connection, version)
    raw: Raw = connection.connection.driver_connection  # type: ignore[assignment]  # psycopg's
    for table in _tables(raw):
        if (folder / table).stat().st_size < LEAST_BYTES:
            raise BackupError(DAMAGED.format(table))
        try:
            _fill_table(raw, table, folder / table)
        except NOT_TAKEN as error:
            raise BackupError(DAMAGED.format(table)) from error
    with raw.cursor() as cursor:
        cursor.executemany("INSERT INTO data_key (patient, wrapped) VALUES (%s, %s)", keys)
    _continue_numbers(raw)


def _fill_table(connection: Raw, table: str, path: Path) -> None:
    name = sql.Identifier(table)
    connection.execute(sql.SQL("DELETE FROM {}").format(name))
    statement = sql.SQL("COPY {} FROM STDIN (FORMAT BINARY)").format(name)
    with connection.cursor().copy(statement) as rows, path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            rows.write(chunk)


def _tables(connection: Raw) -> list[str]:
    """Those of the schema in force, which may be an older one than this code's."""
    names = (str(row[0]) for row in connection.execute(SQL_TABLES).fetchall())
    return [name for name in names if name not in NOT_COPIED]


def _continue_numbers(connection: Raw) -> None:
    """Sequences go on after what was restored."""
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
