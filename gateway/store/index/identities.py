"""The patient index: lines changed by a filing, and people looked up by their traits."""

from collections.abc import Iterable

from sqlalchemy import Connection, delete, select

from gateway.records.intake.filing import IdentityChange
from gateway.records.patients.account import AccountState
from gateway.records.patients.patient import PatientIdentity, PatientKey
from gateway.records.words import fold
from gateway.store import schema
from gateway.store.columns import pack
from gateway.store.engine.statements import insert_or_change, insert_or_leave
from gateway.store.keys.gateway_keys import Keys
from gateway.store.keys.keyring import Keyring
from gateway.store.keys.sealing import bound, seal


def change_identity(connection: Connection, keyring: Keyring, change: IdentityChange) -> None:
    """A person new to us becomes `unknown` unless the change says otherwise.

    Only what the change names is written: another node may change the rest meanwhile.
    """
    cipher = keyring.sealing(connection, [change.key])[change.key]
    values = {
        "patient": change.key,
        "qualified": change.qualified,
        "sealed": seal(cipher, pack(change.identity), bound(b"person", change.key, b"")),
    }
    if change.state is not None:
        values["state"] = change.state.value
    if change.status:
        values["identity_status"] = change.status
    if change.obtained:
        values["obtained"] = change.obtained
    once = {"state": AccountState.UNKNOWN.value, "feeding_opposed": False}
    insert_or_change(connection, schema.patient, values, once=once)
    _name(connection, keyring.keys, change)


def _name(connection: Connection, keys: Keys, change: IdentityChange) -> None:
    for local in change.local_ids:
        values = {"name": keys.local_key(local), "patient": change.key}
        insert_or_leave(connection, schema.local_name, values)
    t = schema.trait_name
    connection.execute(delete(t).where(t.c.patient == change.key))
    for name in trait_names(keys, change.identity):
        insert_or_leave(connection, t, {"name": name, "patient": change.key})


def like(connection: Connection, keys: Keys, identity: PatientIdentity) -> set[PatientKey]:
    """Persons who share one of the trait sets; who they are must still be compared."""
    names = set(trait_names(keys, identity))
    if not names:
        return set()
    t = schema.trait_name
    query = select(t.c.patient).where(t.c.name.in_(names))
    return {PatientKey(patient) for patient in connection.scalars(query)}


def trait_names(keys: Keys, identity: PatientIdentity) -> list[bytes]:
    """HMACs of the trait sets of ARCHITECTURE "Keys": name and date; with place; with given
    name and sex; given name and date."""
    date, sex = identity.birth_date, identity.sex
    family = fold(identity.birth_family or "")
    given = fold(identity.birth_given or "")
    sets: Iterable[tuple[str, tuple[str | None, ...]]] = (
        ("name-date", (family, date)),
        ("name-date-place", (family, date, identity.birth_place)),
        ("name-given-date-sex", (family, given, date, sex)),
        ("given-date", (given, date)),
    )
    return [
        keys.name(b"traits", "\x00".join((kind, *(value or "" for value in values))))
        for kind, values in sets
        if all(values)
    ]
