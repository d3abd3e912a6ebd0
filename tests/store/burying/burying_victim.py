"""A process that erases one person and is killed in the midst of it, at the point that is named."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

from store_house import NOW, FixedClock, PlainJudge

from gateway.clock import SystemIds
from gateway.ports.people.erasures import Follows
from gateway.records.patients.erasure import Cause, Erasure
from gateway.records.patients.patient import PatientKey
from gateway.store import Keys, open_store
from gateway.store.burying import bury
from gateway.store.engine import writer


def dying(work: Callable[..., Any], at: int, *, behind: bool = False) -> Callable[..., Any]:
    """`work`, of which the call number `at` is the last thing that this process does."""
    calls = count(1)

    def done(*words: Any) -> Any:
        is_last = next(calls) == at
        found = work(*words) if behind or not is_last else None
        if is_last:
            os.kill(os.getpid(), signal.SIGKILL)
        return found

    return done


def prepare(point: str) -> None:
    """In the midst of the rows, before the commit, or behind it."""
    if point == "rows":
        vars(bury)["take_out"] = dying(vars(bury)["take_out"], 12)
    else:
        commit = vars(writer)["_commit_all"]
        vars(writer)["_commit_all"] = dying(commit, 1, behind=point == "behind")


async def main(url: str, folder: str, patient: str, point: str) -> None:
    keys, ids = Keys.load(Path(folder)), SystemIds()
    store = open_store(url, keys=keys, judge=PlainJudge(keys, ids), clock=FixedClock())
    person = await store.people.person(PatientKey(bytes.fromhex(patient)))
    assert person is not None
    draft = Erasure(id=ids.identifier(), at=NOW, cause=Cause.ASKED, since=NOW)
    prepare(point)
    await store.erasures.erase(person, draft, follows=lambda _done: Follows())


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
