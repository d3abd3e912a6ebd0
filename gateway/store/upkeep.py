"""The room that the database has, the versions that meet in it, and what was done for it.

What was done is kept in the database itself: a command that runs while the daemon does not may
write it down, and every node reads it. A backup holds the note of the one before; whoever restores
it writes down the right one.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, select, text

from gateway import __version__
from gateway.records.health import Deed, Disk, Upkept, Versions
from gateway.store import schema
from gateway.store.columns import instant, instant_or_none, micros, micros_or_none
from gateway.store.engine.database import IN_FORCE, Database
from gateway.store.engine.engines import writing_engine
from gateway.store.engine.statements import insert_or_change
from gateway.store.migrating import newest_version

T = schema.upkept
SERVERS_CLOCK = text("SELECT clock_timestamp()")
DEEDS = frozenset(Deed)


class DatabaseUpkeep:
    """The port `Upkeep`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._newest = newest_version()

    def disk(self) -> Disk | None:
        return self._database.disk

    async def versions(self) -> Versions:
        def work(connection: Connection) -> Versions:
            return Versions(
                gateway=__version__,
                engine=connection.dialect.name,
                schema=str(connection.scalar(IN_FORCE)),
                newest=self._newest,
            )

        return await self._database.read(work)

    async def ahead(self) -> timedelta | None:
        """Half the time that the question took is taken off: it is right to that."""

        def work(connection: Connection) -> timedelta | None:
            if connection.dialect.name != "postgresql":
                return None
            connection.execute(text("SELECT 1"))  # the connection is made, and the snapshot taken
            asked = self._database.clock.now()
            theirs: Any = connection.scalar(SERVERS_CLOCK)
            answered = self._database.clock.now()
            ahead: timedelta = theirs - (asked + (answered - asked) / 2)
            return ahead

        return await self._database.read(work)

    async def keep(self, done: Upkept) -> None:
        await self._database.write(lambda connection: _keep(connection, done))

    async def kept(self) -> dict[Deed, Upkept]:
        """A deed of a later version is left out."""
        query = select(T.c.deed, T.c.at, T.c.of_at, T.c.size, T.c.faults)

        def work(connection: Connection) -> dict[Deed, Upkept]:
            rows = [row for row in connection.execute(query) if row.deed in DEEDS]
            return {Deed(row.deed): _upkept(row) for row in rows}

        return await self._database.read(work)


def note(url: str, done: Upkept) -> None:
    """For a command, which may run where no daemon does. The schema must be current."""
    engine = writing_engine(url)
    try:
        with engine.begin() as connection:
            _keep(connection, done)
    finally:
        engine.dispose()


def _keep(connection: Connection, done: Upkept) -> None:
    values = {
        "deed": done.deed.value,
        "at": micros(done.at),
        "of_at": micros_or_none(done.of),
        "size": done.size,
        "faults": done.faults,
    }
    insert_or_change(connection, T, values)


def _upkept(row: Any) -> Upkept:  # a row of the table
    return Upkept(
        deed=Deed(row.deed),
        at=instant(row.at),
        of=instant_or_none(row.of_at),
        size=row.size,
        faults=row.faults,
    )
