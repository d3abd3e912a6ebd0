"""Keys that are lost: missing while rows stand under their names, or damaged.

`gateway audit verify`, `gateway key list`, the log and the desk tell them by the name of their
record. Nobody erased these persons: who did leaves no row (decision 034).
"""

from collections.abc import Iterable

import structlog
from sqlalchemy import Connection, select

from gateway.errors import LostKeyError
from gateway.records.patients.account import AccountState
from gateway.store import schema
from gateway.store.engine.statements import select_in

log = structlog.get_logger()
D, K, P = schema.document, schema.data_key, schema.patient
MISSING, DAMAGED = "missing", "damaged"


def told_lost(name: bytes, how: str) -> LostKeyError:
    """Told in the log too, by the name alone."""
    log.error("key.lost", name=name.hex(), reason=how)
    return LostKeyError(name)


def keyless(connection: Connection, names: Iterable[bytes]) -> set[bytes]:
    """Of names without a key those that had one: a line of the index, or a document, is sealed."""
    wanted = list(names)
    lines = select_in(connection, P, "patient", "patient", wanted)
    documents = select(D.c.patient).where(D.c.patient.in_(wanted)).distinct()
    return {row.patient for row in lines} | set(connection.scalars(documents))


def missing_keys(connection: Connection, *, limit: int) -> list[bytes]:
    """Records whose key was taken out or never came back, told by an index alone."""
    own = P.c.state != AccountState.ERASING.value
    without = select(P.c.patient).outerjoin(K, K.c.patient == P.c.patient)
    query = without.where(K.c.patient.is_(None), own).order_by(P.c.patient).limit(limit)
    return list(connection.scalars(query))
