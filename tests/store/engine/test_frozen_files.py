"""SQLite files that may not be written any more: put off, told, and taken again by itself."""

import os
import resource
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from store_house import FixedClock, PlainJudge, intake

from gateway.clock import SystemIds
from gateway.daemon.watch import ONLY_READ, Watch
from gateway.errors import DeferredError
from gateway.records.health import Check
from gateway.store import Keys, Store, migrate, open_store
from gateway.store.engine.ground import Ground

Freeze = Callable[[str], bool]
FROZEN, LET_WRITE = "+i", "-i"


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/gateway.sqlite3"


@pytest.fixture
def freeze(store: Store, tmp_path: Path) -> Iterator[Freeze]:
    """Makes the files of an open store immutable, the mapped one too."""
    assert store.database.url.endswith("gateway.sqlite3")
    files = [str(one) for one in tmp_path.glob("gateway.sqlite3*")]

    def change(how: str) -> bool:
        words = ["chattr", how, *files]
        return subprocess.run(words, check=False, capture_output=True).returncode == 0

    if shutil.which("chattr") is None:
        pytest.skip("needs the Debian package e2fsprogs")
    if os.geteuid() != 0 or not change(FROZEN):
        pytest.skip("needs root and a file system that has immutable files")
    change(LET_WRITE)
    yield change
    change(LET_WRITE)


async def test_a_frozen_file_takes_no_documents_until_it_may_be_written(
    store: Store, ids: SystemIds, freeze: Freeze
) -> None:
    watch = Watch(store, FixedClock())
    await store.journal.file(intake(ids, 1))
    assert await watch() is None
    assert freeze(FROZEN)
    assert await watch() == ONLY_READ
    assert [one.check for one in await watch.checks() if one.reason] == [Check.WRITABLE]
    second = intake(ids, 2)
    for _ in range(2):
        with pytest.raises(DeferredError) as put_off:
            await store.journal.file(second)
        assert not put_off.value.disk_full
        with pytest.raises(DeferredError):
            await store.journal.receipt(second.receipt)
    assert await watch() == ONLY_READ
    assert freeze(LET_WRITE)
    assert await watch() is None
    assert await store.journal.receipt(second.receipt) is None
    await store.journal.file(second)
    assert await store.journal.raw(second.receipt) == second.raw


async def test_a_store_that_is_closed_while_it_is_frozen_keeps_what_it_took(
    store: Store, ids: SystemIds, freeze: Freeze, url: str, keys: Keys
) -> None:
    first = intake(ids, 1)
    await store.journal.file(first)
    assert freeze(FROZEN)
    await store.close()
    assert freeze(LET_WRITE)
    again = open_store(url, keys=keys, judge=PlainJudge(keys, ids), clock=FixedClock())
    assert await again.journal.raw(first.receipt) == first.raw
    await again.close()


async def test_a_file_that_was_frozen_before_it_was_opened_is_read(
    store: Store, ids: SystemIds, freeze: Freeze, url: str, keys: Keys
) -> None:
    first = intake(ids, 1)
    await store.journal.file(first)
    assert freeze(FROZEN)
    command = open_store(url, keys=keys, judge=PlainJudge(keys, ids), clock=FixedClock())
    assert await command.journal.raw(first.receipt) == first.raw
    await command.close()


async def test_what_only_the_writer_meets_is_believed_until_a_write_succeeds(
    store: Store, ids: SystemIds, tmp_path: Path
) -> None:
    """The files look well, and the system writes nothing more into them (a quota)."""
    watch = Watch(store, FixedClock())
    await store.journal.file(intake(ids, 1))
    second = intake(ids, 2)
    limit = (tmp_path / "gateway.sqlite3-wal").stat().st_size
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, before[1]))
    try:
        with pytest.raises(DeferredError) as put_off:
            await store.journal.file(second)
        seen = [await watch(), await watch()]
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert not put_off.value.disk_full
    assert seen == [ONLY_READ, ONLY_READ]
    assert await watch() is None
    await store.journal.file(second)
    assert await store.journal.raw(second.receipt) == second.raw


def test_the_ground_is_the_files_of_a_database_and_no_server(url: str, tmp_path: Path) -> None:
    migrate(url)
    assert not Ground(url).is_frozen()
    assert not Ground("postgresql://gateway@nowhere.invalid/gateway").is_frozen()
    gone = Ground(url)
    (tmp_path / "gateway.sqlite3").unlink()
    assert gone.is_frozen()


def test_a_file_that_is_made_between_two_questions_is_no_frozen_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite makes its log while another connection looks whether it may be made."""
    database = tmp_path / "gateway.sqlite3"
    database.write_bytes(b"")
    ground, log, asked = Ground(f"sqlite:///{database}"), f"{database}-wal", os.access

    def asks(path: str, mode: int, *, effective_ids: bool = False) -> bool:
        found = asked(path, mode, effective_ids=effective_ids)
        if path == log:
            Path(log).touch()
        return found

    monkeypatch.setattr(os, "access", asks)
    assert not ground.is_frozen()
