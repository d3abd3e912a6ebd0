"""The few statements that SQL leaves to each engine, written once for both."""

from collections import namedtuple
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, select
from sqlalchemy.dialects import postgresql, sqlite

from gateway.store import schema

Row = tuple[Any, ...]  # what a driver takes: each column its own type
LARGE_BYTES = 1 << 20


def insert_many(connection: Connection, table: Table, columns: str, rows: Sequence[Row]) -> None:
    """Raw tuples to the driver's own cursor: many times faster than one Core statement a row.

    The driver's errors come as they are; `failures` knows them.
    """
    if not rows:
        return
    if not connection.in_transaction():
        connection.begin()
    text = _insert_text(table.name, columns, connection.dialect.name)
    _driver(connection).cursor().executemany(text, rows)


def insert_bodies(connection: Connection, table: Table, columns: str, rows: Sequence[Row]) -> None:
    """As `insert_many`, of rows that may be large: on SQLite too, nothing of them stays in memory.

    SQLite copies what is bound to a statement, and keeps the copy until something else is bound
    (sqlite3_clear_bindings would let it go, Python's driver calls it never and keeps the statement
    for the next time). A large row takes a statement that ends on a row of nothing, not inserted.
    """
    large = [row for row in rows if _is_large(row)] if connection.dialect.name == "sqlite" else []
    if not large:
        insert_many(connection, table, columns, rows)
        return
    insert_many(connection, table, columns, [row for row in rows if not _is_large(row)])
    nothing = (None,) * len(columns.split())
    marked = [*((*row, True) for row in large), (*nothing, False)]
    if not connection.in_transaction():
        connection.begin()
    _driver(connection).cursor().executemany(_marked_text(table.name, columns), marked)


def _is_large(row: Row) -> bool:
    return any(isinstance(one, bytes) and len(one) >= LARGE_BYTES for one in row)


@cache
def _insert_text(table: str, columns: str, dialect: str) -> str:
    mark = "?" if dialect == "sqlite" else "%s"
    marks = ", ".join([mark] * len(columns.split()))
    return f"INSERT INTO {table} ({', '.join(columns.split())}) VALUES ({marks})"  # noqa: S608 - our own names


@cache
def _marked_text(table: str, columns: str) -> str:
    """For SQLite; the last value says whether the row is inserted."""
    marks = ", ".join("?" * len(columns.split()))
    return f"INSERT INTO {table} ({', '.join(columns.split())}) SELECT {marks} WHERE ?"


def select_in(
    connection: Connection,
    table: Table,
    columns: str,
    column: str,
    values: Iterable[Any],
    *,
    only: str = "",
) -> Sequence[Any]:
    """Rows whose `column` is one of `values`, by name, without what Core costs for each of them.

    `only` is one condition more, of our own words: an index of few rows is found by a literal.
    The driver's errors come as they are, as those of `insert_many`.
    """
    wanted = tuple(values)
    where = _one_of(connection, column, wanted)
    return _found(connection, _select_text(table.name, columns, where, only), wanted, columns)


def select_last(
    connection: Connection, table: Table, columns: str, column: str, values: Iterable[Any]
) -> Sequence[Any]:
    """As `select_in`: of the rows of one value the one that bears the highest number."""
    wanted = tuple(values)
    last = _last_of(table.name, column, _one_of(connection, column, wanted))
    return _found(connection, _select_text(table.name, columns, last, ""), wanted, columns)


def _one_of(connection: Connection, column: str, wanted: Row) -> str:
    if connection.dialect.name == "sqlite":
        return f"{column} IN ({', '.join('?' * len(wanted))})"
    return f"{column} = ANY(%s)"


@lru_cache(maxsize=64)
def _last_of(table: str, column: str, where: str) -> str:
    return f"number IN (SELECT max(number) FROM {table} WHERE {where} GROUP BY {column})"  # noqa: S608 - our own names


def _found(connection: Connection, text: str, wanted: Row, columns: str) -> Sequence[Any]:
    if not wanted:
        return ()
    if connection.dialect.name == "sqlite":
        found = rows_of(connection, text, wanted)
    else:
        found = rows_of(connection, text, (list(wanted),))
    return list(map(_named(columns)._make, found)) if found else ()


def rows_of(connection: Connection, text: str, values: Row) -> list[Row]:
    """What one statement gives back, through the driver's own cursor."""
    if not connection.in_transaction():
        connection.begin()
    found: list[Row] = _driver(connection).execute(text, values).fetchall()
    return found


def _driver(connection: Connection) -> Any:  # sqlite3's connection or psycopg's
    return connection.connection.driver_connection


@cache
def _named(columns: str) -> Any:  # a class made here, which typing cannot name
    return namedtuple("Found", columns)


@lru_cache(maxsize=512)
def _select_text(table: str, columns: str, where: str, only: str) -> str:
    names, also = ", ".join(columns.split()), f" AND {only}" if only else ""
    return f"SELECT {names} FROM {table} WHERE {where}{also}"  # noqa: S608 - our own names


def insert_or_leave(connection: Connection, table: Table, values: dict[str, Any]) -> bool:
    """A row that is there already stays as it is; whether this one is new."""
    make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    statement = make(table).values(**values).on_conflict_do_nothing()
    new = statement.returning(*table.primary_key.columns)
    return connection.execute(new).first() is not None


def insert_or_change(
    connection: Connection,
    table: Table,
    values: dict[str, Any],
    *,
    once: dict[str, Any] | None = None,
    only: ColumnElement[bool] | None = None,
) -> bool:
    """A row that is there already, by primary key, takes the new values; `once` is of a new row.
    False where such a row is not as `only` says: it stays."""
    keys = [column.name for column in table.primary_key]
    new = {name: value for name, value in values.items() if name not in keys}
    make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    statement = make(table).values(**(once or {}) | values)
    statement = statement.on_conflict_do_update(index_elements=keys, set_=new, where=only)
    return connection.execute(statement.returning(*table.primary_key)).first() is not None


def take_numbers(connection: Connection, name: str, count: int) -> int:
    """The first of `count` numbers that nobody else gets; dense if the transaction commits.

    Holds the counter's row until the end of the transaction: ask as late as possible.
    """
    t = schema.counter
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    text = f"UPDATE counter SET next = next + {mark} WHERE name = {mark} RETURNING next"  # noqa: S608
    after = rows_of(connection, text, (count, name))
    if not after:
        insert_or_leave(connection, t, {"name": name, "next": 1})
        after = rows_of(connection, text, (count, name))
    return int(after[0][0]) - count


def current_number(connection: Connection, name: str) -> int:
    """How many numbers of this name were given out."""
    t = schema.counter
    found = connection.execute(select(t.c.next).where(t.c.name == name)).scalar()
    return 0 if found is None else int(found) - 1
