"""What a database that was restored is told of the master key: its data keys come in a file of
their own, which may be of another hour than the copy, before or after a rotation."""

from collections.abc import Iterable, Sequence

from cryptography.hazmat.primitives.keywrap import InvalidUnwrap
from sqlalchemy import delete, update

from gateway.store import schema
from gateway.store.engine.engines import writing_engine
from gateway.store.engine.statements import insert_or_leave
from gateway.store.keys.masters.in_force import IN_FORCE, NOT_PROVED
from gateway.store.keys.masters.master import version_of

C, N = schema.key_check, schema.counter


def versions_of(keys: Iterable[bytes]) -> list[int]:
    """Of the master key, without those that no version can have written."""
    found = set()
    for wrapped in keys:
        try:
            found.add(version_of(wrapped))
        except InvalidUnwrap:
            continue
    return sorted(found)


def follow_versions(url: str, versions: Sequence[int]) -> None:
    """The latest of them is in force, and the first start asks for these and no other. Nothing
    changes where there is no data key. The schema must be current."""
    if not versions:
        return
    engine = writing_engine(url)
    try:
        with engine.begin() as connection:
            connection.execute(update(N).where(N.c.name == IN_FORCE).values(next=versions[-1]))
            connection.execute(delete(C).where(C.c.number.not_in(versions)))
            for version in versions:
                insert_or_leave(connection, C, {"number": version, "wrapped": NOT_PROVED})
    finally:
        engine.dispose()
