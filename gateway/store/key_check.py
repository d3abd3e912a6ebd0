"""Are these the keys of this database? Asked at each start, before anything is opened or filed.

`key_check` holds one value: what a constant is called under the index key, wrapped under the
master key. A database without it gets it once the rows that it holds were read with the keys.
"""

import hmac

from cryptography.hazmat.primitives.keywrap import InvalidUnwrap
from sqlalchemy import Connection, select

from gateway.clock import SystemIds
from gateway.records.patients.patient import PatientKey
from gateway.store import schema
from gateway.store.engine.engines import reading_engine, writing_engine
from gateway.store.engine.statements import insert_or_leave
from gateway.store.index.persons import find_persons
from gateway.store.keys.gateway_keys import INDEX, MASTER, WRONG_KEYS, KeyFileError, Keys
from gateway.store.keys.keyring import Keyring

C, K, P = schema.key_check, schema.data_key, schema.patient
THE_ONE = 1
KIND, CONSTANT = b"key-check", "gateway"
PERSONS_ASKED = 5


def check_keys(url: str, keys: Keys) -> None:
    """Raises KeyFileError for keys of another gateway. The schema must be current."""
    reading = reading_engine(url)
    try:
        with reading.connect() as connection:
            if _is_checked(connection, keys):
                return
            _try_on_rows(connection, keys)
    finally:
        reading.dispose()
    _write(url, keys)


def _is_checked(connection: Connection, keys: Keys) -> bool:
    """False where there is nothing yet to check them by."""
    wrapped = connection.scalar(select(C.c.wrapped).where(C.c.number == THE_ONE))
    if wrapped is None:
        return False
    if not hmac.compare_digest(_unwrapped(keys, wrapped), keys.name(KIND, CONSTANT)):
        raise _wrong(INDEX)
    return True


def _try_on_rows(connection: Connection, keys: Keys) -> None:
    """A data key must unwrap, and a person be called after the INS that is sealed in the row."""
    wrapped = connection.scalar(select(K.c.wrapped).limit(1))
    if wrapped is not None:
        _unwrapped(keys, wrapped)
    some = select(P.c.patient).where(P.c.merged_into.is_(None)).limit(PERSONS_ASKED)
    names = [PatientKey(name) for name in connection.scalars(some)]
    persons = find_persons(connection, Keyring(keys, SystemIds()), names).values()
    called = [
        keys.patient_key(one.identity.ins_oid or "", one.identity.ins) == one.key
        for one in persons
        if one.identity.ins
    ]
    if called and not any(called):
        raise _wrong(INDEX)


def _write(url: str, keys: Keys) -> None:
    values = {"number": THE_ONE, "wrapped": keys.wrap(keys.name(KIND, CONSTANT))}
    writing = writing_engine(url)
    try:
        with writing.begin() as connection:
            insert_or_leave(connection, C, values)
    finally:
        writing.dispose()


def _unwrapped(keys: Keys, wrapped: bytes) -> bytes:
    try:
        return keys.unwrap(wrapped)
    except InvalidUnwrap:
        raise _wrong(MASTER) from None


def _wrong(name: str) -> KeyFileError:
    return KeyFileError(f"{WRONG_KEYS} ({name} is another one)")
