"""An older copy of the database knows nothing of who was erased since: they are buried again, from
`erased.jsonl`, before anybody may open it; and that file learns what the database knows. Nobody
waits for it, so it is one commit each. The receipt comes back with the name."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import structlog
from sqlalchemy import Connection, select

from gateway.clock import SystemIds
from gateway.records.patients.erasure import Tombstone
from gateway.store import schema
from gateway.store.burying.bury import clear, destroy, set_stone
from gateway.store.burying.erasures import stones_of
from gateway.store.burying.graves import sealed_grave
from gateway.store.burying.rows import seek
from gateway.store.burying.stones import FILE, keep_stones, read_stones
from gateway.store.engine.engines import asked, writing_engine
from gateway.store.index.lineage import hold
from gateway.store.keys.destroyed import alone_in_turn
from gateway.store.keys.gateway_keys import Keys
from gateway.store.keys.keyring import Keyring
from gateway.store.log.traces import write_waiting

log = structlog.get_logger()
S = schema.tombstone


def agree_on_the_erased(url: str, keys: Keys, folder: Path) -> int:
    """How many were buried again. `folder` is that of the keys; one that cannot be written is told
    in the log. The schema must be current, the keys those of the database. Raises KeyFileError."""
    in_file = read_stones(folder / FILE)  # before the database, which learns of each first
    in_database = known_stones(url)
    again = bury_again(url, keys, missing_of(in_file, in_database))
    try:
        keep_stones(folder, in_database)
    except OSError as error:
        log.error("erased.not_kept", reason=error.strerror, name=FILE)  # noqa: TRY400 - it says all
    return again


def known_stones(url: str) -> list[Tombstone]:
    """Of a database whose schema is current."""
    with asked(url) as connection:
        return stones_of(connection)


def missing_of(wanted: Iterable[Tombstone], known: Iterable[Tombstone]) -> list[Tombstone]:
    ids = {one.id for one in known}
    return sorted((one for one in wanted if one.id not in ids), key=lambda one: (one.at, one.id))


def bury_again(url: str, keys: Keys, stones: Sequence[Tombstone]) -> int:
    """Each in a transaction of its own; one that another process did meanwhile is passed over."""
    if not stones:
        return 0
    engine = writing_engine(url)
    keyring, count = Keyring(keys, SystemIds()), 0
    try:
        for stone in stones:
            with engine.begin() as connection:
                count += _bury(connection, keyring, stone)
                write_waiting(connection, keyring)
                keyring.committed(connection)
    finally:
        engine.dispose()
    return count


def _bury(connection: Connection, keyring: Keyring, stone: Tombstone) -> bool:
    alone_in_turn(connection)
    if connection.scalar(select(S.c.id).where(S.c.id == stone.id)) is not None:
        return False
    hold(connection, stone.names)
    found = seek(connection, keyring, stone.names)
    destroy(connection, keyring, stone)
    clear(connection, keyring, found, stone)
    set_stone(connection, stone, rest=None, leaves=sealed_grave(connection, keyring, stone.grave))
    return True
