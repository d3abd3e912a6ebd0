"""What a copy of a record costs: memory and time of making it, and of its download.

export.py [--documents N] [--bytes N] [--results N] [--folder DIR]
N documents of one person, of so many bytes that nothing compresses, each with so many results;
SQLite, every transaction fsynced. They are filed by one process, copied by another one, whose peak
of resident memory is told. No socket is part of it.
"""

import argparse
import asyncio
import multiprocessing
import os
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from time import perf_counter, process_time

from msgspec import structs

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "store"))
sys.path.insert(0, str(Path(__file__).parent))

from disk import fsync_milliseconds
from store_house import OID, PlainJudge, document, identity, intake, results

from gateway.access.grid import shipped_grid
from gateway.clock import SystemClock, SystemIds
from gateway.flows.corresponding.sight import Look
from gateway.flows.exporting.ask import ask
from gateway.flows.exporting.make import MakeExport
from gateway.flows.exporting.room import Exporting
from gateway.flows.exporting.take import take
from gateway.flows.exporting.work_off import WorkOffExports
from gateway.flows.reading.decided.facts import patient_reader
from gateway.flows.reading.read import ReadShelf
from gateway.mapping.fhir.written.emit import load_models
from gateway.ports.metrics import NoMetrics
from gateway.records.intake.filing import IdentityChange, Intake
from gateway.records.patients.account import AccountState
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.switches import Switches
from gateway.store import Keys, Store, migrate, open_store
from gateway.vault.exporting.press import FrenchPress

AT_ONCE = 16
MEGABYTE = 1_000_000
IDS, CLOCK = SystemIds(), SystemClock()


def store_in(folder: Path) -> Store:
    place = folder / "keys"
    keys = Keys.load(place) if place.exists() else Keys.create(place, IDS)
    url = f"sqlite:///{folder / 'gateway.db'}"
    return open_store(url, keys=keys, judge=PlainJudge(keys, IDS, tasks=0), clock=CLOCK)


def patient_of(store: Store) -> PatientKey:
    return store.keys.patient_key(OID, identity().ins or "")


def one(number: int, size: int, rows: int) -> Intake:
    raw = os.urandom(size)
    made = document(raw, mime_type="application/pdf", title=f"Compte rendu {number}")
    whole = intake(IDS, number, raw=raw, documents=(made,))
    said = replace(whole.understanding, observations=(results(rows),), results=rows)
    return structs.replace(whole, understanding=said, at=CLOCK.now())


async def fill(folder: Path, count: int, size: int, rows: int) -> None:
    store = store_in(folder)
    change = IdentityChange(
        key=patient_of(store), identity=identity(), qualified=True, state=AccountState.ACTIVE
    )
    await store.people.change_identity(change)
    for begun in range(0, count, AT_ONCE):
        numbers = range(begun, min(begun + AT_ONCE, count))
        await asyncio.gather(*(store.journal.file(one(n, size, rows)) for n in numbers))
    await store.close()


def megabytes(which: str) -> float:
    """VmRSS or VmHWM of this process."""
    text = Path("/proc/self/status").read_text()
    return int(text.partition(f"{which}:")[2].split()[0]) * 1024 / MEGABYTE


async def copy(folder: Path) -> None:
    store = store_in(folder)
    load_models()
    read = ReadShelf(
        shelf=store.shelf,
        people=store.people,
        traces=store.traces,
        clock=CLOCK,
        grid=shipped_grid(),
        switches=Switches(),
    )
    room = Exporting(
        read=read,
        look=Look(asking=read, correspondence=store.correspondence),
        journal=store.journal,
        domain="patient.mssante.fr",
        ties=store.people,
        exports=store.exports,
        entries=store.entries,
        agendas=store.agendas,
        preventions=store.preventions,
        ids=IDS,
        has_room=lambda _needed: True,
    )
    work = WorkOffExports(
        tasks=store.tasks, make=MakeExport(room=room, press=FrenchPress()), metrics=NoMetrics()
    )
    patient = patient_of(store)
    reader = patient_reader(patient, name="Zoltan")
    print(f"at rest {megabytes('VmRSS'):.0f} MB", flush=True)
    asked = await ask(room, reader, patient, patient, base="https://exemple.test/fhir")
    begun, used = perf_counter(), process_time()
    await work()
    made = await store.exports.find(asked.id)
    assert made is not None
    seconds, used = perf_counter() - begun, process_time() - used
    print(
        f"made in {seconds:.1f} s ({used:.1f} of the processor), peak {megabytes('VmHWM'):.0f} MB",
        flush=True,
    )
    begun, came = perf_counter(), 0
    taken = await take(room, reader, patient, made, goes_on=False)
    first = perf_counter() - begun
    async for run in taken.octets(0, made.size):
        came += len(run)
    assert came == made.size
    seconds = perf_counter() - begun
    print(
        f"{came / MEGABYTE:.0f} MB downloaded in {seconds:.1f} s"
        f" ({came / MEGABYTE / seconds:.0f} MB/s, the first byte after {first * 1000:.0f} ms),"
        f" peak {megabytes('VmHWM'):.0f} MB"
    )
    await store.close()


def in_a_process(work: str, *words: object) -> None:
    made = multiprocessing.get_context("spawn").Process(target=run, args=(work, *words))
    made.start()
    made.join()
    if made.exitcode:
        sys.exit(made.exitcode)


def run(work: str, *words: object) -> None:
    asyncio.run({"fill": fill, "copy": copy}[work](*words))  # type: ignore[operator]  # by name


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=1_000)
    parser.add_argument("--bytes", type=int, default=500_000)
    parser.add_argument("--results", type=int, default=4)
    parser.add_argument("--folder", help="where the database stands meanwhile")
    words = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=words.folder) as name:
        folder = Path(name)
        migrate(f"sqlite:///{folder / 'gateway.db'}")
        in_a_process("fill", folder, words.documents, words.bytes, words.results)
        print(f"{words.documents} documents of {words.bytes} bytes, {words.results} results each")
        in_a_process("copy", folder)
        print(f"fsync of 4 KB: {fsync_milliseconds(folder):.2f} ms")


if __name__ == "__main__":
    main()
