"""What the entries of the log are that stand under an erasure (`audit.grave`), sealed: who may
write to the database without its keys can neither move an entry there, and so hide what it says,
nor take one away.
"""

from cryptography.exceptions import InvalidTag
from sqlalchemy import Connection, select

from gateway.audit.grave import Grave, Tally
from gateway.records.patients.patient import DESK
from gateway.store import schema
from gateway.store.columns import pack, unpack
from gateway.store.keys.keyring import Keyring
from gateway.store.keys.sealing import bound, seal, unseal

S, T = schema.tombstone, schema.trace
UNKNOWN = Grave(entries=-1, sha256="")
"""Of a seal that is broken: no entries are like it."""


def sealed_grave(connection: Connection, keyring: Keyring, grave: bytes) -> bytes:
    """As its entries are in this transaction."""
    tally = Tally()
    entries = select(T.c.number, T.c.leaf).where(T.c.patient == grave).order_by(T.c.number)
    for number, leaf in connection.execute(entries):
        tally.add(number, leaf)
    cipher = keyring.sealing(connection, [DESK])[DESK]
    return seal(cipher, pack(tally.grave()), _bound(grave))


def graves_of(connection: Connection, keyring: Keyring) -> dict[bytes, Grave | None]:
    """Of the erasures that are done; None where nothing was kept, by the code of before."""
    query = select(S.c.id, S.c.leaves).where(S.c.rest.is_(None))
    cipher = keyring.opening(connection, [DESK]).get(DESK)
    found: dict[bytes, Grave | None] = {}
    for row in connection.execute(query):
        grave = bytes.fromhex(row.id)
        if row.leaves is None or cipher is None:
            found[grave] = None
            continue
        try:
            found[grave] = unpack(Grave, unseal(cipher, row.leaves, _bound(grave)))
        except (InvalidTag, ValueError):
            found[grave] = UNKNOWN
    return found


def _bound(grave: bytes) -> bytes:
    return bound(b"grave", DESK, grave)
