"""Are these the keys of this database? Asked at each start, before anything is opened or filed.

Every version of the master key that the database may need is asked for, each by its own row
(`keys.in_force`). A database without such a row gets it once what it holds was read with the keys.
"""

from collections.abc import Sequence

from cryptography.hazmat.primitives.keywrap import InvalidUnwrap
from sqlalchemy import Connection, select, update

from gateway.clock import SystemIds
from gateway.records.patients.patient import PatientKey
from gateway.store import schema
from gateway.store.engine.engines import asked, writing_engine
from gateway.store.index.persons import Lost, find_persons
from gateway.store.keys.gateway_keys import INDEX, Keys
from gateway.store.keys.keyring import Keyring
from gateway.store.keys.masters.in_force import (
    IN_FORCE,
    in_force,
    known_versions,
    make_known,
    prove,
    wrong_key,
)
from gateway.store.keys.masters.master import master_name

K, N, P = schema.data_key, schema.counter, schema.patient
PERSONS_ASKED = 5


def check_keys(url: str, keys: Keys) -> None:
    """Raises KeyFileError for a version that is missing, and for keys of another gateway. The
    schema must be current."""
    with asked(url) as connection:
        current = in_force(connection)
        known = known_versions(connection)
        new = [one for one in known if not prove(connection, keys, one)]
        new += [current] if current not in known else []
        if not new:
            return
        _try_on_rows(connection, keys, current)
    _write(url, keys, new)


def is_rotating(url: str) -> bool:
    """Whether a rotation of the master key was begun and is not through."""
    with asked(url) as connection:
        return len(known_versions(connection)) > 1


def _try_on_rows(connection: Connection, keys: Keys, version: int) -> None:
    """A data key must unwrap, and a person be called after the INS that is sealed in the row."""
    wrapped = connection.scalar(select(K.c.wrapped).limit(1))
    try:
        if wrapped is not None:
            keys.unwrap(wrapped)
    except InvalidUnwrap:
        raise wrong_key(master_name(version)) from None
    some = select(P.c.patient).where(P.c.merged_into.is_(None)).limit(PERSONS_ASKED)
    names = [PatientKey(name) for name in connection.scalars(some)]
    ring = Keyring(keys, SystemIds())
    persons = find_persons(connection, ring, names, lost=Lost.LEFT_OUT).values()
    called = [
        keys.patient_key(one.identity.ins_oid or "", one.identity.ins) == one.key
        for one in persons
        if one.identity.ins
    ]
    if called and not any(called):
        raise wrong_key(INDEX)


def _write(url: str, keys: Keys, versions: Sequence[int]) -> None:
    """A database without a data key takes the first version that its keys have."""
    writing = writing_engine(url)
    try:
        with writing.begin() as connection:
            if connection.scalar(select(K.c.wrapped).limit(1)) is None:
                versions = keys.master.versions[:1]
                named = update(N).where(N.c.name == IN_FORCE, N.c.next < versions[0])
                connection.execute(named.values(next=versions[0]))
            for version in versions:
                make_known(connection, keys, version)
    finally:
        writing.dispose()
