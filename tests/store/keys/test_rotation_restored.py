"""Backups of before, amid and after a rotation come back, each with the keys that it needs."""

import asyncio
import shutil
from collections.abc import Sequence
from itertools import permutations
from pathlib import Path

import pytest
from laid import lay
from rotation_house import all_open, deposits, prepare, process, rotate, steps, versions, without

from gateway.clock import SystemIds
from gateway.records.intake.filing import Intake
from gateway.store import KeyFileError, Keys, backup, restore
from gateway.store.backups.backup import KEY_FILE
from gateway.store.engine.engines import writing_engine
from gateway.store.keys.masters import rotation

NEEDED = {"before": [1], "amid": [1, 2], "after": [2]}
ABSENT = {"before": ["master-2.key"], "amid": [], "after": ["master.key"]}


@pytest.fixture
def folder(url: str, ids: SystemIds, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    lay(url)
    monkeypatch.setattr(rotation, "STEP", 2)
    Keys.create(tmp_path / "keys", ids)
    return tmp_path / "keys"


@pytest.fixture
async def sent(url: str, folder: Path, tmp_path: Path) -> Sequence[Intake]:
    """What was filed before; copies `before`, `amid` and `after` stand beside."""
    async with process(url, folder) as store:
        made = await deposits(store, range(1, 6))
        await asyncio.to_thread(backup, url, tmp_path / "before")
        prepare(folder)
        rotating = steps(store, 2)
        assert [await anext(rotating) for _ in range(2)] == ["begun", "rewrapped"]
        await asyncio.to_thread(backup, url, tmp_path / "amid")
        await rotate(store, 2)
        await asyncio.to_thread(backup, url, tmp_path / "after")
    return made


def emptied(url: str, tmp_path: Path) -> None:
    if url.startswith("sqlite"):
        for file in tmp_path.glob("gateway.sqlite3*"):
            file.unlink()
        return
    engine = writing_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
    engine.dispose()


@pytest.mark.parametrize("copy", ["before", "amid", "after"])
async def test_a_backup_comes_back_with_the_keys_it_says_and_is_rotated_on(
    url: str, folder: Path, sent: Sequence[Intake], tmp_path: Path, copy: str
) -> None:
    emptied(url, tmp_path)
    restored = await asyncio.to_thread(restore, tmp_path / copy, url)
    assert restored.versions == NEEDED[copy]
    async with process(url, without(folder, *ABSENT[copy])) as store:
        assert await all_open(store, sent)
        sent = [*sent, *await deposits(store, [7])]
    async with process(url, folder) as store:
        await rotate(store, 2)
        assert await all_open(store, sent)
        assert set(await versions(store)) == {2}
    async with process(url, without(folder, "master.key")) as store:
        assert await all_open(store, sent)


@pytest.mark.parametrize(("copy", "keys"), [*permutations(["before", "amid", "after"], 2)])
async def test_data_keys_of_another_hour_than_the_copy_say_what_a_start_needs(
    url: str, folder: Path, sent: Sequence[Intake], tmp_path: Path, copy: str, keys: str
) -> None:
    emptied(url, tmp_path)
    shutil.copy(tmp_path / keys / KEY_FILE, tmp_path / copy / KEY_FILE)
    await asyncio.to_thread(restore, tmp_path / copy, url)
    for version, name in ((1, "master.key"), (2, "master-2.key")):
        if version in NEEDED[keys]:
            with pytest.raises(KeyFileError, match=f"{name} is missing"):
                async with process(url, without(folder, name)):
                    pass
    async with process(url, without(folder, *ABSENT[keys])) as store:
        assert await all_open(store, sent)
        assert await all_open(store, await deposits(store, [7]))
