"""A node that is led to the follower of its server: nothing is lost, nobody thinks it is ready."""

import asyncio
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from laid import lay
from sqlalchemy import make_url
from store_house import FixedClock, PlainJudge, intake

from gateway.clock import SystemIds
from gateway.daemon.watch import ONLY_READ, Watch
from gateway.errors import DeferredError
from gateway.store import Keys, Store, open_store

BINARIES = Path("/usr/lib/postgresql")
OPTIONS = "-c listen_addresses='' -c shared_buffers=32MB -c max_connections=40"
WAIT_SECONDS = 120


def _run(name: str, *words: str) -> None:
    """As the server itself: it refuses to run as root."""
    user = "postgres" if os.geteuid() == 0 else None
    binary = str(sorted(BINARIES.glob(f"*/bin/{name}"))[-1])
    subprocess.run((binary, *words), user=user, cwd="/", capture_output=True, check=True)


@pytest.fixture
def follower_url(postgresql_server: str, postgresql_url: str) -> Iterator[str]:
    """The same database on a server that follows the first."""
    lay(postgresql_url)
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    data, source = folder / "data", str(make_url(postgresql_server).query["host"])
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    try:
        _run("pg_basebackup", "-h", source, "-U", "postgres", "-D", str(data), "-R", "-c", "fast")
        start = ("-D", str(data), "-l", str(folder / "log"), "-w", "-o", f"{OPTIONS} -k {folder}")
        _run("pg_ctl", "start", *start)
        try:
            yield postgresql_url.replace(source, str(folder))
        finally:
            _run("pg_ctl", "stop", "-D", str(data), "-m", "immediate", "-w")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def opened(url: str, keys: Keys, judge: PlainJudge) -> Store:
    return open_store(url, keys=keys, judge=judge, clock=FixedClock())


@pytest.mark.postgresql
async def test_a_follower_takes_no_documents_until_it_is_the_first(
    postgresql_url: str, follower_url: str, keys: Keys, judge: PlainJudge, ids: SystemIds
) -> None:
    first = await opened(postgresql_url, keys, judge)
    filed = await first.journal.file(intake(ids))
    await first.close()
    store = await opened(follower_url, keys, judge)
    watch = Watch(store, FixedClock())
    try:
        async with asyncio.timeout(WAIT_SECONDS):
            while await store.journal.receipt(filed.receipt) is None:
                pass
        assert await watch() == ONLY_READ
        with pytest.raises(DeferredError):
            await store.journal.file(intake(ids, 2))
        assert await watch() == ONLY_READ
        with psycopg.connect(follower_url, autocommit=True) as connection:
            connection.execute("SELECT pg_promote(true, 60)")
        assert await watch() is None
        sent = await store.journal.file(intake(ids, 3))
        assert await store.journal.receipt(sent.receipt) is not None
        assert await watch() is None
    finally:
        await store.close()
