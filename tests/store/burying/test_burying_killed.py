"""Killed at any point of an erasure, a person is whole or gone."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from burying_house import close, dumped, furnish
from ward_house import ALIX, LOU, Ward

from gateway.store.burying.again import agree_on_the_erased
from gateway.store.burying.stones import FILE, read_stones

HERE = Path(__file__).parent


def killed(url: str, folder: Path, patient: bytes, point: str) -> None:
    words = [str(HERE / "burying_victim.py"), url, str(folder), patient.hex(), point]
    paths = os.pathsep.join([str(HERE.parents[2]), str(HERE.parent)])
    tried = os.environ | {"PYTHONPATH": paths}
    ended = subprocess.run(
        [sys.executable, *words], env=tried, check=False, capture_output=True, text=True
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr


async def test_a_process_killed_amid_an_erasure_leaves_nobody_half_erased(
    ward: Ward, url: str, tmp_path: Path
) -> None:
    alix = await furnish(ward)
    await close(ward.store, alix)
    whole = await dumped(ward.store)
    await asyncio.to_thread(killed, url, tmp_path / "keys", alix, "before")
    assert await dumped(ward.store) == whole
    await asyncio.to_thread(killed, url, tmp_path / "keys", alix, "behind")
    assert await ward.store.people.person(alix) is None
    assert await ward.store.shelf.cards(ward.key(ALIX)) == []
    (stone,) = await ward.store.erasures.tombstones()
    assert await ward.count(LOU) == 2
    assert read_stones(tmp_path / "keys" / FILE) == []  # it was killed before it wrote them
    keys = ward.store.keys
    assert await asyncio.to_thread(agree_on_the_erased, url, keys, tmp_path / "keys") == 0
    assert read_stones(tmp_path / "keys" / FILE) == [stone]


@pytest.mark.parametrize("line", ["{}", "no json", '{"id": "00", "at": "2026-01-01", "names": []}'])
def test_a_line_that_is_no_erasure_stops_the_start(line: str, tmp_path: Path) -> None:
    from gateway.store.keys.key_files import KeyFileError

    (tmp_path / FILE).write_text(f"{line}\n")
    with pytest.raises(KeyFileError, match="damaged in line 1"):
        read_stones(tmp_path / FILE)
