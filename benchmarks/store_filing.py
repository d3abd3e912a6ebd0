"""How many ORU-like units a second the store files, and how fast a list of cards is read.

store_filing.py [--url URL] [--units N] [--group N] [--profile]
A unit: 5 KB of raw bytes, 40 observations, one document, two tasks, one trace; real crypto,
zstd, every table, each group fsynced. The figures stand beside the disk's own fsync time.
"""

import argparse
import asyncio
import cProfile
import pstats
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "store"))

from disk import fsync_milliseconds
from store_house import OID, FixedClock, PlainJudge, identity, intake

from gateway.clock import SystemIds
from gateway.records.intake.filing import Intake
from gateway.store import Keys, Store, migrate, open_store
from gateway.store.engine.writer import Writer

PATIENTS = 1_000
CARD_PATIENT = 5_000


async def file_all(store: Store, units: list[Intake], group: int) -> float:
    """Units a second with `group` senders that wait for their answers."""
    waiting = iter(units)

    async def send() -> None:
        for unit in waiting:
            await store.journal.file(unit)

    started = perf_counter()
    await asyncio.gather(*(send() for _ in range(group)))
    return len(units) / (perf_counter() - started)


async def cards(store: Store, ids: SystemIds) -> float:
    """Milliseconds to list 500 documents of one record, median of 21."""
    mine = [intake(ids, 10_000_000 + n, serial=CARD_PATIENT) for n in range(500)]
    await file_all(store, mine, 16)
    patient = store.keys.patient_key(OID, identity(CARD_PATIENT).ins or "")
    took = []
    for _ in range(21):
        started = perf_counter()
        assert len(await store.shelf.cards(patient)) == 500
        took.append((perf_counter() - started) * 1000)
    return sorted(took)[10]


async def main(words: argparse.Namespace) -> None:
    ids = SystemIds()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        keys = Keys.create(folder / "keys", ids)
        url = words.url or f"sqlite:///{folder}/gateway.sqlite3"
        await asyncio.to_thread(migrate, url)
        store = open_store(url, keys=keys, judge=PlainJudge(keys, ids), clock=FixedClock())
        units = [intake(ids, n, serial=n % PATIENTS) for n in range(words.units)]
        await file_all(store, [intake(ids, -n, serial=n) for n in range(PATIENTS)], 16)
        rate = await file_all(store, units, words.group)
        print(f"fsync {fsync_milliseconds(folder):.2f} ms")
        print(f"{rate:,.0f} units/s, {words.group} at a time, {words.units} units")
        print(f"500 cards in {await cards(store, ids):.1f} ms")
        await store.close()


def profiled() -> Callable[[], None]:
    """Profiles the writer's thread; what it returns prints where the time went."""
    profile = cProfile.Profile()
    run = Writer._run

    def watched(self: Writer) -> None:
        profile.runcall(run, self)

    Writer._run = watched  # type: ignore[method-assign]  # the benchmark's own lens

    def show() -> None:
        pstats.Stats(profile).sort_stats("tottime").print_stats(45)

    return show


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url")
    parser.add_argument("--units", type=int, default=10_000)
    parser.add_argument("--group", type=int, default=16)
    parser.add_argument("--profile", action="store_true")
    arguments = parser.parse_args()
    show = profiled() if arguments.profile else None
    asyncio.run(main(arguments))
    if show:
        show()
