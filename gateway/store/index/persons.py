"""Lines of the patient index, read back as persons."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from enum import Enum
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection

from gateway.records.patients.account import AccountState, Person
from gateway.records.patients.patient import PatientIdentity, PatientKey
from gateway.store import schema
from gateway.store.columns import instant_or_none, unpack
from gateway.store.engine.statements import select_in
from gateway.store.index.lineage import roots
from gateway.store.keys.keyring import Keyring
from gateway.store.keys.lost import DAMAGED, MISSING, told_lost
from gateway.store.keys.sealing import bound, unseal

PERSON = (
    "patient state qualified feeding_opposed sealed merged_into identity_status obtained masks_new"
    " deceased opposed_at closed_at deletion_asked_at"
)
AnyRow = Any  # a row with these columns


class Lost(Enum):
    """What becomes of a line whose key is missing or damaged."""

    RAISED = "raised"
    LEFT_OUT = "left out"
    BARE = "found, without its traits"


def find_persons(
    connection: Connection,
    keyring: Keyring,
    patients: Iterable[PatientKey],
    *,
    own_traits: bool = False,
    lost: Lost = Lost.RAISED,
) -> dict[PatientKey, Person]:
    """Lines of the patient index; one who is being erased has no traits any more. Raises
    LostKeyError where a key is missing or damaged, unless `lost` says otherwise.

    A patient whose record joined another is found as that other; with `own_traits`, under the
    traits of the INS that was asked for, as its senders go on writing them.
    """
    wanted = set(patients)
    rows = select_in(connection, schema.patient, PERSON, "patient", wanted)
    ciphers, damaged = keyring.sound(connection, [row.patient for row in rows])
    found = dict[PatientKey, Person]()
    for row in rows:
        if row.patient in ciphers or row.state == AccountState.ERASING or lost is Lost.BARE:
            found[PatientKey(row.patient)] = _person(row, ciphers.get(row.patient))
        elif lost is Lost.RAISED:
            raise told_lost(row.patient, DAMAGED if row.patient in damaged else MISSING)
    merged = {row.patient for row in rows if row.merged_into}
    if merged:
        joined = _joined(connection, keyring, merged, found, lost)
        if own_traits:
            joined = {
                key: replace(one, identity=found[key].identity) for key, one in joined.items()
            }
        found |= joined
    return found


def are_of_another(
    connection: Connection, keyring: Keyring, names: Sequence[bytes], patient: PatientKey
) -> bool:
    """Whether one of these names leads to a known person of another record than this one's."""
    ends = roots(connection, [patient, *names])
    people = find_persons(connection, keyring, {ends[name] for name in names})
    return bool(people.keys() - {ends[patient]})


def _joined(
    connection: Connection,
    keyring: Keyring,
    merged: set[bytes],
    found: dict[PatientKey, Person],
    lost: Lost,
) -> dict[PatientKey, Person]:
    records = roots(connection, merged)
    missing = set(records.values()) - found.keys()
    others = find_persons(connection, keyring, missing, lost=lost) if missing else {}
    known = {key: one for key, one in found.items() if key not in merged} | others
    return {
        PatientKey(one): known[end] for one, end in records.items() if end in known and one in found
    }


def _person(row: AnyRow, cipher: AESGCM | None) -> Person:
    return Person(
        key=PatientKey(row.patient),
        state=AccountState(row.state),
        identity=_identity(row.patient, row.sealed, cipher) if cipher else PatientIdentity(),
        qualified=bool(row.qualified),
        feeding_opposed=bool(row.feeding_opposed),
        status=row.identity_status,
        obtained=row.obtained,
        masks_new=bool(row.masks_new),
        deceased=bool(row.deceased),
        opposed_at=instant_or_none(row.opposed_at),
        closed_at=instant_or_none(row.closed_at),
        deletion_asked_at=instant_or_none(row.deletion_asked_at),
    )


@lru_cache(maxsize=10_000)
def _identity(patient: bytes, sealed: bytes, cipher: AESGCM) -> PatientIdentity:
    """Opened once: a sealed value never changes, a new one is another key of this memory."""
    return unpack(PatientIdentity, unseal(cipher, sealed, bound(b"person", patient, b"")))
