"""Who the documents under a local identifier say they are about, before it leads to somebody."""

from sqlalchemy import Connection, func, select

from gateway.records.documents.document import Document
from gateway.records.patients.patient import PatientIdentity
from gateway.store import schema
from gateway.store.columns import unpack
from gateway.store.index.lineage import members
from gateway.store.keys.keyring import Keyring
from gateway.store.keys.sealing import bound, unseal

D, C = schema.document, schema.content


def traits_kept(
    connection: Connection, keyring: Keyring, name: bytes
) -> tuple[PatientIdentity, ...]:
    """Of the newest document under this name and under each that leads to it; most names keep
    none, because documents wait until somebody qualified is known."""
    names = members(connection, name)
    newest = select(func.max(D.c.number)).where(D.c.patient.in_(names)).group_by(D.c.patient)
    query = select(C.c.number, C.c.patient, C.c.details).where(C.c.number.in_(newest))
    rows = connection.execute(query).all()
    ciphers = keyring.opening(connection, {row.patient for row in rows}) if rows else {}
    return tuple(
        unpack(
            Document,
            unseal(
                ciphers[row.patient],
                row.details,
                bound(b"details", row.patient, b"%d" % row.number),
            ),
        ).patient
        for row in rows
        if row.patient in ciphers
    )
