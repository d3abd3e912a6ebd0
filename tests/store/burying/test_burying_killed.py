"""Killed at any point of an erasure, a person is whole or can be read by nobody."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from burying_house import close, dumped, furnish, traces_of, verified
from ward_house import LOU, Ward

from gateway.records.patients.account import AccountState
from gateway.store.burying.again import agree_on_the_erased
from gateway.store.burying.stones import FILE, read_stones
from gateway.store.index.lineage import record

HERE = Path(__file__).parent


def killed(url: str, folder: Path, patient: bytes, point: str) -> None:
    words = [str(HERE / "burying_victim.py"), url, str(folder), patient.hex(), point]
    paths = os.pathsep.join([str(HERE.parents[2]), str(HERE.parent)])
    tried = os.environ | {"PYTHONPATH": paths}
    ended = subprocess.run(
        [sys.executable, *words], env=tried, check=False, capture_output=True, text=True
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr


async def test_a_process_killed_before_the_deed_leaves_the_person_whole(
    ward: Ward, url: str, tmp_path: Path
) -> None:
    alix = await furnish(ward)
    await close(ward.store, alix)
    whole = await dumped(ward.store)
    await asyncio.to_thread(killed, url, tmp_path / "keys", alix, "before 1")
    assert await dumped(ward.store) == whole


async def test_a_process_killed_amid_the_steps_leaves_nothing_to_read_and_the_next_ends_it(
    ward: Ward, url: str, tmp_path: Path
) -> None:
    alix = await furnish(ward)
    await close(ward.store, alix)
    names = await ward.store.database.read(lambda c: tuple(record(c, alix)))
    hers = await ward.store.database.read(lambda c: traces_of(c, names))
    for point in ("behind 1", "behind 3", "before 4"):
        await asyncio.to_thread(killed, url, tmp_path / "keys", alix, point)
        person = await ward.store.people.person(alix)
        assert person is not None
        assert person.state is AccountState.ERASING
        assert await ward.store.traces.of_patient(alix, limit=9) == []
        assert len(await ward.store.erasures.unfinished()) == 1
        assert (await verified(ward)).faults == []
    (stone,) = await ward.store.erasures.tombstones()
    assert read_stones(tmp_path / "keys" / FILE) == []  # they were killed before they wrote them
    keys = ward.store.keys
    assert await asyncio.to_thread(agree_on_the_erased, url, keys, tmp_path / "keys") == 0
    assert read_stones(tmp_path / "keys" / FILE) == [stone]
    assert await ward.store.erasures.finish(stone.id)
    after = await dumped(ward.store)
    left = {table for table, rows in after.items() if any(map(hers.are_in, rows))}
    assert left <= {"tombstone", "choice"}
    assert await ward.store.people.person(alix) is None
    assert await ward.count(LOU) == 2
    assert (await verified(ward)).faults == []


@pytest.mark.parametrize("line", ["{}", "no json", '{"id": "00", "at": "2026-01-01", "names": []}'])
def test_a_line_that_is_no_erasure_stops_the_start(line: str, tmp_path: Path) -> None:
    from gateway.store.keys.key_files import KeyFileError

    (tmp_path / FILE).write_text(f"{line}\n")
    with pytest.raises(KeyFileError, match="damaged in line 1"):
        read_stones(tmp_path / FILE)
