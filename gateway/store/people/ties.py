"""Facts of other records that name a person: whose profiles this person looks after."""

from dataclasses import replace

from sqlalchemy import Connection, select

from gateway.records.patients.account import Choice, ChoiceKind, Tie
from gateway.records.patients.patient import PatientKey
from gateway.store import schema
from gateway.store.columns import instant_or_none, unpack
from gateway.store.index.lineage import record, roots
from gateway.store.keys.keyring import Keyring
from gateway.store.keys.sealing import bound, unseal

C = schema.choice
TYING = (
    ChoiceKind.PARENT,
    ChoiceKind.GUARDIAN,
    ChoiceKind.CAREGIVER,
    ChoiceKind.PARENT_ASKED,
    ChoiceKind.CAREGIVER_ASKED,
)
ROWS = select(C.c.patient, C.c.sealed, C.c.until).order_by(C.c.number)
OF_KIND = C.c.kind.in_([one.value for one in TYING])


def ties_of(connection: Connection, keyring: Keyring, person: PatientKey) -> list[Tie]:
    """By every name of the person's own record; those of erased persons are left out."""
    names = [keyring.keys.name(b"target", one.hex()) for one in record(connection, person)]
    rows = connection.execute(ROWS.where(C.c.target_name.in_(names), OF_KIND)).all()
    if not rows:
        return []
    owners = {row.patient for row in rows}
    ciphers, records = keyring.opening(connection, owners), roots(connection, owners)
    found = []
    for row in rows:
        if row.patient not in ciphers:
            continue
        plain = unseal(ciphers[row.patient], row.sealed, bound(b"choice", row.patient, b""))
        choice = replace(unpack(Choice, plain), until=instant_or_none(row.until))
        found.append(Tie(patient=records[row.patient], choice=choice))
    return found
