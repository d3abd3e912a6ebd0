"""A writer's thread with a way of filing that a test chooses, and what comes of its units."""

import asyncio
from collections.abc import Callable

from gateway.clock import SystemIds
from gateway.ports.metrics import NoMetrics
from gateway.records.intake.filing import Intake
from gateway.store import Keys
from gateway.store.engine.engines import writing_engine
from gateway.store.engine.ground import Ground
from gateway.store.engine.reserve import Reserve
from gateway.store.engine.writer import FileGroup, Job, Writer
from gateway.store.keys.keyring import Keyring

Writers = Callable[[FileGroup], Writer]


def writer_of(url: str, keys: Keys, ids: SystemIds, file_group: FileGroup) -> Writer:
    return Writer(
        writing_engine(url),
        Keyring(keys, ids),
        file_group,
        reserve=Reserve(url, 0),
        ground=Ground(url),
        max_group=64,
        metrics=NoMetrics(),
    )


def outcomes_of(writer: Writer, *works: Intake) -> list[asyncio.Future[object]]:
    """Of one group."""
    loop = asyncio.get_running_loop()
    jobs = [Job(work, loop.create_future(), loop, 1) for work in works]
    writer.put(jobs)
    return [job.future for job in jobs]


async def outcome(writer: Writer, work: Intake) -> object:
    return await outcomes_of(writer, work)[0]
