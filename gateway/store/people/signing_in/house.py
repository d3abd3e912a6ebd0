"""Accounts of the house's own people and systems, sealed under the desk's key."""

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, Select

from gateway.records.patients.patient import DESK
from gateway.store.columns import unpack
from gateway.store.keys.keyring import Keyring
from gateway.store.keys.sealing import unseal

Account = TypeVar("Account")


def accounts_of(
    connection: Connection,
    keyring: Keyring,
    query: Select[Any],
    kind: type[Account],
    bound_of: Callable[[Row[Any]], bytes],
) -> list[tuple[Row[Any], Account]]:
    """Each row found with the account sealed in it, which `bound_of` the row says."""
    rows = connection.execute(query).all()
    if not rows:
        return []
    cipher = keyring.opening(connection, [DESK])[DESK]
    return [(row, unpack(kind, unseal(cipher, row.sealed, bound_of(row)))) for row in rows]
