"""Keys that first came with a copy: they are kept beside the receipt that answers for its bytes."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection

from gateway.store import schema
from gateway.store.engine.statements import Row, insert_many, select_in

ALIAS = "name receipt"
AnyRow = Any  # a row of the table receipt


def find_aliases(
    connection: Connection, columns: str, keys: Iterable[bytes]
) -> dict[bytes, AnyRow]:
    """The receipts, with these `columns`, by the keys that are kept beside them."""
    named = select_in(connection, schema.key_alias, ALIAS, "name", keys)
    rows = select_in(connection, schema.receipt, columns, "id", {one.receipt for one in named})
    receipts = {row.id: row for row in rows}
    return {one.name: receipts[one.receipt] for one in named if one.receipt in receipts}


def keep_aliases(connection: Connection, aliases: Sequence[Row]) -> None:
    """Pairs of key and receipt."""
    insert_many(connection, schema.key_alias, ALIAS, aliases)
