"""A process that erases one person, or goes on with it, and is killed at a named point."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from store_house import NOW, FixedClock, PlainJudge

from gateway.clock import SystemIds
from gateway.ports.people.erasures import Follows
from gateway.records.patients.account import AccountState
from gateway.records.patients.erasure import Cause, Erasure
from gateway.records.patients.patient import PatientKey
from gateway.store import Keys, open_store
from gateway.store.engine import writer


def dying(work: Callable[..., Any], *, behind: bool, at: int) -> Callable[..., Any]:
    """The `at`-th time is the last thing that this process does: `work`, or what comes before."""
    times = iter(range(1, at))

    def done(*words: Any) -> Any:
        if next(times, None) is not None:
            return work(*words)
        found = work(*words) if behind else None
        os.kill(os.getpid(), signal.SIGKILL)
        return found

    return done


def prepare(point: str) -> None:
    """Before the commit of that number, or behind it, when nobody heard of it yet."""
    where, number = point.split()
    commit = vars(writer)["_commit_all"]
    vars(writer)["_commit_all"] = dying(commit, behind=where == "behind", at=int(number))


async def main(url: str, folder: str, patient: str, point: str) -> None:
    keys, ids = Keys.load(Path(folder)), SystemIds()
    store = open_store(url, keys=keys, judge=PlainJudge(keys, ids), clock=FixedClock())
    person = await store.people.person(PatientKey(bytes.fromhex(patient)))
    assert person is not None
    draft = Erasure(id=ids.identifier(), at=NOW, cause=Cause.ASKED, since=NOW)
    prepare(point)
    if person.state is not AccountState.ERASING:
        assert await store.erasures.erase(person, draft, follows=lambda _done: Follows())
    for one in await store.erasures.unfinished():
        await store.erasures.finish(one)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
