"""How long the master key's rotation takes, and how long a deposit may wait beside it.

rotation.py [--people N]
SQLite, every transaction fsynced. Prints the time of the whole, and of its steps the median and
the longest: a step is one transaction of the writer, in which a deposit waits.
"""

import argparse
import asyncio
import os
import sys
import tempfile
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "store"))
sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "store" / "keys"))

from rotation_house import ACT, IDS, prepare, process, versions

from gateway.records.patients.patient import PatientKey
from gateway.store import Keys, Store, migrate
from gateway.store.keys.masters.rotation import KeyRotation

AT_ONCE = 2_000


async def people(store: Store, count: int) -> None:
    """A data key for each."""
    keyring = store.database.keyring
    for begun in range(0, count, AT_ONCE):
        names = [PatientKey(os.urandom(16)) for _ in range(min(AT_ONCE, count - begun))]
        await store.database.write(partial(keyring.sealing, patients=names))


async def rotated(store: Store) -> list[float]:
    """Seconds of each step."""
    rotation, after, taken = KeyRotation(store.database), None, []
    await rotation.begin(2, act=ACT)
    while True:
        begun = perf_counter()
        stretch = await rotation.rewrap(2, after=after)
        if stretch.last is None:
            break
        taken.append(perf_counter() - begun)
        after = stretch.last
    await rotation.finish(2, act=ACT)
    return taken


async def measure(folder: Path, count: int) -> None:
    url = f"sqlite:///{folder / 'gateway.db'}"
    migrate(url)
    Keys.create(folder / "keys", IDS)
    async with process(url, folder / "keys") as store:
        await people(store, count)
    prepare(folder / "keys")
    async with process(url, folder / "keys") as store:
        begun = perf_counter()
        taken = await rotated(store)
        whole = perf_counter() - begun
        found = await versions(store)
    assert set(found) == {2}, "a data key was left behind"
    print(f"{count} data keys wrapped anew in {whole:.2f} s, in {len(taken)} steps")
    print(f"a step: median {median(taken) * 1000:.1f} ms, longest {max(taken) * 1000:.1f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(Path(folder), parser.parse_args().people))


if __name__ == "__main__":
    main()
