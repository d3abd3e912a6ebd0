"""How long the erasure of one person takes, and what others wait for it.

burial.py [--documents N] [--others N] [--postgresql URL]
N documents of one person (5 KB with 40 results each) among those of a hundred others; SQLite, every
transaction fsynced, or an empty database of a server. Prints the time of the whole, that until
nothing can be read any more, and the longest that a deposit of another waited meanwhile.
"""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "store"))
sys.path.insert(0, str(Path(__file__).parent))

from disk import fsync_milliseconds
from sqlalchemy import update
from store_house import NOW, OID, FixedClock, PlainJudge, identity, intake

from gateway.clock import SystemIds
from gateway.ports.people.erasures import Follows
from gateway.records.intake.filing import IdentityChange
from gateway.records.patients.account import AccountState, Person
from gateway.records.patients.erasure import Cause, Erasure
from gateway.store import Keys, Store, migrate, open_store, schema

AT_ONCE = 200
OTHERS = 100
IDS = SystemIds()


async def person(store: Store) -> Person:
    """Closed, and its deletion asked for."""
    one = identity(1)
    key = store.keys.patient_key(OID, one.ins or "")
    change = IdentityChange(key=key, identity=one, qualified=True, state=AccountState.ACTIVE)
    await store.people.change_identity(change)
    t, at = schema.patient, int(NOW.timestamp() * 1_000_000)
    closed = update(t).values(state=AccountState.CLOSED.value, closed_at=at, deletion_asked_at=at)
    await store.database.write(lambda c: c.execute(closed).rowcount)
    found = await store.people.person(key)
    assert found is not None
    return found


async def fill(store: Store, own: int, others: int) -> None:
    """Documents of both by turns, as they come."""
    whole = own + others
    serials = [
        1 if n * own // whole != (n + 1) * own // whole else 2 + n % OTHERS for n in range(whole)
    ]
    for begun in range(0, whole, AT_ONCE):
        some = enumerate(serials[begun : begun + AT_ONCE], begun)
        await asyncio.gather(
            *(store.journal.file(intake(IDS, n, serial=serial)) for n, serial in some)
        )


async def waited(store: Store, erasing: "asyncio.Task[Any]") -> float:
    """The longest that a deposit of another waited meanwhile, in seconds."""
    longest, number = 0.0, 10_000_000
    while not erasing.done():
        begun = perf_counter()
        await store.journal.file(intake(IDS, number, serial=3))
        longest, number = max(longest, perf_counter() - begun), number + 1
    return longest


async def measure(url: str, folder: Path, own: int, others: int) -> None:
    migrate(url)
    keys = Keys.create(folder / "keys", IDS)
    store = open_store(url, keys=keys, judge=PlainJudge(keys, IDS), clock=FixedClock())
    try:
        await fill(store, own, others)
        one = await person(store)
        draft = Erasure(id=IDS.identifier(), at=NOW, cause=Cause.ASKED, since=NOW)
        begun = perf_counter()
        erasing = asyncio.create_task(
            store.erasures.erase(one, draft, follows=lambda _done: Follows())
        )
        longest = await waited(store, erasing)
        done = await erasing
        deed = perf_counter() - begun
        assert done is not None
        finishing = asyncio.create_task(store.erasures.finish(done.id))
        longest = max(longest, await waited(store, finishing))
        assert await finishing
        whole = perf_counter() - begun
    finally:
        await store.close()
    assert len(done.documents) == own
    print(f"{own} documents of one person among {others} of others: {whole:.2f} s")
    print(f"nobody reads any of it after {deed * 1000:.0f} ms")
    print(f"{done.messages} messages, {done.tasks} tasks, {done.entries} entries of the log")
    print(f"the longest that a deposit waited beside it: {longest * 1000:.0f} ms")
    print(f"fsync of 4 KB: {fsync_milliseconds(folder):.2f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--others", type=int, default=50_000)
    parser.add_argument("--postgresql", metavar="URL")
    words = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = words.postgresql or f"sqlite:///{folder / 'gateway.db'}"
        asyncio.run(measure(url, folder, words.documents, words.others))


if __name__ == "__main__":
    main()
