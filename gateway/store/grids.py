"""Every grid that was in force, by the instant from which it was: a change is in the log."""

from datetime import datetime

import orjson
import zstandard
from sqlalchemy import Connection, insert, select

from gateway.records.grids import GridVersion
from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import DESK
from gateway.store import schema
from gateway.store.columns import instant, micros
from gateway.store.log.traces import add as add_traces
from gateway.store.reach import Reach

G = schema.grid
MAX_GRID_BYTES = 16_000_000
ACTOR = "settings"


class DatabaseGrids:
    """No policy, no cell: files and dates."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach

    async def keep(self, digest: str, content: bytes, at: datetime) -> str | None:
        """Keeps a grid that is not the one in force; the digest of the one before.

        None when nothing changed, "" for the first. One commit with its entry in the log.
        """

        def work(connection: Connection) -> str | None:
            newest = select(G.c.digest).order_by(G.c.since.desc()).limit(1)
            before: str = connection.execute(newest).scalar() or ""
            if before == digest:
                return None
            packed = zstandard.ZstdCompressor(level=9).compress(content)
            values = {"since": micros(at), "digest": digest, "packed": packed}
            connection.execute(insert(G).values(**values))
            add_traces(connection, at, [_trace(digest, before)])
            return before

        return await self._reach.write(work)

    async def versions(self) -> list[GridVersion]:
        """Newest first."""
        query = select(G.c.digest, G.c.since).order_by(G.c.since.desc())
        return await self._reach.read(
            lambda connection: [
                GridVersion(digest=row.digest, since=instant(row.since))
                for row in connection.execute(query)
            ]
        )

    async def content(self, beginning: str) -> bytes | None:
        """The file whose digest begins so; None where there is none, or more than one."""
        begins = G.c.digest.startswith(beginning, autoescape=True)
        query = select(G.c.digest, G.c.packed).where(begins)

        def work(connection: Connection) -> bytes | None:
            found = {row.digest: row.packed for row in connection.execute(query)}
            if len(found) != 1:
                return None
            (packed,) = found.values()
            return zstandard.ZstdDecompressor().decompress(packed, max_output_size=MAX_GRID_BYTES)

        return await self._reach.read(work)


def _trace(digest: str, before: str) -> NewTrace:
    return NewTrace(
        patient=DESK,
        action="grid",
        permitted=True,
        rule="operator",
        kind="operator",
        actor=ACTOR,
        actor_name=ACTOR,
        door="desk",
        details=orjson.dumps({"grid": digest, "before": before}),
    )
