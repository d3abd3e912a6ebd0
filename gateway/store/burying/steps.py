"""What is left of a record whose key is destroyed, cut into steps that each hold the writer for a
moment. A reader finds the rows; a step deletes them by their own numbers. What goes is gone: who
begins again finds the rest.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Column, Connection, func, literal, select

from gateway.records.patients.erasure import Tombstone
from gateway.store import schema
from gateway.store.burying.bury import silence
from gateway.store.burying.rows import AT_FIRST, GOES, Found, chunks, take_out

T = schema.trace
ROWS = 200
"""A step takes no more: some thirty milliseconds in which a deposit may wait."""
MAX_BYTES = 2_000_000
"""Nor more of sealed bodies, but for a single one that is larger."""
LAST = frozenset({schema.patient.name, schema.local_name.name, schema.merge.name})
"""Until the last step these names lead to a record that is being erased."""
BODIES: dict[str, Column[Any]] = {
    schema.content.name: schema.content.c.body,
    schema.raw.name: schema.raw.c.sealed,
}
Step = tuple[Column[Any], Sequence[Any]]
"""Rows of which this column is one of these."""


def steps(connection: Connection, found: Found) -> Iterator[Step]:
    """Of what there is at this moment."""
    for column, which in GOES:
        if column.table.name not in AT_FIRST | LAST:
            yield from _of_table(connection, column, getattr(found, which))
    entries = select(T.c.number).where(T.c.patient.in_(found.names)).order_by(T.c.number)
    yield from _cut(T.c.number, ((number, 0) for number in connection.scalars(entries)))


def take(connection: Connection, step: Step, stone: Tombstone) -> None:
    column, values = step
    if column is T.c.number:
        silence(connection, column.in_(values) & T.c.patient.in_(stone.names), stone)
    else:
        take_out(connection, column, values)


def _of_table(connection: Connection, column: Column[Any], values: Iterable[Any]) -> Iterator[Step]:
    """By what the rows are keyed, whatever they are sought by."""
    lead = next(iter(column.table.primary_key))
    body = BODIES.get(column.table.name)
    size = literal(0) if body is None else func.length(body)
    for some in chunks(values):
        rows = connection.execute(select(lead, size).where(column.in_(some)).order_by(lead))
        yield from _cut(lead, (tuple(row) for row in rows))


def _cut(column: Column[Any], rows: Iterable[tuple[Any, int]]) -> Iterator[Step]:
    some, size = list[Any](), 0
    for value, length in rows:
        if some and (len(some) == ROWS or size + length > MAX_BYTES):
            yield column, some
            some, size = [], 0
        some.append(value)
        size += length
    if some:
        yield column, some
