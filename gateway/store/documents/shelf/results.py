"""The discrete results of documents, opened; of many at once those of the last records are kept.

The bytes of a document never change, and its results are another sealed value once they were read
anew: what was kept is taken only where that is the same to the last byte (decision 050).
"""

from collections.abc import Sequence

import orjson
from sqlalchemy import Connection, select

from gateway.mapping.results import results_in
from gateway.records.documents.observation import Observation
from gateway.records.patients.patient import PatientKey
from gateway.store import schema
from gateway.store.columns import can_be
from gateway.store.documents.filing.facts import AnyRow
from gateway.store.documents.receipts.journal import body_of
from gateway.store.keys.keyring import Keyring
from gateway.store.keys.opened_results import KeptResults
from gateway.store.keys.sealing import bound, unseal

D, C = schema.document, schema.content
HOLDING = (
    select(D.c.id, C.c.number, C.c.patient, C.c.results)
    .join(C, C.c.number == D.c.number)
    .where(D.c.results > 0)
)
AT_ONCE = 200


def observations_in(
    connection: Connection, keyring: Keyring, document: str
) -> tuple[Observation, ...]:
    """Those of one document; none of one that is not there."""
    row = connection.execute(HOLDING.where(D.c.id == document)).one_or_none()
    return _opened(connection, keyring, row).rows if row is not None else ()


def observations_in_each(
    connection: Connection, keyring: Keyring, whose: PatientKey, documents: Sequence[str]
) -> dict[str, tuple[Observation, ...]]:
    """By document; none of one that is not there, or whose key is gone."""
    seen = keyring.seen(connection)
    kept, opened = keyring.results.of(whose, seen), {}
    made = {}
    rows = _rows(connection, documents)
    readable = keyring.opening(connection, {row.patient for row in rows})
    for row in rows:
        if row.patient not in readable:
            continue
        known = kept.get(row.number)
        if known is None or known.sealed != row.results:
            known = _opened(connection, keyring, row)
        made[row.id] = known.rows
        opened[row.number] = known
    keyring.results.keep(whose, opened, seen)
    return made


def _rows(connection: Connection, documents: Sequence[str]) -> list[AnyRow]:
    rows: list[AnyRow] = []
    for first in range(0, len(documents), AT_ONCE):
        some = [one for one in documents[first : first + AT_ONCE] if can_be(one)]
        rows += connection.execute(HOLDING.where(D.c.id.in_(some))).all()
    return rows


def _opened(connection: Connection, keyring: Keyring, row: AnyRow) -> KeptResults:
    if row.results is None:  # the body holds them: see ResultsInBody
        body = body_of(connection, keyring, row.number)
        return KeptResults(None, len(body), tuple(results_in(body)))
    cipher = keyring.opening(connection, [row.patient])[row.patient]
    plain = unseal(cipher, row.results, bound(b"results", row.patient, b"%d" % row.number))
    rows = tuple(Observation(*values) for values in orjson.loads(plain))
    return KeptResults(row.results, len(plain), rows)
