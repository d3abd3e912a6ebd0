"""Receipts of erasures, as they lie sealed beside their tombstones."""

from contextlib import suppress
from dataclasses import replace

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, select

from gateway.records.patients.erasure import Erasure
from gateway.records.patients.leaving import Ended
from gateway.records.patients.patient import DESK
from gateway.store import schema
from gateway.store.columns import instant, pack, unpack
from gateway.store.keys.gateway_keys import Keys
from gateway.store.keys.keyring import Keyring
from gateway.store.keys.sealing import bound, seal, unseal

S = schema.tombstone


def receipt_bound(identifier: str) -> bytes:
    return bound(b"tombstone", DESK, identifier.encode())


def sealed_receipt(keys: Keys, done: Erasure) -> bytes:
    """Under a key that the index key makes, as the names beside it are: a database that is older
    than the erasure, and than its own desk, opens it too."""
    return seal(_cipher(keys), pack(done), receipt_bound(done.id))


def opened(
    connection: Connection, keyring: Keyring, identifier: str, sealed: bytes | None
) -> Erasure | None:
    """None too where another gateway sealed it, whose list of the erased was given to this one.
    Those of before are under the desk's key."""
    if not sealed:
        return None
    desk = keyring.opening(connection, [DESK]).get(DESK)
    for cipher in (_cipher(keyring.keys), desk):
        with suppress(InvalidTag):
            if cipher is not None:
                return unpack(Erasure, unseal(cipher, sealed, receipt_bound(identifier)))
    return None


def _cipher(keys: Keys) -> AESGCM:
    return AESGCM(b"".join(keys.name(b"receipt-key", half) for half in ("first", "second")))


def ended_of(connection: Connection, keyring: Keyring, limit: int) -> list[Ended]:
    """The latest first."""
    columns = S.c.id, S.c.at, S.c.sealed, schema.UNFINISHED.label("left")
    rows = connection.execute(select(*columns).order_by(S.c.at.desc(), S.c.id).limit(limit)).all()
    found = []
    for row in rows:
        one = Ended(id=row.id, at=instant(row.at), is_under_way=bool(row.left))
        if (said := opened(connection, keyring, row.id, row.sealed)) is not None:
            one = replace(
                one, cause=said.cause, since=said.since, by=said.by, proposed_by=said.proposed_by
            )
        found.append(one)
    return found
