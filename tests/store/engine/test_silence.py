"""A frozen node, a lock never given back, a server that answers nothing: nobody waits on."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable

import pytest
from sqlalchemy import Connection, text
from store_house import FixedClock, PlainJudge, intake

from gateway.clock import SystemIds
from gateway.errors import DeferredError
from gateway.store import Keys, Store, migrate, open_store
from gateway.store.engine import database, engines
from gateway.store.engine.waiting import Limits

SLEEP = text("SELECT pg_sleep(30)")
LOCK = text("LOCK TABLE receipt IN EXCLUSIVE MODE")
WAIT_SECONDS = 120
Opening = Callable[[str, Limits], Store]


@pytest.fixture
async def opening(keys: Keys, judge: PlainJudge) -> AsyncIterator[Opening]:
    stores: list[Store] = []

    def opened(url: str, limits: Limits) -> Store:
        stores.append(open_store(url, keys=keys, judge=judge, clock=FixedClock(), limits=limits))
        return stores[-1]

    yield opened
    for store in stores:
        await store.close()


async def test_an_input_is_answered_while_the_writer_is_stuck_and_is_not_begun_later(
    url: str, opening: Opening, ids: SystemIds, monkeypatch: pytest.MonkeyPatch
) -> None:
    await asyncio.to_thread(migrate, url)
    monkeypatch.setattr(database, "STUCK_SECONDS", 0.01)
    store = opening(url, Limits(answer_seconds=0.05))
    begun, gate = threading.Event(), threading.Event()

    def work(_: Connection) -> bool:
        begun.set()
        return gate.wait(WAIT_SECONDS)

    held = asyncio.create_task(store.database.write(work))
    await asyncio.to_thread(begun.wait)
    sent = intake(ids)
    with pytest.raises(DeferredError):
        await store.journal.file(sent)
    assert store.database.is_stuck
    gate.set()
    assert await held
    await store.database.write(lambda _: None)  # behind all that waited
    assert await store.journal.receipt(sent.receipt) is None
    async with asyncio.timeout(WAIT_SECONDS):
        while not await _is_filed(store, ids):
            pass
    assert not store.database.is_stuck


async def test_an_act_is_not_waited_for_without_end(url: str, opening: Opening) -> None:
    await asyncio.to_thread(migrate, url)
    store = opening(url, Limits(act_seconds=0.05))
    gate = threading.Event()
    with pytest.raises(DeferredError):
        await store.database.write(lambda _: gate.wait(WAIT_SECONDS))
    gate.set()


async def test_a_lock_that_is_never_given_back_defers_and_is_given_back_by_the_server(
    postgresql_url: str, opening: Opening, ids: SystemIds, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first node stops in the midst of a transaction, as a paused machine does."""
    await asyncio.to_thread(migrate, postgresql_url)
    monkeypatch.setitem(engines.PATIENCE, "lock_timeout", "100ms")
    monkeypatch.setitem(engines.PATIENCE, "idle_in_transaction_session_timeout", "3s")
    first, second = (opening(postgresql_url, Limits()) for _ in range(2))
    frozen, put_off, thaw = threading.Event(), threading.Event(), threading.Event()

    def freeze(connection: Connection) -> None:
        connection.execute(LOCK)
        frozen.set()
        while not put_off.wait(0.1):  # until then it goes on, however slow the machine is
            connection.execute(text("SELECT 1"))
        thaw.wait(2 * WAIT_SECONDS)

    stopped = asyncio.create_task(first.database.write(freeze))
    await asyncio.to_thread(frozen.wait)
    with pytest.raises(DeferredError):
        await second.journal.file(intake(ids, 1))
    put_off.set()
    async with asyncio.timeout(WAIT_SECONDS):
        while not await _is_filed(second, ids):
            pass
    thaw.set()
    with pytest.raises(DeferredError):
        await stopped
    await first.journal.file(intake(ids, 2))


async def _is_filed(store: Store, ids: SystemIds) -> bool:
    try:
        await store.journal.file(intake(ids, 1))
    except DeferredError:
        return False
    return True


async def test_the_end_of_a_process_cuts_what_a_server_does_not_answer(
    postgresql_url: str, opening: Opening
) -> None:
    await asyncio.to_thread(migrate, postgresql_url)
    store = opening(postgresql_url, Limits(stop_seconds=0.1))
    writing = asyncio.create_task(store.database.write(lambda c: c.execute(SLEEP)))
    reading = asyncio.create_task(store.database.read(lambda c: c.execute(SLEEP)))
    await asyncio.sleep(0.2)
    async with asyncio.timeout(WAIT_SECONDS):
        await store.close()
        outcomes = await asyncio.gather(writing, reading, return_exceptions=True)
    assert all(isinstance(one, DeferredError) for one in outcomes), outcomes
