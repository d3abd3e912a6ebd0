"""When documents changed: columns of theirs, and the ends of what was hidden from one reader."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, func, select

from gateway.records.documents.changed import NEVER, Changed
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Hide
from gateway.store import schema
from gateway.store.columns import instant, instant_or_none, micros
from gateway.store.documents.shelf.veils import target_name
from gateway.store.index.lineage import record
from gateway.store.keys.keyring import Keyring

H = schema.hide


def changed_of(changed: int | None, unmasked: int | None, own_label: int | None) -> Changed:
    """Out of the columns of a document; most never changed."""
    last = max(changed or 0, unmasked or 0)
    if not last and own_label is None:
        return NEVER
    return Changed(at=instant(last) if last else None, own_label=instant_or_none(own_label))


def ends_of_hides(
    connection: Connection,
    keyring: Keyring,
    patient: PatientKey,
    targets: Iterable[Hide],
    now: datetime,
) -> dict[str, datetime]:
    """By document of this record, the last time that something hidden from these ended."""
    names = [target_name(keyring, one) for one in targets]
    query = select(H.c.document, func.max(H.c.until)).group_by(H.c.document)
    query = query.where(H.c.patient.in_(record(connection, patient)))
    query = query.where(H.c.target_name.in_(names), H.c.until <= micros(now))
    return {document: instant(until) for document, until in connection.execute(query)}
