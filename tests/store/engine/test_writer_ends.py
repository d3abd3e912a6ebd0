"""What the writer's thread does when something fails, and when it ends."""

import asyncio
import sqlite3
import threading
from collections.abc import Sequence

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from store_house import NOW, FixedClock, PlainJudge, document, intake
from ward_house import WORD
from writer_house import Writers, outcome, outcomes_of

from gateway.clock import SystemIds
from gateway.errors import DeferredError
from gateway.records.intake.filing import Answer, Intake
from gateway.records.intake.finding import Verdict
from gateway.store import Keys, Store, open_store
from gateway.store.engine import writer
from gateway.store.log.traces import add

WAIT_SECONDS = 120


def failed_fsync() -> DBAPIError:
    told = sqlite3.OperationalError("disk I/O error")
    told.sqlite_errorcode = sqlite3.SQLITE_IOERR_FSYNC
    return DBAPIError("COMMIT", None, told)


def accepted(intakes: Sequence[Intake]) -> list[Answer | Exception]:
    return [Answer(receipt=one.receipt, verdict=Verdict.ACCEPT) for one in intakes]


async def test_after_a_failed_fsync_nothing_is_acknowledged_any_more(
    writers: Writers, ids: SystemIds
) -> None:
    tried: list[Intake] = []

    def group(_: Connection, intakes: Sequence[Intake]) -> list[Answer | Exception]:
        tried.extend(intakes)
        if len(tried) == 1:
            raise failed_fsync()
        return accepted(intakes)

    made = writers(group)
    assert not made.is_broken
    for number in range(3):
        with pytest.raises(DeferredError):
            await outcome(made, intake(ids, number))
    assert made.is_broken
    assert len(tried) == 1


async def test_units_of_a_failed_group_that_time_does_not_reach_are_put_off(
    writers: Writers, ids: SystemIds, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "ONE_BY_ONE_SECONDS", -1.0)
    groups: list[int] = []

    def group(_: Connection, intakes: Sequence[Intake]) -> list[Answer | Exception]:
        groups.append(len(intakes))
        raise LookupError("a bug")

    futures = outcomes_of(writers(group), intake(ids, 1), intake(ids, 2))
    outcomes = await asyncio.gather(*futures, return_exceptions=True)
    assert [type(one) for one in outcomes] == [DeferredError, DeferredError]
    assert groups == [2]


async def test_a_key_made_by_a_write_that_failed_seals_nothing(
    store: Store, url: str, keys: Keys, ids: SystemIds, judge: PlainJudge
) -> None:
    sent = intake(ids)
    identity = document(b"").patient
    patient = keys.patient_key(identity.ins_oid or "", identity.ins or "")

    def fails(connection: Connection) -> None:
        store.database.keyring.sealing(connection, [patient])
        raise LookupError("after the key was made")

    with pytest.raises(LookupError):
        await store.database.write(fails)
    await store.journal.file(sent)
    elsewhere = open_store(url, keys=keys, judge=judge, clock=FixedClock())
    try:
        assert await elsewhere.journal.raw(sent.receipt) == sent.raw
    finally:
        await elsewhere.close()


async def test_a_trace_of_a_write_that_failed_is_not_in_the_log(store: Store) -> None:
    def traced(connection: Connection) -> None:
        add(connection, NOW, [WORD])

    def failing(connection: Connection) -> None:
        add(connection, NOW, [WORD])
        raise LookupError("after the trace was added")

    works = [store.database.write(one) for one in (traced, failing, traced)]
    outcomes = await asyncio.gather(*works, return_exceptions=True)
    assert [type(one) for one in outcomes] == [type(None), LookupError, type(None)]
    assert len(await store.traces.leaves()) == 2


async def test_a_store_that_closes_waits_for_the_commit_under_way(
    store: Store,
) -> None:
    begun, gate = threading.Event(), threading.Event()

    def work(_: Connection) -> bool:
        begun.set()
        return gate.wait(WAIT_SECONDS)

    held = asyncio.create_task(store.database.write(work))
    await asyncio.to_thread(begun.wait)
    waiting = asyncio.create_task(store.sessions.failed("a", at=NOW))
    await asyncio.sleep(0)
    closing = asyncio.create_task(store.close())
    done, _ = await asyncio.wait({closing}, timeout=0.2)
    assert not done
    gate.set()
    await closing
    assert await held
    await waiting
