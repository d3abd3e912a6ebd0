"""How fast the access log is verified, what a proof costs, and what the log costs an intake.

audit.py [--entries N] [--units N]
One process, a file of SQLite, real crypto. Rates are given by wall clock and by the processor
time of this process, because a shared machine flatters neither. The cost of the log is taken in
one run: the same units filed with their traces and without, in turns.
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from time import perf_counter, process_time

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "store"))

from store_house import FixedClock, PlainJudge, intake

from gateway.audit.note import SigningKey
from gateway.clock import SystemIds
from gateway.flows.log.seal import Seal
from gateway.flows.log.verify_log import VerifyLog
from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import PatientKey
from gateway.store import Keys, Store, migrate, open_store
from gateway.store.documents.filing import waves
from gateway.store.log.traces import add
from gateway.store.log.witness import FileWitness

GROUP, ROUNDS, PATIENTS = 16, 9, 500


async def fill(store: Store, ids: SystemIds, count: int) -> None:
    for start in range(0, count, 1_000):
        await store.traces.write([trace(ids, start + n) for n in range(1_000)])


def trace(ids: SystemIds, number: int) -> NewTrace:
    return NewTrace(
        patient=PatientKey((number % PATIENTS + 1).to_bytes(16, "big")),
        action="open",
        permitted=True,
        rule="P11",
        kind="professional",
        actor="801234567890",
        actor_name="Dr Anne Essai",
        profession="G15_10",
        organization="Cabinet des Essais",
        document=ids.identifier(),
        address="192.0.2.1",
        details=b'{"grid":"0123456789abcdef"}',
    )


async def timed(work: Callable[[], Awaitable[object]]) -> tuple[float, float]:
    wall, cpu = perf_counter(), process_time()
    await work()
    return perf_counter() - wall, process_time() - cpu


async def verify(store: Store, key: SigningKey, folder: Path, entries: int) -> None:
    seal = Seal(store.log, FileWitness(folder / "heads"), key, FixedClock())
    wall, cpu = await timed(seal)
    print(f"sign a head over {entries:,} new entries: {wall:.2f} s ({cpu:.2f} s of processor)")
    check = VerifyLog(store.log_reader, store.log, key.verifier)
    rates = []
    for _ in range(3):
        wall, cpu = await timed(check)
        rates.append((entries / wall, entries / cpu))
    print("verify, entries/s by wall:", ", ".join(f"{rate:,.0f}" for rate, _ in rates))
    print("verify, entries/s by processor:", ", ".join(f"{rate:,.0f}" for _, rate in rates))
    numbers = list(range(1, entries + 1, max(1, entries // 200)))
    wall, _ = await timed(lambda: store.log.inclusion(numbers, entries))
    print(f"a proof: {1000 * wall / len(numbers):.2f} ms, mean of {len(numbers)} over the log")


async def intake_cost(store: Store, ids: SystemIds, count: int) -> None:
    """Units of one document, with and without their trace, in turns; processor time of each."""
    with_log: list[float] = []
    without: list[float] = []
    number = 0
    for turn in range(2 * ROUNDS):
        units = [intake(ids, number + n, serial=n % PATIENTS) for n in range(count)]
        number += count
        silent = bool(turn % 2)
        setattr(waves, "add_traces", nothing if silent else add)  # noqa: B010 - the lens of a benchmark
        cpu = process_time()
        for start in range(0, count, GROUP):
            group = units[start : start + GROUP]
            await asyncio.gather(*(store.journal.file(unit) for unit in group))
        (without if silent else with_log).append((process_time() - cpu) / count)
    one, other = (statistics.median(times[1:]) * 1e6 for times in (with_log, without))
    least, bare = min(with_log[1:]) * 1e6, min(without[1:]) * 1e6
    print(f"filing a unit, median: {one:.0f} µs with its entry, {other:.0f} µs without")
    share = 100 * (one - other) / one
    print(f"least: {least:.0f} and {bare:.0f} µs; the entry is {share:.1f} % of filing alone")


def nothing(*_words: object) -> None:
    """No trace is gathered."""


async def main(words: argparse.Namespace) -> None:
    ids = SystemIds()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        keys = Keys.create(folder / "keys", ids)
        for place, work in (("verify", "verify"), ("cost", "cost")):
            url = f"sqlite:///{folder}/{place}.sqlite3"
            await asyncio.to_thread(migrate, url)
            store = open_store(url, keys=keys, judge=PlainJudge(keys, ids), clock=FixedClock())
            if work == "verify":
                await fill(store, ids, words.entries)
                key = SigningKey.made_of(ids.octets(32))
                await verify(store, key, folder, words.entries)
            else:
                await intake_cost(store, ids, words.units)
            await store.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=200_000)
    parser.add_argument("--units", type=int, default=800)
    asyncio.run(main(parser.parse_args()))
