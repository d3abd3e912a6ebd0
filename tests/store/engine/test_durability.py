"""What was acknowledged survives a killed process, a full disk and a vanished server."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from laid import lay
from msgspec import structs
from store_house import FixedClock, PlainJudge, intake
from structlog.testing import capture_logs

from gateway.clock import SystemIds
from gateway.errors import DeferredError
from gateway.store import Keys, Store, open_store
from gateway.store.engine.engines import writing_engine
from gateway.store.engine.reserve import Reserve
from gateway.store.engine.waiting import Limits

STORE = Path(__file__).parents[1]
ACKNOWLEDGED_BEFORE_THE_KILL = 150


def test_a_killed_process_loses_nothing_it_acknowledged(
    url: str, keys: Keys, ids: SystemIds, tmp_path: Path
) -> None:
    lay(url)
    for kill in range(2):
        acknowledged = _file_until_killed(url, tmp_path / "keys", first=kill * 100_000)
        asyncio.run(_all_there(url, keys, ids, acknowledged))


def _file_until_killed(url: str, folder: Path, *, first: int) -> list[str]:
    words = [sys.executable, str(STORE / "store_victim.py"), url, str(folder), str(first)]
    tried = os.environ | {"PYTHONPATH": str(STORE.parents[1])}
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=tried) as victim:
        assert victim.stdout is not None
        lines = [victim.stdout.readline() for _ in range(ACKNOWLEDGED_BEFORE_THE_KILL)]
        os.kill(victim.pid, signal.SIGKILL)
        lines += victim.stdout.readlines()
    return [line.strip() for line in lines if line.endswith("\n")]


async def _all_there(url: str, keys: Keys, ids: SystemIds, acknowledged: list[str]) -> None:
    store = open_store(url, keys=keys, judge=PlainJudge(keys, ids), clock=FixedClock())
    assert len(acknowledged) >= ACKNOWLEDGED_BEFORE_THE_KILL
    for receipt in acknowledged:
        found = await store.journal.receipt(receipt)
        assert found is not None
        assert await store.journal.raw(receipt) is not None
        assert await store.shelf.find(found.answer.documents[0].id) is not None
    assert (await store.log_reader.stretch(since=1, limit=5)).altered == ()
    await store.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("needs root and tmpfs")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


async def test_a_full_disk_defers_and_goes_on_when_space_returns(
    small_disk: Path, keys: Keys, ids: SystemIds
) -> None:
    url = f"sqlite:///{small_disk}/gateway.sqlite3"
    await asyncio.to_thread(lay, url)
    ballast = small_disk / "ballast"
    await asyncio.to_thread(ballast.write_bytes, bytes(1_500_000))
    store = open_store(url, keys=keys, judge=PlainJudge(keys, ids), clock=FixedClock())
    filed, refused = [], None
    for number in range(500):
        sent = intake(ids, number, serial=number % 9)
        try:
            await store.journal.file(sent)
        except DeferredError as error:
            refused = error
            break
        filed.append(sent)
    assert refused is not None
    assert refused.disk_full
    assert await store.journal.receipt(sent.receipt) is None
    await asyncio.to_thread(ballast.unlink)
    await store.journal.file(sent)
    for one in [*filed, sent]:
        assert await store.journal.raw(one.receipt) == one.raw
    await store.close()


async def test_a_cut_connection_defers_and_the_next_unit_finds_a_new_one(
    postgresql_url: str, keys: Keys, ids: SystemIds
) -> None:
    await asyncio.to_thread(lay, postgresql_url)
    store = open_store(postgresql_url, keys=keys, judge=PlainJudge(keys, ids), clock=FixedClock())
    await store.journal.file(intake(ids, 1))
    engine = writing_engine(postgresql_url)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    engine.dispose()
    second = intake(ids, 2)
    with pytest.raises(DeferredError):
        await store.journal.file(second)
    await store.journal.file(second)
    assert await store.journal.raw(second.receipt) == second.raw
    await store.close()


async def test_a_full_waiting_room_defers_and_a_stopping_gateway_too(
    url: str, keys: Keys, ids: SystemIds
) -> None:
    await asyncio.to_thread(lay, url)
    limits = Limits(max_waiting=1, patience_seconds=0.01)
    judge = PlainJudge(keys, ids)
    store = open_store(url, keys=keys, judge=judge, clock=FixedClock(), limits=limits)
    gate = asyncio.Event()
    loop = asyncio.get_running_loop()
    held = asyncio.create_task(
        store.database.write(lambda _: asyncio.run_coroutine_threadsafe(gate.wait(), loop).result())
    )
    await asyncio.sleep(0)
    with pytest.raises(DeferredError):
        await store.journal.file(intake(ids))
    gate.set()
    assert await held is True
    await store.close()
    with pytest.raises(DeferredError):
        await store.journal.file(intake(ids))


async def test_a_write_that_fails_leaves_its_neighbours_alone(store: Store) -> None:
    def bad(_: object) -> None:
        raise LookupError("mine")

    outcomes = await asyncio.gather(
        store.sessions.failed("a", at=FixedClock().now()),
        store.database.write(bad),
        store.sessions.failed("b", at=FixedClock().now()),
        return_exceptions=True,
    )
    assert isinstance(outcomes[1], LookupError)
    for subject in ("a", "b"):
        assert len(await store.sessions.tries(subject, since=FixedClock().now())) == 1


async def test_below_the_reserve_inputs_are_deferred_and_acts_are_still_written(
    tmp_path: Path, keys: Keys, ids: SystemIds
) -> None:
    url = f"sqlite:///{tmp_path}/gateway.sqlite3"
    await asyncio.to_thread(lay, url)
    limits = Limits(reserve_bytes=1 << 60)
    judge = PlainJudge(keys, ids)
    store = open_store(url, keys=keys, judge=judge, clock=FixedClock(), limits=limits)
    sent = intake(ids)
    with capture_logs() as logs:
        for _try in range(2):
            with pytest.raises(DeferredError) as caught:
                await store.journal.file(sent)
    assert caught.value.disk_full
    assert [one["event"] for one in logs] == ["store.reserve_touched"]
    assert store.database.is_full
    await store.sessions.failed("a", at=FixedClock().now())
    assert len(await store.sessions.tries("a", since=FixedClock().now())) == 1
    await store.close()


async def test_the_end_of_a_full_disk_is_told_with_the_count_of_what_was_deferred(
    store: Store, ids: SystemIds, monkeypatch: pytest.MonkeyPatch
) -> None:
    with capture_logs() as logs:
        with monkeypatch.context() as full:
            full.setattr(Reserve, "is_touched", lambda _self: True)
            with pytest.raises(DeferredError):
                await store.journal.file(intake(ids))
        for number in (1, 2):
            await store.journal.file(intake(ids, number))
    assert [(one["event"], one.get("count")) for one in logs] == [
        ("store.reserve_touched", None),
        ("store.reserve_free", 1),
    ]


async def test_two_processes_on_one_server_never_double_a_document(
    postgresql_url: str, keys: Keys, ids: SystemIds
) -> None:
    await asyncio.to_thread(lay, postgresql_url)
    stores = [
        open_store(postgresql_url, keys=keys, judge=PlainJudge(keys, ids), clock=FixedClock())
        for _ in range(2)
    ]
    work = [intake(ids, number, serial=number % 3) for number in range(60)]
    answers = await asyncio.gather(
        *(
            store.journal.file(structs.replace(one, receipt=ids.identifier()))
            for one in work
            for store in stores
        )
    )
    assert len({answer.receipt for answer in answers}) == len(work)
    assert sum(answer.copy for answer in answers) == len(work)
    assert len(await stores[0].traces.leaves()) == len(work)
    assert (await stores[1].log_reader.stretch(since=1, limit=999)).altered == ()
    for store in stores:
        await store.close()
