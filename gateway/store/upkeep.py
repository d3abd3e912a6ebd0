"""The room that the database has, and the versions that meet in it."""

from sqlalchemy import Connection, text

from gateway import __version__
from gateway.records.health import Disk, Versions
from gateway.store.engine.database import Database
from gateway.store.migrating import newest_version

IN_FORCE = text("SELECT version_num FROM alembic_version")


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
