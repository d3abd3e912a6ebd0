"""Updates of metadata (ITI-57): all of a lot or none, and only of what stands as it was read."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from gateway.records.documents.shelved import DocumentStatus
from gateway.records.documents.update import Availability, Lot, Outcome, Update
from gateway.store import schema
from gateway.store.columns import micros
from gateway.store.documents.shelf.veils import MASKED, NEXT_VERSION
from gateway.store.keys.gateway_keys import Keys

D, L = schema.document, schema.update_lot
AnyRow = Any  # a row of the table document


def written_before(connection: Connection, keys: Keys, lot: Lot) -> Outcome | None:
    """`again` or `used`; None for a lot whose uniqueId no update bore yet."""
    said = connection.scalar(select(L.c.said).where(L.c.name == _name(keys, lot)))
    if said is None:
        return None
    return Outcome.AGAIN if said == _said(keys, lot) else Outcome.USED


def put_updates(
    connection: Connection, keys: Keys, lot: Lot, updates: Sequence[Update], at: datetime
) -> Outcome:
    """The rows are held before they are compared: another node changes none of them meanwhile."""
    rows = _held(connection, [one.id for one in updates])
    if (before := written_before(connection, keys, lot)) is not None:
        return before
    if any(one.id not in rows or _moved(rows[one.id], one) for one in updates):
        return Outcome.MOVED
    named = {"name": _name(keys, lot), "said": _said(keys, lot), "at": micros(at)}
    connection.execute(insert(L).values(named))
    for one in updates:
        values = _values(rows[one.id], one, micros(at))
        connection.execute(update(D).where(D.c.id == one.id).values(values))
    return Outcome.DONE


def _held(connection: Connection, documents: Sequence[str]) -> dict[str, AnyRow]:
    columns = (D.c.id, D.c.status, D.c.codes, D.c.archived_at, D.c.metadata_version)
    query = select(*columns, D.c.announced_at).where(D.c.id.in_(documents)).order_by(D.c.id)
    return {row.id: row for row in connection.execute(query.with_for_update())}


def _moved(row: AnyRow, one: Update) -> bool:
    if row.status != DocumentStatus.CURRENT.value:
        return True
    stands = Availability.APPROVED if row.archived_at is None else Availability.ARCHIVED
    return stands is not one.stood or (row.metadata_version or 1) != one.version


def _values(row: AnyRow, one: Update, at: int) -> dict[str, object]:
    values: dict[str, object] = {"changed_at": at}
    if one.becomes is Availability.DELETED:
        values["status"] = DocumentStatus.WITHDRAWN.value
    elif one.becomes is not one.stood:
        values["archived_at"] = at if one.becomes is Availability.ARCHIVED else None
    if one.codes is not None:
        values["codes"] = " ".join(one.codes)
        if MASKED in one.codes and MASKED not in row.codes.split():
            values["unmasked_at"] = None  # its sender says it anew
    if one.announces and row.announced_at is None:
        values["announced_at"] = at
    if one.codes is not None or one.announces:
        values["metadata_version"] = NEXT_VERSION
    return values


def _name(keys: Keys, lot: Lot) -> bytes:
    return keys.name(b"update", lot.unique_id)


def _said(keys: Keys, lot: Lot) -> bytes:
    return keys.name(b"updated", lot.said)
