"""Keys that first came with a copy: they are kept beside the receipt that answers for its bytes."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection

from gateway.records.intake.finding import Verdict
from gateway.store import schema
from gateway.store.engine.statements import insert_or_change, select_in

ALIAS = "name receipt"
AnyRow = Any  # a row of the table receipt


def find_aliases(
    connection: Connection, columns: str, keys: Iterable[bytes]
) -> dict[bytes, AnyRow]:
    """The receipts, with these `columns`, by the keys that are kept beside them. What was held and
    is refused since has no name any more: the sender may mend it and send it again."""
    named = select_in(connection, schema.key_alias, ALIAS, "name", keys)
    ids = {one.receipt for one in named}
    rows = select_in(connection, schema.receipt, f"{columns} verdict", "id", ids)
    receipts = {row.id: row for row in rows if row.verdict != Verdict.REFUSE.value}
    return {one.name: receipts[one.receipt] for one in named if one.receipt in receipts}


def keep_aliases(connection: Connection, aliases: Iterable[tuple[bytes, str]]) -> None:
    """Pairs of key and receipt; one that stood beside a receipt without a name moves."""
    for name, receipt in aliases:
        insert_or_change(connection, schema.key_alias, {"name": name, "receipt": receipt})
