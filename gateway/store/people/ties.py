"""Facts of records that name somebody else: whose profiles a person looks after, and who let a
professional in."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, or_, select

from gateway.records.patients.account import Choice, ChoiceKind, Tie
from gateway.records.patients.patient import PatientKey
from gateway.store import schema
from gateway.store.columns import instant_or_none, micros, unpack
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
ROWS = select(C.c.patient, C.c.sealed, C.c.until)
OF_KIND = C.c.kind.in_([one.value for one in TYING])


def ties_of(connection: Connection, keyring: Keyring, person: PatientKey) -> list[Tie]:
    """By every name of the person's own record; those of erased persons are left out."""
    names = [keyring.keys.name(b"target", one.hex()) for one in record(connection, person)]
    query = ROWS.where(C.c.target_name.in_(names), OF_KIND).order_by(C.c.number)
    return _ties(connection, keyring, query)


def proposed_of(
    connection: Connection,
    keyring: Keyring,
    kinds: Sequence[ChoiceKind],
    now: datetime,
    limit: int,
) -> list[Tie]:
    """What waits for a second operator, the oldest first; of erased persons nothing."""
    wanted = C.c.kind.in_([one.value for one in kinds]) & (C.c.until > micros(now))
    query = ROWS.where(wanted).order_by(C.c.since, C.c.number).limit(limit)
    return _ties(connection, keyring, query)


def naming(
    connection: Connection, keyring: Keyring, targets: Mapping[ChoiceKind, str], limit: int
) -> list[Tie]:
    """Facts about professionals and teams, newest first; those of erased persons are left out."""
    wanted = [
        (C.c.kind == kind.value) & (C.c.target_name == keyring.keys.name(b"target", target))
        for kind, target in targets.items()
    ]
    if not wanted:
        return []
    query = ROWS.where(or_(*wanted)).order_by(C.c.since.desc(), C.c.number.desc()).limit(limit)
    return _ties(connection, keyring, query)


def _ties(connection: Connection, keyring: Keyring, query: Select[Any]) -> list[Tie]:
    rows = connection.execute(query).all()
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
